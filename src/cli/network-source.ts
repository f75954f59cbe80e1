/** Finds and reads the network file that a command names. */

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Shipped } from "../engine/engine.ts";
import { didYouMean } from "../host/suggest.ts";
import { LocalError } from "../net/index.ts";
import { fileProblem } from "../os/index.ts";
import { type FileError, formatFileError, type NetworkFile, parseNetworkFile } from "../topology/index.ts";
import type { Terminal } from "./terminal.ts";

/** The network that `hamlet up` takes when it is told no other. */
export const DEFAULT_NETWORK = "town";

/** What is wrong with a network file, with each mistake's place. */
export class NetworkFileError extends LocalError {
  readonly errors: readonly FileError[];

  constructor(name: string, errors: readonly FileError[]) {
    const count = errors.length === 1 ? "a mistake" : `${errors.length} mistakes`;
    super("bad-network-file", `${name} has ${count}; nothing was started`);
    this.errors = errors;
  }

  /** For `--json`: one line. */
  json(): string {
    const errors = this.errors.map(({ fileName, ...rest }) => ({ file: fileName, ...rest }));
    return `${JSON.stringify({ errors })}\n`;
  }
}

/** A network file with what it says. */
export interface LoadedNetwork {
  readonly fileName: string;
  readonly text: string;
  readonly file: NetworkFile;
  /** Where it stands, when it is a file of the person's own. */
  readonly ownPath: string | undefined;
}

/** As `loadSource`, for who needs only what it says. */
export function loadNetwork(name: string, terminal: Terminal): NetworkFile {
  return loadSource(name, terminal).file;
}

/**
 * Reads `name`: a path, or the name of a network that Hamlet ships ("ketchup"). Every mistake in the file is printed
 * on a line of its own before NetworkFileError is thrown.
 */
export function loadSource(name: string, terminal: Terminal): LoadedNetwork {
  const path = findFile(name);
  const isShipped = path.startsWith(shippedFolder + sep);
  const fileName = isShipped ? basename(path) : path;
  const text = readText(path);
  const { file, errors } = parseNetworkFile(text, fileName);
  if (file !== undefined) {
    // Behind links, which stay; and what comes out of a pipe is in no file.
    const ownPath = isShipped || !statSync(path).isFile() ? undefined : realpathSync(path);
    return { fileName, text, file, ownPath };
  }
  for (const error of errors) terminal.printError(`${formatFileError(error)}\n`);
  throw new NetworkFileError(name, errors);
}

function findFile(name: string): string {
  if (isFile(name)) return name;
  if (statSync(name, { throwIfNoEntry: false })?.isDirectory()) {
    throw new LocalError("no-network-file", `${name} is a folder; a network is one file`);
  }
  if (statSync(name, { throwIfNoEntry: false }) !== undefined) {
    throw new LocalError("no-network-file", `${name} is a device or a socket; a network is a file of text`);
  }
  const shipped = join(shippedFolder, `${name}.yaml`);
  // A bare name only, so that no path of the user's is ever mistaken for one of ours.
  if (/^[a-z0-9-]+$/.test(name) && isFile(shipped)) return shipped;
  const names = shippedNetworks();
  const hint = didYouMean(name, names) || `; shipped are ${names.join(", ")}`;
  throw new LocalError("no-network-file", `there is no network file "${name}"${hint}`);
}

/** Names of the networks that come with Hamlet. */
function shippedNetworks(): string[] {
  return readdirSync(shippedFolder)
    .filter((entry) => entry.endsWith(".yaml"))
    .map((entry) => entry.slice(0, -".yaml".length))
    .sort();
}

/** What a console can open by its name: all networks and lessons that come with Hamlet. */
export function readShipped(): Shipped {
  return {
    networks: textsIn(shippedFolder, ".yaml"),
    lessons: textsIn(join(shippedFolder, "lessons"), ".md"),
  };
}

function textsIn(folder: string, ending: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder).filter((name) => name.endsWith(ending) && name !== "README.md");
  return new Map(
    names.sort().map((name) => [name.slice(0, -ending.length), readFileSync(join(folder, name), "utf8")]),
  );
}

function readText(path: string): string {
  const { size } = statSync(path);
  if (size > FILE_OCTETS_MAX) {
    throw new LocalError(
      "bad-network-file",
      `${path} has ${size} octets; a network file has ${FILE_OCTETS_MAX} at most`,
    );
  }
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new LocalError("no-network-file", `${path} cannot be read: ${fileProblem(error)}`, {
      cause: error,
    });
  }
}

/** A file, or a pipe that a shell makes of a command's output. */
function isFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true || found?.isFIFO() === true;
}

const shippedFolder = fileURLToPath(new URL("../../networks", import.meta.url));
/** A thousand hosts take some 200 KB. */
export const FILE_OCTETS_MAX = 16 * 1024 * 1024;
