/** Long functions and long files: what does not fit a screen is not read. */

import { type Node, SyntaxKind } from "typescript/unstable/ast";
import { type Finding, isTest, lastLineOf, lineOf, type Source, walk } from "./source.ts";

/** A tall screen. */
const FUNCTION_LINES_MAX = 70;
const FILE_LINES_MAX = 400;

const functionKinds = new Set<SyntaxKind>([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.ArrowFunction,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
]);

export function checkSize(sources: readonly Source[]): Finding[] {
  const findings: Finding[] = [];
  for (const source of sources) {
    if (isTest(source)) continue;
    const lines = lastLineOf(source, source.tree);
    if (lines > FILE_LINES_MAX) {
      findings.push({
        file: source.name,
        line: 1,
        problem: `${lines} lines (at most ${FILE_LINES_MAX}): split by concern`,
      });
    }
    walk(source.tree, (node) => {
      if (!functionKinds.has(node.kind)) return;
      const first = lineOf(source, node);
      const length = lastLineOf(source, node) - first + 1;
      if (length > FUNCTION_LINES_MAX) {
        const name = (node as Node & { name?: Node }).name?.getText() ?? "a function";
        findings.push({
          file: source.name,
          line: first,
          problem: `${name} has ${length} lines (at most ${FUNCTION_LINES_MAX})`,
        });
      }
    });
  }
  return findings;
}
