/** CodeMirror for network files: YAML, what is wrong with it, completion and help from the engine. */

import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  defaultHighlightStyle,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, linter, lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
  ViewPlugin,
} from "@codemirror/view";
import type { FileError } from "../../engine/protocol/index.ts";
import type { EngineClient } from "../engine/client.ts";
import { editorTheme, readableInDark } from "./editor-theme.ts";

interface Options {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly dark: boolean;
  readonly engine: EngineClient;
  readonly onText: (text: string) => void;
  readonly onErrors: (errors: readonly FileError[]) => void;
  readonly onRun: () => void;
}

export function createEditor(options: Options): EditorView {
  const { parent, text, dark, engine, onText, onErrors, onRun } = options;
  const extensions: Extension[] = [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    yaml(),
    syntaxHighlighting(dark ? darkHighlight : defaultHighlightStyle),
    autocompletion({ override: [(context) => complete(engine, context)] }),
    linter((view) => check(engine, view.state, onErrors), { delay: CHECK_AFTER_MS }),
    hoverTooltip((view, at) => help(engine, view.state, at)),
    keymap.of([
      { key: "Mod-Enter", run: runs(onRun) },
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onText(update.state.doc.toString());
    }),
    keepCursorInSight,
    EditorView.contentAttributes.of({ "aria-label": "Network file", tabindex: "0" }),
    EditorState.tabSize.of(2),
    editorTheme(dark),
  ];
  return new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
}

/** The list of errors takes room below: the line that is typed stays in sight. */
const keepCursorInSight = ViewPlugin.define((view) => {
  let height = view.dom.clientHeight;
  const observer = new ResizeObserver(() => {
    const before = height;
    height = view.dom.clientHeight;
    if (height < before && view.hasFocus)
      view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head) });
  });
  observer.observe(view.dom);
  return { destroy: () => observer.disconnect() };
});

/** The key was for us: CodeMirror does nothing more with it. */
function runs(onRun: () => void): () => boolean {
  return () => {
    onRun();
    return true;
  };
}

/** Shows a mistake: the cursor goes to where it is. */
export function goToError(view: EditorView, { line, column }: FileError): void {
  const at = positionOf(view.state.doc, line, column);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}

async function check(
  engine: EngineClient,
  { doc }: EditorState,
  onErrors: Options["onErrors"],
): Promise<readonly Diagnostic[]> {
  const errors = await engine.request("network.check", { text: doc.toString() }).catch(() => []);
  onErrors(errors);
  return errors.map(({ line, column, message }) => {
    const from = positionOf(doc, line, column);
    const word = /^[^\s:,\]}]+/.exec(doc.sliceString(from, doc.lineAt(from).to))?.[0].length ?? 0;
    return { from, to: from + word, severity: "error" as const, message };
  });
}

/** Lines and columns of errors count from 1; a file may have changed since. */
function positionOf(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(from + Math.max(0, column - 1), to);
}

async function complete(engine: EngineClient, context: CompletionContext): Promise<CompletionResult | null> {
  const { doc } = context.state;
  const line = doc.lineAt(context.pos);
  const column = context.pos - line.from;
  if (!context.explicit && !/[\w.]$/.test(line.text.slice(0, column))) return null;
  const place = { line: line.number - 1, column };
  const found = await engine
    .request("network.complete", { text: doc.toString(), ...place })
    .catch(() => undefined);
  if (found === undefined || found.options.length === 0) return null;
  return {
    from: line.from + found.from,
    to: Math.min(line.from + found.to, line.to),
    options: found.options.map(({ label, detail, text }) => ({ label, info: detail, apply: text })),
    validFor: /^[\w.-]*$/,
  };
}

async function help(engine: EngineClient, { doc }: EditorState, at: number): Promise<Tooltip | null> {
  const line = doc.lineAt(at);
  const { text } = await engine
    .request("network.hover", { text: doc.toString(), line: line.number - 1, column: at - line.from })
    .catch(() => ({ text: undefined }));
  if (text === undefined) return null;
  return {
    pos: at,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-help";
      dom.textContent = text;
      return { dom };
    },
  };
}

const darkHighlight = HighlightStyle.define(defaultHighlightStyle.specs.map(readableInDark), {
  themeType: "dark",
});
const CHECK_AFTER_MS = 400;
