/**
 * Where a network that is up can be reached by `hamlet exec`: a Unix-domain socket (on Windows a named pipe) that
 * only the same user can open. It is no TCP port, so no web page can reach it, whatever a browser is talked into.
 */

import { lstatSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { LocalError } from "../../net/index.ts";
import { fileProblem } from "../../os/index.ts";
import { makeFolder } from "../../store/index.ts";

/** The path of the control socket unless the command line gives one. */
export function defaultControlPath(environment: Readonly<Record<string, string | undefined>>): string {
  const { uid, username } = userInfo();
  if (process.platform === "win32") return `\\\\.\\pipe\\hamlet-${username}`;
  const runtime = environment.XDG_RUNTIME_DIR;
  return join(runtime ? join(runtime, "hamlet") : join(tmpdir(), `hamlet-${uid}`), "control.sock");
}

/**
 * Makes the folder of a control socket, and makes sure that nobody else could put another socket there, and that nothing
 * but a socket stands there.
 */
export function prepareControlPath(path: string): void {
  if (process.platform === "win32") return;
  if (Buffer.byteLength(path) > PATH_OCTETS_MAX) {
    throw new LocalError(
      "bad-control-path",
      `the path of a control socket has at most ${PATH_OCTETS_MAX} octets: ${path}`,
    );
  }
  const folder = dirname(path);
  try {
    makeFolder(folder);
  } catch (error) {
    const text = `the folder ${folder} of the control socket cannot be made: ${fileProblem(error)}`;
    throw new LocalError("bad-control-path", text, { cause: error });
  }
  const { uid, mode } = lstatSync(folder);
  // A folder for all (such as /tmp) is as good when it is sticky: there nobody replaces what is ours.
  const isPrivate = uid === userInfo().uid && (mode & 0o022) === 0;
  if (!isPrivate && (mode & 0o1000) === 0) {
    throw new LocalError(
      "bad-control-path",
      `${folder} belongs to others or can be written by others: use --control FILE`,
    );
  }
  // An old socket is taken away; a file of the person's is not.
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false) {
    throw new LocalError("bad-control-path", `${path} is there already, and is no socket`);
  }
}

/** sockaddr_un has 108 octets on Linux and 104 elsewhere, one of them the final zero. */
const PATH_OCTETS_MAX = 103;
