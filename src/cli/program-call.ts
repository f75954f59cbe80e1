/** How the person at this terminal calls Hamlet, for commands to copy: "hamlet", "./hamlet", "../net/hamlet". */

import { realpathSync } from "node:fs";
import { delimiter, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { joinWords } from "../host/shell/index.ts";

/**
 * "hamlet" where the PATH of `environment` leads to this very program, else the shortest path from `folder` to it.
 * It is as it was called, or as good: `npm start`, which leaves no name, is told `./hamlet`.
 */
export function programCall(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string = process.cwd(),
): string {
  for (const entry of (environment.PATH ?? "").split(delimiter)) {
    // A relative entry would mean another program in another folder.
    const found = isAbsolute(entry) ? realPath(join(entry, NAME)) : undefined;
    if (found === realPath(PROGRAM) && found !== undefined) return NAME;
    if (found !== undefined) break;
  }
  const way = relative(folder, PROGRAM);
  const fromHere = way.startsWith("..") || isAbsolute(way) ? way : `.${sep}${way}`;
  return joinWords([fromHere.length <= PROGRAM.length ? fromHere : PROGRAM]);
}

/** A line of the help, "hamlet run ketchup", as it is typed here. */
export function asCalled(example: string, call: string): string {
  return example.startsWith(`${NAME} `) ? call + example.slice(NAME.length) : example;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

const NAME = "hamlet";
const PROGRAM = fileURLToPath(new URL(`../../${NAME}`, import.meta.url));
