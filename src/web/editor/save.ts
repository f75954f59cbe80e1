/**
 * Saving the network file: in its place on the engine's machine, where it was read from a file there (`hamlet up FILE`),
 * else as a download. What somebody else has changed on the disk meanwhile is not overwritten unasked (save-dialog.tsx).
 */

import { notifications } from "@mantine/notifications";
import { tellProblem } from "../app/act.ts";
import type { View } from "../app/route.ts";
import { type EngineClient, EngineError } from "../engine/client.ts";
import { Store } from "../engine/store.ts";
import { saveFile } from "../panels/parts/octets.ts";
import { type Draft, draft } from "./draft.ts";

export interface Unsaved {
  readonly file: NetworkText;
  /** Why it was not saved. */
  readonly reason: string;
}

type NetworkText = Omit<Draft, "changed">;

/** What waits for an answer: overwrite, download, or neither. */
export const unsaved = new Store<Unsaved | undefined>(undefined);

/** In the editor what is edited; elsewhere the file as it runs, with what was changed by hand. */
export async function saveShown(engine: EngineClient, view: View): Promise<void> {
  const edited = view === "editor" ? draft.get() : undefined;
  try {
    await save(engine, edited ?? (await engine.request("network.text", {})));
  } catch (error) {
    tellProblem(error);
  }
}

/** Saves it or downloads it, or asks what to do. */
export async function save(engine: EngineClient, file: NetworkText): Promise<void> {
  if (!savesInPlace(engine, file)) return download(file);
  try {
    await saveInPlace(engine, file, file.basis ?? null);
  } catch (error) {
    if (error instanceof EngineError && error.code === "file-changed") {
      unsaved.set({ file, reason: error.message });
    } else tellProblem(error);
  }
}

/** Over whatever stands there. */
export async function overwrite(engine: EngineClient, file: NetworkText): Promise<void> {
  await saveInPlace(engine, file, null).catch(tellProblem);
}

/** Not another file of that name, and not one that another engine had. */
export function savesInPlace(engine: EngineClient, { fileName, basis }: NetworkText): boolean {
  const connection = engine.connection.get();
  return basis !== undefined && connection.state === "open" && connection.savesTo === fileName;
}

export function download({ text, fileName }: NetworkText): void {
  saveFile(fileName.replace(/^.*[/\\]/, ""), new Blob([text], { type: "text/yaml" }));
}

async function saveInPlace(
  engine: EngineClient,
  { text, fileName }: NetworkText,
  over: string | null,
): Promise<void> {
  const { basis } = await engine.request("network.save", { text, basis: over });
  notifications.show({ message: `${fileName} is saved.`, autoClose: 3_000 });
  const open = draft.get();
  if (open?.fileName !== fileName || open.basis === undefined) return;
  // What was typed while it was saved, or is something else than what runs, stays; its basis is no longer there.
  if (open.text === text || !open.changed) draft.set({ text, fileName, basis, changed: false });
}
