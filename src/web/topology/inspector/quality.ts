/** The quality of a link in the units of people. Pure. */

import type { LinkView, QualityView } from "../../../engine/protocol/index.ts";

export type QualityName = keyof QualityView;

export interface QualityField {
  readonly name: QualityName;
  readonly label: string;
  readonly unit: string;
  /** One of the unit in terms of the contract. */
  readonly factor: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly decimals: number;
}

export const QUALITY_FIELDS: readonly QualityField[] = [
  { name: "delayMs", label: "Delay", unit: "ms", factor: 1, minimum: 0, maximum: 3_600_000, decimals: 3 },
  { name: "jitterMs", label: "Jitter", unit: "ms", factor: 1, minimum: 0, maximum: 3_600_000, decimals: 3 },
  {
    name: "bandwidthBps",
    label: "Bandwidth",
    unit: "Mbit/s",
    factor: 1e6,
    minimum: 0.000001,
    maximum: 1e7,
    decimals: 6,
  },
  { name: "queuePackets", label: "Queue", unit: "packets", factor: 1, minimum: 1, maximum: 1e6, decimals: 0 },
  { name: "loss", label: "Loss", unit: "%", factor: 0.01, minimum: 0, maximum: 100, decimals: 4 },
  { name: "reorder", label: "Reordered", unit: "%", factor: 0.01, minimum: 0, maximum: 100, decimals: 4 },
  { name: "duplicate", label: "Duplicated", unit: "%", factor: 0.01, minimum: 0, maximum: 100, decimals: 4 },
  { name: "corrupt", label: "Corrupted", unit: "%", factor: 0.01, minimum: 0, maximum: 100, decimals: 4 },
];

/** In the field's unit; undefined where the two directions differ. */
export function shownValue(
  link: Pick<LinkView, "forth" | "back">,
  direction: "both" | "forth" | "back",
  { name, factor, decimals }: QualityField,
): number | undefined {
  const [forth, back] = [link.forth[name], link.back[name]];
  if (direction === "both" && forth !== back) return undefined;
  return Number(((direction === "back" ? back : forth) / factor).toFixed(decimals));
}

/** What was typed into it; undefined: no number. */
export function typedNumber(text: string): number | undefined {
  const typed = text.trim();
  return typed === "" || !Number.isFinite(Number(typed)) ? undefined : Number(typed);
}

/** What is wrong with what was typed, with what would be right; undefined: nothing. */
export function problemOf(text: string, field: QualityField): string | undefined {
  const shown = typedNumber(text);
  if (shown !== undefined && meantValue(shown, field) !== undefined) return undefined;
  const number = field.decimals === 0 ? "A whole number" : "A number";
  return `${number} from ${field.minimum} to ${field.maximum}`;
}

/** In terms of the contract; undefined: not a value of this field. */
export function meantValue(
  shown: number,
  { name, factor, minimum, maximum, decimals }: QualityField,
): number | undefined {
  if (!Number.isFinite(shown) || shown < minimum || shown > maximum) return undefined;
  if (decimals === 0 && !Number.isInteger(shown)) return undefined;
  const value = Number((shown * factor).toPrecision(12));
  return name === "queuePackets" || name === "bandwidthBps" ? Math.max(1, Math.round(value)) : value;
}

/** Usual lines, round figures. */
export const PRESETS: readonly { readonly name: string; readonly quality: Partial<QualityView> }[] = [
  { name: "Cable in a house", quality: line(0.05, 0, 1e9, 0) },
  { name: "DSL", quality: line(12, 2, 50e6, 0) },
  { name: "Mobile phone", quality: line(45, 20, 20e6, 0.005) },
  { name: "Across an ocean", quality: line(70, 0, 1e9, 0) },
  { name: "Geostationary satellite", quality: line(270, 5, 20e6, 0.001) },
  { name: "Modem of 1998", quality: line(90, 5, 56e3, 0) },
  { name: "Bad radio", quality: line(20, 30, 5e6, 0.1) },
];

function line(delayMs: number, jitterMs: number, bandwidthBps: number, loss: number): Partial<QualityView> {
  return { delayMs, jitterMs, bandwidthBps, loss };
}
