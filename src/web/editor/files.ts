/** Files from the disk. */

import { tellProblem } from "../app/act.ts";
import { draft } from "./draft.ts";

/** By the button, or dropped onto the editor. */
export async function openFile(file: File): Promise<void> {
  if (file.size > MAX_FILE_OCTETS) {
    tellProblem(
      `${file.name} has ${file.size.toLocaleString("en")} octets; a network file has at most ${MAX_FILE_OCTETS.toLocaleString("en")}.`,
    );
    return;
  }
  draft.set({ fileName: file.name, text: await file.text(), changed: true });
}

/** Far more than any network that a machine could run. */
const MAX_FILE_OCTETS = 4_000_000;
