/** The console's look in Mantine's terms: system fonts, one accent, contrast of at least 4.5 in both schemes. */

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const accent: MantineColorsTuple = [
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
];

/** Mantine's own greys by night are brownish beside ours. */
const dark: MantineColorsTuple = [
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
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 6 },
  autoContrast: true,
  colors: { accent, dark },
  fontFamily:
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, 'Roboto Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: "0.6875rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: "md" } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true, fz: "xs" } },
    TextInput: { defaultProps: { size: "xs" } },
    NumberInput: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs" } },
    Switch: { defaultProps: { size: "xs" } },
    // Its placeholder for the first focus is a child that a menu must not have.
    Menu: { defaultProps: { shadow: "md", withInitialFocusPlaceholder: false } },
    Notification: {
      defaultProps: { closeButtonProps: { "aria-label": "Close" } },
      styles: { description: { color: "var(--mantine-color-dimmed)" } },
    },
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { "aria-label": "Close" },
        // A dialog's header is not the banner of the page.
        attributes: { header: { role: "none" } },
      },
    },
    // Below a landmark of their own (index.html), so that screen readers find them.
    Portal: { defaultProps: { target: "#overlays" } },
  },
});

/** Mantine's dimmed grey and placeholder are too pale on white, its light variants on their own tint. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#1c2230",
    "--mantine-color-dimmed": "#5a6375",
    "--mantine-color-placeholder": "#6b7385",
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
    "--hamlet-good": "#178a4c",
    "--hamlet-warn": "#b06a00",
    "--hamlet-bad": "#c92a2a",
    "--hamlet-selected": "#e3ecff",
  },
  dark: {
    "--mantine-color-body": "#14171d",
    "--mantine-color-text": "#dfe3ea",
    "--mantine-color-dimmed": "#9aa3b4",
    "--mantine-color-placeholder": "#8790a1",
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
  },
});
