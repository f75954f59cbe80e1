/** The console's look in Mantine's terms: system fonts, one accent, contrast of at least 4.5 in both schemes. */

import { type CSSVariablesResolver, createTheme } from "@mantine/core";
import { accent, dark, darkColors, lightColors } from "./colors.ts";
import classes from "./theme.module.css";

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
    Button: {
      defaultProps: { size: "xs" },
      vars: () => ({ root: { "--button-fz": CONTROL_LETTERS } }),
      classNames: { section: classes.buttonSection },
    },
    Input: { vars: () => ({ wrapper: { "--input-fz": CONTROL_LETTERS } }) },
    InputError: { defaultProps: { role: "alert" } },
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

export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: lightColors,
  dark: darkColors,
});

/** Between those of tables and of notes: Mantine's smallest controls have letters of 11 pixels. */
const CONTROL_LETTERS = "0.78125rem";
