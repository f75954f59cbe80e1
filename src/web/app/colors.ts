/**
 * The colours of the page in both schemes. Whatever is a colour of text has a contrast of at least 4.5 on every ground that
 * it may stand on: colors.test.ts.
 */

export const accent = [
  "#eef3ff",
  "#dbe5fe",
  "#bdd0fd",
  "#93b1fb",
  "#6a90f7",
  "#4470ee",
  "#2f5bdd",
  "#2649bb",
  "#223f98",
  "#1f3678",
] as const;

/** Mantine's own greys by night are brownish beside ours. */
export const dark = [
  "#dfe3ea",
  "#c3cad6",
  "#9aa3b4",
  "#717b8f",
  "#2f3643",
  "#2a303b",
  "#262b35",
  "#1d2129",
  "#191d24",
  "#14171d",
] as const;

/** Mantine's dimmed grey and placeholder are too pale on white, its light variants on their own tint. */
export const lightColors = {
  "--mantine-color-body": "#ffffff",
  "--mantine-color-text": "#1c2230",
  "--mantine-color-dimmed": "#5a6375",
  "--mantine-color-placeholder": "#626a7b",
  "--mantine-color-gray-light-color": "#3d4556",
  "--mantine-color-gray-text": "#4a5263",
  "--mantine-color-accent-light-color": accent[7],
  "--mantine-color-accent-text": accent[7],
  "--mantine-color-anchor": accent[7],
  "--mantine-color-red-6": "#c92a2a",
  "--mantine-color-red-text": "#b42318",
  "--mantine-color-red-light-color": "#a61b11",
  "--mantine-color-red-filled": "#c92a2a",
  "--mantine-color-error": "#c0261b",
  "--mantine-color-green-text": "#12703f",
  "--mantine-color-green-light-color": "#0f6237",
  "--mantine-color-yellow-light-color": "#7a4d00",
  "--mantine-color-orange-light-color": "#8f3d00",
  "--hamlet-surface": "#f6f7f9",
  "--hamlet-raised": "#ffffff",
  "--hamlet-line": "#dfe3ea",
  "--hamlet-line-strong": "#c3cad6",
  "--hamlet-good": "#137540",
  "--hamlet-warn": "#8c5400",
  "--hamlet-bad": "#c92a2a",
  "--hamlet-selected": "#e3ecff",
};

export const darkColors = {
  "--mantine-color-body": "#14171d",
  "--mantine-color-text": "#dfe3ea",
  "--mantine-color-dimmed": "#9aa3b4",
  "--mantine-color-placeholder": "#949dae",
  "--mantine-color-default": "#1d2129",
  "--mantine-color-default-hover": "#262b35",
  "--mantine-color-default-border": "#3a4150",
  "--mantine-color-gray-light-color": "#c3cad6",
  "--mantine-color-gray-text": "#c3cad6",
  "--mantine-color-accent-light-color": accent[2],
  "--mantine-color-accent-text": accent[3],
  "--mantine-color-anchor": accent[3],
  "--mantine-color-red-6": "#ff8f87",
  "--mantine-color-red-text": "#ff8f87",
  "--mantine-color-red-filled": "#c92a2a",
  "--mantine-color-red-filled-hover": "#b02525",
  "--mantine-color-red-light-color": "#ffa8a1",
  "--mantine-color-error": "#ff8f87",
  "--mantine-color-green-text": "#6fd69b",
  "--hamlet-surface": "#191d24",
  "--hamlet-raised": "#1d2129",
  "--hamlet-line": "#2a303b",
  "--hamlet-line-strong": "#3d4554",
  "--hamlet-good": "#4cc38a",
  "--hamlet-warn": "#e0a33c",
  "--hamlet-bad": "#f2756b",
  "--hamlet-selected": "#22305a",
};
