/** The colours of the terminal in both schemes, readable on its ground. */

import type { ITheme } from "@xterm/xterm";

export function terminalTheme(scheme: "light" | "dark"): ITheme {
  const theme = scheme === "light" ? LIGHT : DARK;
  const { red, green, yellow, blue, magenta, cyan } = theme;
  // Bold text is as bright as the rest.
  return {
    ...theme,
    brightRed: red,
    brightGreen: green,
    brightYellow: yellow,
    brightBlue: blue,
    brightMagenta: magenta,
    brightCyan: cyan,
  } as ITheme;
}

const LIGHT: ITheme = {
  background: "#fbfbfc",
  foreground: "#1c2230",
  cursor: "#2f5bdd",
  selectionBackground: "#cfdcfd",
  black: "#1c2230",
  red: "#b42318",
  green: "#12703f",
  yellow: "#7a5200",
  blue: "#2649bb",
  magenta: "#8a2a86",
  cyan: "#0f6674",
  // What is said in passing.
  white: "#5a6375",
};

const DARK: ITheme = {
  background: "#14171d",
  foreground: "#dfe3ea",
  cursor: "#93b1fb",
  selectionBackground: "#2c3d70",
  black: "#14171d",
  red: "#ff8f87",
  green: "#6fd69b",
  yellow: "#e0b35c",
  blue: "#93b1fb",
  magenta: "#dba0dc",
  cyan: "#6fd6c6",
  white: "#a3acbc",
};
