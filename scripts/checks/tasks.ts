/**
 * Finds tasks that nobody runs (a call that makes a Task and stands there as a statement, without `yield*`), and waits in
 * a `finally` that lose the cancellation of their task (`lastly` in src/net/task.ts says why).
 */

import { type Node, SyntaxKind } from "typescript/unstable/ast";
import type { Checker } from "typescript/unstable/sync";
import { type Finding, lineOf, type Source, walk } from "./source.ts";

export function checkTasks(sources: readonly Source[], checker: Checker): Finding[] {
  const findings: Finding[] = [];
  for (const source of sources) {
    findings.push(...checkFinally(source));
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

function checkFinally(source: Source): Finding[] {
  const findings: Finding[] = [];
  walk(source.tree, (node) => {
    const block = (node as { finallyBlock?: Node & { statements: readonly Node[] } }).finallyBlock;
    if (node.kind !== SyntaxKind.TryStatement || block === undefined) return;
    const lastAt = block.statements.at(-1)?.getStart(source.tree) ?? 0;
    for (const wait of waitsIn(block)) {
      if (wait.getStart(source.tree) >= lastAt && /^yield\*\s*lastly\(/.test(wait.getText(source.tree)))
        continue;
      findings.push({
        file: source.name,
        line: lineOf(source, wait),
        problem: "a `finally` waits by `yield* lastly(...)`, in its last statement",
      });
    }
  });
  return findings;
}

/** Not those of functions within. */
function waitsIn(node: Node): Node[] {
  const waits: Node[] = [];
  node.forEachChild((child) => {
    if (child.kind === SyntaxKind.YieldExpression) waits.push(child);
    else if (!FUNCTIONS.has(child.kind)) waits.push(...waitsIn(child));
  });
  return waits;
}

const FUNCTIONS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.FunctionExpression,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
]);
