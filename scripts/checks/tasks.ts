/** Finds tasks that nobody runs: a call that makes a Task and stands there as a statement, without `yield*`. */

import { type Node, SyntaxKind } from "typescript/unstable/ast";
import type { Checker } from "typescript/unstable/sync";
import { type Finding, lineOf, type Source, walk } from "./source.ts";

export function checkTasks(sources: readonly Source[], checker: Checker): Finding[] {
  const findings: Finding[] = [];
  for (const source of sources) {
    const statements: { node: Node; hint: string }[] = [];
    walk(source.tree, (node) => {
      if (node.kind === SyntaxKind.ExpressionStatement || node.kind === SyntaxKind.VoidExpression) {
        statements.push({
          node: (node as Node & { expression: Node }).expression,
          hint: "forgot `yield*`: this Task never runs",
        });
      }
      if (
        node.kind === SyntaxKind.YieldExpression &&
        (node as { asteriskToken?: unknown }).asteriskToken === undefined
      ) {
        const operand = (node as { expression?: Node }).expression;
        if (operand !== undefined)
          statements.push({ node: operand, hint: "`yield` of a Task: write `yield*`" });
      }
    });
    const types = checker.getTypeAtLocation(statements.map(({ node }) => node));
    for (const [i, { node, hint }] of statements.entries()) {
      const type = types[i];
      if (
        node.kind === SyntaxKind.BinaryExpression ||
        type === undefined ||
        !/^(Task|Generator)<|^Task$/.test(checker.typeToString(type))
      )
        continue;
      findings.push({ file: source.name, line: lineOf(source, node), problem: hint });
    }
  }
  return findings;
}
