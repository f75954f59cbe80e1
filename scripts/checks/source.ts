/** The project's own source files as syntax trees with types, for the checks beside this file. */

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import { API, type Checker } from "typescript/unstable/sync";

/** The root of the clone. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A place where the code breaks a rule of the house. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly problem: string;
}

export interface Source {
  /** From the project's root, with slashes: "src/net/task.ts". */
  readonly name: string;
  readonly tree: SourceFile;
}

/** The files of one tsconfig.json that are looked at: those under `folders`, but not those under `without`. */
export interface Selection {
  readonly config: string;
  readonly folders: readonly string[];
  readonly without?: string;
}

/** Opens the selected TypeScript files of the project at `base`, with the type checker. */
export function withSources<T>(
  base: string,
  selection: Selection,
  use: (sources: readonly Source[], checker: Checker) => T,
): T {
  const api = new API({ cwd: base });
  try {
    const config = join(base, selection.config);
    const project = api.updateSnapshot({ openProject: config }).getProject(config);
    if (project === undefined) throw new Error(`${config} is no project`);
    const isExcluded = (path: string): boolean =>
      selection.without !== undefined && path.startsWith(join(base, selection.without) + sep);
    const names = selection.folders
      .flatMap((folder) => filesUnder(join(base, folder)))
      .filter((path) => !isExcluded(path));
    const sources = names.map((path) => {
      const tree = project.program.getSourceFile(path);
      if (tree === undefined) throw new Error(`${path} is not part of the project`);
      return { name: relative(base, path).split(sep).join("/"), tree };
    });
    return use(sources, project.checker);
  } finally {
    api.close();
  }
}

/** Calls `visit` for every node below `node`. */
export function walk(node: Node, visit: (node: Node) => void): void {
  node.forEachChild((child) => {
    visit(child);
    walk(child, visit);
  });
}

export function lineOf(source: Source, node: Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1;
}

export function lastLineOf(source: Source, node: Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
}

export function isTest(source: Source): boolean {
  return /\.test\.tsx?$|\/testing\/|^test\//.test(source.name);
}

export { SyntaxKind };

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
