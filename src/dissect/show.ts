/** How values are shown. */

/** How a number is shown, beyond its plain decimal value. */
export interface Show {
  readonly hex?: boolean;
  /** The value counts units of so many: 4 where a header counts words. */
  readonly times?: number;
  /** What a value means; undefined: nothing to add. */
  readonly note?: (value: number) => string | undefined;
}

/** One part of an octet (or two, or four): key, name, number of bits, how it is shown. */
export type BitField = readonly [key: string, name: string, bits: number, show?: Show];

export function hexOf(bytes: Uint8Array, separator: string): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += i === 0 ? HEX[bytes[i]] : separator + HEX[bytes[i]];
  return text;
}

/** "0x001c" */
export function hexNumber(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

export function formatNumber(value: number, digits: number, show: Show | undefined): string {
  return show?.hex === true ? hexNumber(value, digits) : String(value * (show?.times ?? 1));
}

/** The two digits of each octet: rows of the packet list are made by the thousand. */
const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));
