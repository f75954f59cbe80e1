/** What the checks of meaning share: the file's tree for positions, the list of mistakes, the names that exist. */

import type { Command } from "../../host/shell/command.ts";
import { didYouMean } from "../../host/suggest.ts";
import type { ServiceDefinition } from "../../services/service.ts";
import type { FileError, HostSpec } from "../network-file.ts";
import { findNode, nodeAt, type Path, type SourceNode } from "../source.ts";

export class Reading {
  readonly errors: FileError[] = [];
  readonly fileName: string;
  readonly commands: readonly Command[];
  readonly services: ReadonlyMap<string, ServiceDefinition>;
  readonly #root: SourceNode;
  readonly #damaged: Set<SourceNode>;

  constructor(
    fileName: string,
    root: SourceNode,
    damaged: ReadonlySet<SourceNode>,
    commands: readonly Command[],
    services: ReadonlyMap<string, ServiceDefinition>,
  ) {
    this.fileName = fileName;
    this.commands = commands;
    this.services = services;
    this.#root = root;
    this.#damaged = new Set(damaged);
  }

  /** Says what is wrong with the value at `path`. */
  report(path: Path, message: string): void {
    const { line, column } = nodeAt(this.#root, path);
    this.#add(path, line, column, message);
  }

  /** Says that the value at `path` names something that does not exist. */
  reportUnknown(path: Path, what: string, found: string, known: readonly string[]): void {
    const hint = didYouMean(found, known);
    const list = hint === "" && known.length <= LISTED_MAX ? `; there is: ${known.join(", ") || "none"}` : "";
    this.report(path, `unknown ${what} "${found}"${hint}${list}`);
  }

  /** Where the key (not the value) of a map's member stands. */
  reportKey(path: Path, message: string): void {
    const map = nodeAt(this.#root, path.slice(0, -1));
    const entry = map.kind === "map" ? map.entries.find((member) => member.key === path.at(-1)) : undefined;
    const { line, column } = entry ?? map;
    this.#add(path, line, column, message);
  }

  /** Whether something wrong was found in the value at `path`: then less can be said of it. */
  isDamaged(path: Path): boolean {
    const node = findNode(this.#root, path);
    return node !== undefined && this.#damaged.has(node);
  }

  line(path: Path): number {
    return nodeAt(this.#root, path).line;
  }

  #add(path: Path, line: number, column: number, message: string): void {
    this.errors.push({ fileName: this.fileName, line, column, message });
    for (let length = 0; length <= path.length; length++) {
      this.#damaged.add(nodeAt(this.#root, path.slice(0, length)));
    }
  }
}

/** A host with where its parts stand in the file. */
export interface ReadHost {
  readonly spec: HostSpec;
  readonly path: Path;
  /** Where each of an interface's addresses stands. */
  readonly addressPaths: ReadonlyMap<string, readonly Path[]>;
}

/** Names that a message lists; of more it lists none. */
const LISTED_MAX = 12;
