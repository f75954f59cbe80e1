/** A text editor: CodeMirror with line numbers, search and undo. Ctrl-S saves. */

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { searchKeymap } from "@codemirror/search";
import { EditorState, Transaction } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef } from "react";
import classes from "./files.module.css";

interface Props {
  readonly name: string;
  /** What it shows: what it told last, unless somebody else has changed it. */
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
}

export function TextEditor({ name, text, onText, onSave }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef<EditorView>(undefined);
  const latest = useRef({ onText, onSave });
  latest.current = { onText, onSave };
  // biome-ignore lint/correctness/useExhaustiveDependencies: one editor for one opening of a file.
  useEffect(() => {
    const save = (): boolean => {
      latest.current.onSave();
      return true;
    };
    const view = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": `Text of ${name}` }),
          keymap.of([{ key: "Mod-s", run: save }, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
          EditorView.updateListener.of((update) => {
            const isTyped = update.transactions.every((each) => !each.annotation(Transaction.remote));
            if (update.docChanged && isTyped) latest.current.onText(update.state.doc.toString());
          }),
        ],
      }),
    });
    shown.current = view;
    view.focus();
    return () => {
      shown.current = undefined;
      view.destroy();
    };
  }, []);
  // Before anybody can type on: what is typed is never taken for what was there before.
  useLayoutEffect(() => {
    const view = shown.current;
    if (view === undefined || view.state.doc.eq(view.state.toText(text))) return;
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      annotations: Transaction.remote.of(true),
    });
  }, [text]);
  return <div ref={box} className={classes.editor} />;
}
