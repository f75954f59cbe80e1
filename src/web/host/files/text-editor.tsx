/** A text editor: CodeMirror with line numbers, search and undo. Ctrl-S saves. */

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import classes from "./files.module.css";

interface Props {
  readonly name: string;
  /** What it begins with. */
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
}

export function TextEditor({ name, text, onText, onSave }: Props) {
  const box = useRef<HTMLDivElement>(null);
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
            if (update.docChanged) latest.current.onText(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.focus();
    return () => view.destroy();
  }, []);
  return <div ref={box} className={classes.editor} />;
}
