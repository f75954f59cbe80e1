/** Values as a person would write them into a network file: `{ delay: 10 ms }`, `[10.0.0.1/24, "2001:db8::1/64"]`. */

import { parse } from "yaml";
import type { LinkQuality } from "../network-file.ts";

/** In one line. */
export function renderFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderFlow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, member]) =>
      `${renderKey(key)}: ${renderFlow(member)}`.trimEnd(),
    );
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? renderText(value) : String(value);
}

/** Behind a key with that indentation: the first levels line by line, the others in one line each. */
export function renderBlock(value: unknown, indent: number, levels: number): string {
  const isEmpty = typeof value !== "object" || value === null || Object.keys(value).length === 0;
  if (levels === 0 || isEmpty) return ` ${renderFlow(value)}`.trimEnd();
  const lead = `\n${" ".repeat(indent + 2)}`;
  if (Array.isArray(value)) return value.map((item) => `${lead}- ${renderFlow(item)}`).join("");
  return Object.entries(value)
    .map(([key, member]) => `${lead}${renderKey(key)}:${renderBlock(member, indent + 2, levels - 1)}`)
    .join("");
}

export function renderKey(key: string): string {
  return PLAIN.test(key) ? key : JSON.stringify(key);
}

/** What the file says of a link's quality, key by key. */
export function renderQuality(quality: LinkQuality): Record<string, string | number> {
  const { delayMs, jitterMs, bandwidthBps, queuePackets, loss, burstPackets, reorder, reorderMs } = quality;
  const { duplicate, corrupt } = quality;
  const entries: [string, string | number | undefined][] = [
    ["delay", render(delayMs, renderDuration)],
    ["jitter", render(jitterMs, renderDuration)],
    ["bandwidth", render(bandwidthBps, renderBandwidth)],
    ["queue", queuePackets],
    ["loss", render(loss, renderPercentage)],
    ["burst", burstPackets],
    ["reorder", render(reorder, renderPercentage)],
    ["reorderBy", render(reorderMs, renderDuration)],
    ["duplicate", render(duplicate, renderPercentage)],
    ["corrupt", render(corrupt, renderPercentage)],
  ];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}

function render(value: number | undefined, how: (value: number) => string): string | undefined {
  return value === undefined ? undefined : how(value);
}

function renderDuration(ms: number): string {
  if (ms > 0 && ms < 1e-3) return `${decimal(ms * 1e6)} ns`;
  return ms >= 1000 && ms % 1000 === 0 ? `${decimal(ms / 1000)} s` : `${decimal(ms)} ms`;
}

function renderBandwidth(bps: number): string {
  if (bps >= 1e9) return `${decimal(bps / 1e9)} Gbit/s`;
  if (bps >= 1e6) return `${decimal(bps / 1e6)} Mbit/s`;
  return bps >= 1e3 ? `${decimal(bps / 1e3)} kbit/s` : `${decimal(bps)} bit/s`;
}

function renderPercentage(probability: number): string {
  return `${decimal(probability * 100)} %`;
}

/** As many digits as the file takes, and no more than are needed. */
function decimal(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, "");
}

/** Plain where YAML reads it as this very text, else in quotes; an IPv6 address always, for it stands in brackets. */
function renderText(text: string): string {
  return PLAIN.test(text) && parse(text) === text ? text : JSON.stringify(text);
}

const PLAIN = /^[A-Za-z0-9_./]([A-Za-z0-9_./@%+ -]*[A-Za-z0-9_./%])?$/;
