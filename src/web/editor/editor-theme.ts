/** The editor in the colours of the page. */

import type { TagStyle } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

export function editorTheme(dark: boolean): Extension {
  return EditorView.theme(
    {
      "&": { flex: "1 1 0", minHeight: "0", fontSize: "13px", backgroundColor: "transparent" },
      "&.cm-focused": { outline: "none" },
      ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.55" },
      ".cm-content": { caretColor: "var(--mantine-color-text)", padding: "8px 0" },
      ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
      ".cm-gutters": {
        backgroundColor: "var(--hamlet-surface)",
        color: "var(--mantine-color-dimmed)",
        borderRight: "1px solid var(--hamlet-line)",
      },
      ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: dark ? "#ffffff0a" : "#1c223008" },
      "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
        backgroundColor: "var(--hamlet-selected)",
      },
      ".cm-tooltip": {
        backgroundColor: "var(--hamlet-raised)",
        color: "var(--mantine-color-text)",
        border: "1px solid var(--hamlet-line-strong)",
        borderRadius: "6px",
        overflow: "hidden",
      },
      ".cm-help": { padding: "6px 10px", maxWidth: "420px", whiteSpace: "pre-wrap", fontSize: "12.5px" },
      ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
        backgroundColor: "var(--mantine-primary-color-filled)",
        color: "#fff",
      },
      ".cm-panels": { backgroundColor: "var(--hamlet-surface)", color: "var(--mantine-color-text)" },
    },
    { dark },
  );
}

/** CodeMirror's own style is made for white paper; these are its colours by night. */
export function readableInDark(style: TagStyle): TagStyle {
  const color = typeof style.color === "string" ? BY_NIGHT[style.color] : undefined;
  return style.color === undefined ? style : { ...style, color: color ?? "inherit" };
}

const BY_NIGHT: Readonly<Record<string, string>> = {
  "#404740": "#9aa3b4",
  "#708": "#d79bf0",
  "#219": "#b9a3f5",
  "#164": "#6fd69b",
  "#a11": "#f2a3a3",
  "#e40": "#ffb38a",
  "#00f": "#8fb4ff",
  "#30a": "#a9b8ff",
  "#085": "#5fd0c8",
  "#167": "#67c9e4",
  "#256": "#7db8f5",
  "#00c": "#8fb4ff",
  "#940": "#d8a860",
  "#f00": "#ff8f87",
};
