/** What keeps the operating system from doing something with a file, in the words of people. */

import { messageOf } from "../net/index.ts";

/** "it is a folder" for EISDIR; what has no words here keeps those of the system. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return PROBLEMS.get(code) ?? messageOf(error);
}

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EROFS", "nothing can be written on that disk"],
  ["ENOENT", "no such file or folder"],
  ["ENOTDIR", "a part of the path is no folder"],
  ["EISDIR", "it is a folder"],
  ["EEXIST", "something else has that name"],
  ["ENAMETOOLONG", "the name is too long"],
  ["ELOOP", "its links lead in a circle"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk space of this user is used up"],
  ["EFBIG", "the file would become too large"],
  ["EIO", "the disk does not work"],
  ["EMFILE", "too many files are open"],
  ["ENFILE", "too many files are open"],
  ["ETXTBSY", "it is a program that runs"],
  ["ENXIO", "nobody is at the other end"],
]);
