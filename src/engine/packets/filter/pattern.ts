/**
 * Regular expressions of people, made so that none holds the engine up. The language's own matching goes back and
 * tries again: with repetitions in repetitions that takes longer than anybody waits. Those are refused, and the more a
 * pattern leaves open, the less of a value it is given.
 */

/** Whether a text fits. Throws Error with a line for the person. */
export function patternTest(pattern: string, flags: string): (text: string) => boolean {
  const expression = new RegExp(pattern, flags);
  const { open, optional } = countRepetitions(pattern);
  if (open >= LENGTHS.length) throw new Error(`at most ${LENGTHS.length - 1} times *, + or {n,}`);
  if (optional > OPTIONAL_MAX) throw new Error(`at most ${OPTIONAL_MAX} times ? or {n,m}`);
  const length = LENGTHS[open];
  return (text) => expression.test(text.length > length ? text.slice(0, length) : text);
}

interface Group {
  /** Whether there is more than one way through it. */
  varies: boolean;
}

/** Of a pattern that the language has accepted. */
function countRepetitions(pattern: string): { open: number; optional: number } {
  const counts = { open: 0, optional: 0 };
  const groups: Group[] = [{ varies: false }];
  let last: Group | undefined;
  for (const [part] of pattern.matchAll(PARTS)) {
    const group = groups.at(-1) as Group;
    if (/^\\[1-9k]/.test(part)) throw new Error("what was found before cannot be meant again (\\1)");
    if (part.startsWith("(")) groups.push({ varies: false });
    else if (part === ")") {
      last = groups.pop();
      if (last?.varies && groups.length > 0) (groups.at(-1) as Group).varies = true;
      continue;
    } else if (part === "|") group.varies = true;
    else if (/^[*+?{]/.test(part)) {
      if (last?.varies && !part.startsWith("?"))
        throw new Error("a group with *, +, ? or | in it cannot be repeated");
      group.varies = true;
      if (/^([*+]|\{\d+,\})/.test(part)) counts.open++;
      else if (!/^\{\d+\}/.test(part)) counts.optional++;
    }
    last = undefined;
  }
  return counts;
}

/** Escapes, classes, beginnings of groups, repetitions (greedy or not), and every other character. */
const PARTS =
  /\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:[=!:]|<[=!]|<\w+>|[a-z-]*:)|\(|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu;
/** How much of a value is looked at, by the number of open repetitions: each multiplies the ways through it. */
const LENGTHS = [65_536, 4_096, 1_024, 256];
/** Each may double the ways. */
const OPTIONAL_MAX = 8;
