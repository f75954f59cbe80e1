/** Every colour of text on every ground: what axe-core would find only in the state of the page in which both meet. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { darkColors, lightColors } from "./colors.ts";
import { OTHER, PROTOCOL_COLORS } from "./protocol-colors.ts";

const schemes = { light: lightColors, dark: darkColors } as const;
type Scheme = keyof typeof schemes;

test("text can be read on every ground, by day and by night", () => {
  for (const scheme of ["light", "dark"] as const) {
    const colors = schemes[scheme] as Readonly<Record<string, string>>;
    for (const text of TEXTS) {
      for (const ground of [...groundsOf(scheme)]) assertReadable(`${scheme}: ${text}`, colors[text], ground);
    }
  }
});

test("the name of each protocol can be read in each row of the list", () => {
  const table = readFileSync(new URL("../packets/list/packet-table.module.css", import.meta.url), "utf8");
  const marked = [...table.matchAll(/background: light-dark\((#\w+), (#\w+)\)/g)];
  assert.ok(marked.length >= 3);
  for (const scheme of ["light", "dark"] as const) {
    const { "--mantine-color-body": body, "--hamlet-selected": selected } = schemes[scheme];
    const rows = marked.slice(0, 3).map(([, light, dark]) => (scheme === "light" ? light : dark));
    for (const [name, color] of Object.entries({ ...PROTOCOL_COLORS, OTHER })) {
      // As the rows are tinted, at rest and under the pointer.
      const tints = [0.05, 0.12].map((part) => mixed(color[scheme], body, part));
      for (const ground of [body, selected, ...tints, ...rows]) {
        assertReadable(`${scheme}: ${name}`, color[scheme], ground);
      }
    }
  }
});

function groundsOf(scheme: Scheme): string[] {
  const colors = schemes[scheme];
  const grounds = [colors["--mantine-color-body"], colors["--hamlet-surface"], colors["--hamlet-raised"]];
  return [...grounds, colors["--hamlet-selected"]];
}

function assertReadable(what: string, text: string, ground: string): void {
  const [pale, deep] = [luminance(text), luminance(ground)].sort((a, b) => b - a);
  const contrast = (pale + 0.05) / (deep + 0.05);
  assert.ok(contrast >= 4.5, `${what}, ${text} on ${ground}: ${contrast.toFixed(2)}`);
}

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red, green, blue] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mixed(color: string, ground: string, part: number): string {
  const under = channels(ground);
  const values = channels(color).map((value, at) => Math.round(value * part + under[at] * (1 - part)));
  return `#${values.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function channels(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

const TEXTS = [
  ...["--mantine-color-text", "--mantine-color-dimmed", "--mantine-color-placeholder"],
  ...["--mantine-color-accent-text", "--mantine-color-anchor", "--mantine-color-gray-text"],
  ...["--mantine-color-red-text", "--mantine-color-error", "--mantine-color-green-text"],
  ...["--hamlet-good", "--hamlet-warn", "--hamlet-bad"],
];
