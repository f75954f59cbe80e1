/** The import table of ARCHITECTURE.md: which folder may import which, and who may touch the platform. */

import { posix } from "node:path";
import { type Node, SyntaxKind } from "typescript/unstable/ast";
import { type Finding, isTest, lineOf, type Source, walk } from "./source.ts";

/** What the files of a folder may import, as prefixes of paths below src/; a package's name stands for itself. */
interface Room {
  readonly folder: string;
  readonly mayImport: readonly string[];
  /** Whether `node:*`, Date, Math.random, promises and console are allowed. */
  readonly platform: boolean;
}

/** What the page is built of, beside the packages whose names begin with a scope. */
const webPackages = [
  "react",
  "react-dom",
  "uplot",
  "dompurify",
  "postal-mime",
  "react-markdown",
  "remark-gfm",
  "vite",
];

/** What a host is made of. */
const belowHosts = ["net", "bytes", "services", "protocols", "store", "sim"];

/** The first entry whose folder holds the file counts. `SELF` is the protocol's own folder. */
const SELF = "(its own protocol)";
const rooms: readonly Room[] = [
  { folder: "net", mayImport: ["net"], platform: false },
  { folder: "bytes", mayImport: ["bytes"], platform: false },
  // Named exceptions: mail protocols carry messages, and later ones will add theirs here.
  { folder: "protocols/smtp", mayImport: ["net", "bytes", SELF, "protocols/message"], platform: false },
  { folder: "protocols/pop3", mayImport: ["net", "bytes", SELF, "protocols/message"], platform: false },
  { folder: "protocols/imap", mayImport: ["net", "bytes", SELF, "protocols/message"], platform: false },
  { folder: "protocols", mayImport: ["net", "bytes", SELF], platform: false },
  { folder: "sim", mayImport: ["net", "bytes", "sim"], platform: false },
  {
    folder: "store/sqlite",
    mayImport: ["net", "bytes", "protocols", "services", "store"],
    platform: true,
  },
  { folder: "store", mayImport: ["net", "bytes", "protocols", "services", "store"], platform: false },
  { folder: "services", mayImport: ["net", "bytes", "protocols", "services"], platform: false },
  {
    folder: "dissect",
    mayImport: ["net", "bytes", "protocols", "sim/wire", "sim/capture", "dissect"],
    platform: false,
  },
  { folder: "host", mayImport: [...belowHosts, "host"], platform: false },
  { folder: "topology", mayImport: [...belowHosts, "host", "topology", "dissect", "yaml"], platform: false },
  {
    folder: "engine",
    mayImport: [...belowHosts, "host", "topology", "dissect", "engine", "yaml", "valibot"],
    platform: false,
  },
  // The worker is where the page runs the engine itself; the rest knows only what the two say to each other.
  { folder: "web/worker", mayImport: [""], platform: true },
  {
    folder: "web",
    mayImport: ["web", "engine/protocol", "engine/panels", "@", ...webPackages],
    platform: true,
  },
  { folder: "os", mayImport: [""], platform: true },
  { folder: "cli", mayImport: [""], platform: true },
];

/** Names of the platform, which pure folders have no business with. */
const platformNames = new Set([
  "Date",
  "Promise",
  "console",
  "process",
  "setTimeout",
  "setInterval",
  "performance",
]);

export function checkImports(sources: readonly Source[]): Finding[] {
  const findings: Finding[] = [];
  for (const source of sources) {
    if (!source.name.startsWith("src/") || isTest(source)) continue;
    const room = rooms.find(({ folder }) => source.name.startsWith(`src/${folder}/`));
    if (room === undefined) {
      findings.push({ file: source.name, line: 1, problem: "stands in no room of the import table" });
      continue;
    }
    walk(source.tree, (node) => {
      const problem =
        importProblem(source, node, room) ?? (room.platform ? undefined : platformProblem(node));
      if (problem !== undefined) findings.push({ file: source.name, line: lineOf(source, node), problem });
    });
  }
  return findings;
}

function importProblem(source: Source, node: Node, room: Room): string | undefined {
  if (node.kind !== SyntaxKind.ImportDeclaration && node.kind !== SyntaxKind.ExportDeclaration)
    return undefined;
  const specifier = (node as { moduleSpecifier?: { text: string } }).moduleSpecifier?.text;
  if (specifier === undefined) return undefined;
  if (specifier.startsWith("node:"))
    return room.platform ? undefined : `${room.folder} may not use ${specifier}`;
  const target = specifier.startsWith(".")
    ? posix.relative("src", posix.join(posix.dirname(source.name), specifier))
    : specifier;
  const self = source.name.split("/").slice(1, 3).join("/");
  const allowed = room.mayImport.map((entry) => (entry === SELF ? self : entry));
  const fits = (entry: string): boolean =>
    entry === "" || target === entry || target.startsWith(entry === "@" ? entry : `${entry}/`);
  if (allowed.some(fits)) return undefined;
  return `${room.folder} may not import ${target} (allowed: ${allowed.join(", ")})`;
}

function platformProblem(node: Node): string | undefined {
  if (node.kind === SyntaxKind.AsyncKeyword) return "a pure folder has no promises: write a Task";
  if (node.kind === SyntaxKind.PropertyAccessExpression && node.getText() === "Math.random") {
    return "a pure folder takes its randomness from a Random";
  }
  if (node.kind !== SyntaxKind.Identifier || !platformNames.has(node.getText())) return undefined;
  const parent = node.parent as Node & { name?: Node };
  const isMember = parent.kind === SyntaxKind.PropertyAccessExpression && parent.name === node;
  const isReference =
    parent.kind === SyntaxKind.PropertyAccessExpression ||
    parent.kind === SyntaxKind.NewExpression ||
    parent.kind === SyntaxKind.CallExpression ||
    parent.kind === SyntaxKind.TypeReference;
  return isReference && !isMember ? `a pure folder may not touch ${node.getText()}` : undefined;
}
