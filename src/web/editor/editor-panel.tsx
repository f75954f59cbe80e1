/** The editor of the network file: open, edit, run, save, share. Loaded when it is first opened. */

import type { EditorView } from "@codemirror/view";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { FileError } from "../../engine/protocol/index.ts";
import { tellProblem } from "../app/act.ts";
import { useNavigation } from "../app/route-store.ts";
import { useEngine, useEpoch, useStore } from "../engine/hooks.ts";
import { createEditor, goToError } from "./code-mirror.ts";
import { type Draft, draft } from "./draft.ts";
import classes from "./editor.module.css";
import { EditorTools } from "./editor-tools.tsx";
import { ErrorList } from "./error-list.tsx";
import { openFile } from "./files.ts";

export default function EditorPanel() {
  const current = useStore(draft);
  const [errors, setErrors] = useState<readonly FileError[]>([]);
  const [view, setView] = useState<EditorView>();
  const run = useRun(setErrors);
  const reload = useReload();
  const epoch = useEpoch();
  useEffect(() => {
    if (epoch !== undefined && draft.get() === undefined) reload();
  }, [epoch, reload]);
  return (
    <section
      className={classes.panel}
      aria-label="Editor of the network file"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const file = event.dataTransfer.files[0];
        if (file !== undefined) openFile(file);
      }}
    >
      <EditorTools onRun={run} onReload={reload} />
      {current !== undefined && <Code onView={setView} onErrors={setErrors} onRun={run} />}
      <ErrorList errors={errors} onChoose={(error) => view !== undefined && goToError(view, error)} />
    </section>
  );
}

interface CodeProps {
  readonly onView: (view: EditorView | undefined) => void;
  readonly onErrors: (errors: readonly FileError[]) => void;
  readonly onRun: () => void;
}

function Code({ onView, onErrors, onRun }: CodeProps) {
  const box = useRef<HTMLDivElement>(null);
  const engine = useEngine();
  const dark = useComputedColorScheme("light") === "dark";
  const latestRun = useRef(onRun);
  latestRun.current = onRun;
  useEffect(() => {
    const view = createEditor({
      parent: box.current!,
      text: draft.get()?.text ?? "",
      dark,
      engine,
      onText: (text) => draft.set({ ...draft.get()!, text, changed: true }),
      onErrors,
      onRun: () => latestRun.current(),
    });
    onView(view);
    // Another file was opened: not what was typed here.
    const stop = draft.subscribe(() => {
      const text = draft.get()?.text;
      if (text === undefined || text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      draft.set({ ...draft.get()!, changed: false });
    });
    return () => {
      stop();
      view.destroy();
      onView(undefined);
    };
  }, [engine, dark, onView, onErrors]);
  return <div ref={box} className={classes.code} />;
}

/** What runs now, with what was changed by hand. */
function useReload(): () => void {
  const engine = useEngine();
  const [reload] = useState(() => () => {
    engine.request("network.text", {}).then((file) => draft.set({ ...file, changed: false }), tellProblem);
  });
  return reload;
}

function useRun(onErrors: (errors: readonly FileError[]) => void): () => Promise<void> {
  const engine = useEngine();
  const { openNetwork } = useNavigation();
  return async () => {
    const { changed, ...file } = draft.get() as Draft;
    try {
      const answer = await engine.request("network.open", { source: file });
      if (!answer.opened) return onErrors(answer.errors);
      draft.set({ ...file, changed: changed && file.basis !== undefined });
      openNetwork(undefined);
    } catch (error) {
      tellProblem(error);
    }
  };
}
