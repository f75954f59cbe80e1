/** Files of the host, whole: a mail is one piece. */

import { LocalError } from "../../net/index.ts";
import type { Shell } from "./command.ts";

/** The octets of a file with at most `max` of them. `what` is how the message calls it: "--attach". */
export function readWholeFile(shell: Shell, path: string, what: string, max: number): Uint8Array {
  const name = path.slice(path.lastIndexOf("/") + 1);
  // Below the working folder as it stands; elsewhere from the file's own folder.
  const isBelow = !path.startsWith("/") && !path.split("/").includes("..");
  const folder = isBelow ? "." : path.slice(0, path.length - name.length);
  const file = shell.files?.openFolder(folder).open(isBelow ? path.split("/") : [name]);
  if (file === undefined) throw new LocalError("no-file", `${what}: there is no file ${path}`);
  try {
    if (file.size > max) throw new LocalError("too-large", `${what}: more than ${max} octets of files`);
    return file.read(0, file.size);
  } finally {
    file.close();
  }
}
