/**
 * What is cut out of a text when a key or an item goes: it, with the comment on its own line, and no other comment. The
 * cuts come from the back to the front, so that each can be made where it says.
 */

import type { Span } from "./splice.ts";

/** Of a map or list of whole lines. The first key of a map may stand behind the dash of an item. */
export function linesRemoval(text: string, spans: readonly Span[], at: number, isFirstKey: boolean): Span[] {
  const { start, end } = spans[at];
  const lineStart = lineStartOf(text, start);
  const next = spans[at + 1]?.start;
  const isBehindDash = /^ *-[ \t]+$/.test(text.slice(lineStart, start));
  if (isFirstKey && isBehindDash && next !== undefined) {
    // Comments above the next key are its own.
    const comment = text.slice(lineEndOf(text, end), next).search(/#/);
    return [{ start, end: comment === -1 ? next : lineEndOf(text, end) + comment }];
  }
  const behind = Math.min(text.length, lineEndOf(text, end) + 1);
  const lineBefore = text.slice(lineStartOf(text, Math.max(0, lineStart - 1)), lineStart);
  const lineAfter = text.slice(behind, lineEndOf(text, behind) + 1);
  if (behind === text.length && lineBefore !== "" && isBlank(lineBefore))
    return [{ start: lineStart - lineBefore.length, end: behind }];
  const twoBlanks = lineStart > 0 && isBlank(lineBefore) && isBlank(lineAfter);
  return [{ start: lineStart, end: twoBlanks ? behind + lineAfter.length : behind }];
}

/** Of a map in braces or a list in brackets, which may go over several lines. */
export function flowRemoval(text: string, spans: readonly Span[], at: number): Span[] {
  const { start, end } = spans[at];
  const [before, after] = [spans[at - 1], spans[at + 1]];
  const from = before === undefined ? start : before.end;
  const to = after === undefined ? end : after.start;
  if (!text.slice(from, to).includes("\n")) {
    if (before !== undefined) return [{ start: from, end }];
    return [{ start, end: to }];
  }
  const comma = after === undefined ? -1 : commaIn(text, end, to);
  const own = wholeLine(text, { start, end: comma === -1 ? end : comma + 1 });
  if (after !== undefined || before === undefined) return [own];
  const last = commaIn(text, before.end, start);
  return [own, { start: last, end: last + 1 }];
}

/** With the line break and the comment, where nothing else stands on these lines. */
function wholeLine(text: string, { start, end }: Span): Span {
  const lineStart = lineStartOf(text, start);
  const lineEnd = lineEndOf(text, end);
  const isAlone = isBlank(text.slice(lineStart, start)) && /^[ \t]*(#.*)?$/.test(text.slice(end, lineEnd));
  return isAlone ? { start: lineStart, end: Math.min(text.length, lineEnd + 1) } : { start, end };
}

/** The comma between two items, which is not one in a comment. */
function commaIn(text: string, from: number, to: number): number {
  const between = text.slice(from, to).replace(/#.*/g, (comment) => " ".repeat(comment.length));
  return from + between.indexOf(",");
}

function lineStartOf(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Before the line break, or the end of the text. */
function lineEndOf(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
