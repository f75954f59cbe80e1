/** Words of IMAP as imaptest's scripts compare them: lists, variables, and the directives that say how. */

export type Value = { readonly text: string } | { readonly list: readonly Value[] };

/** `text` with `\r\n` inside literals; `literals` stand where U+0000 does. */
export function parseValues(text: string, literals: readonly string[]): Value[] {
  const stack: Value[][] = [[]];
  let literal = 0;
  for (let at = 0; at < text.length; ) {
    const character = text[at];
    const top = stack[stack.length - 1];
    if (character === " ") at++;
    else if (character === "(") {
      stack.push([]);
      at++;
    } else if (character === ")" && stack.length > 1) {
      stack.pop();
      stack[stack.length - 1].push({ list: top });
      at++;
    } else if (character === "\0") {
      top.push({ text: literals[literal++] });
      at++;
    } else if (character === '"') {
      const match = /"((?:[^"\\]|\\.)*)"/sy;
      match.lastIndex = at;
      const found = match.exec(text);
      if (found === null) throw new Error(`a quote does not end: ${text}`);
      top.push({ text: found[1].replace(/\\(.)/g, "$1") });
      at += found[0].length;
    } else {
      const end = endOfAtom(text, at);
      top.push({ text: text.slice(at, end) });
      at = end;
    }
  }
  if (stack.length > 1) throw new Error(`a list does not end: ${text}`);
  return stack[0];
}

/** An atom goes on through brackets: BODY[HEADER.FIELDS (FROM)]. */
function endOfAtom(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "[" && at > from) depth++;
    if (text[at] === "]" && depth > 0) depth--;
    else if (depth === 0 && at > from && " ()".includes(text[at])) return at;
    else if (depth === 0 && at === from && text[at] === ")") return at + 1;
  }
  return text.length;
}

export class Variables {
  readonly #values = new Map<string, Value>();

  set(name: string, value: Value): void {
    this.#values.set(name.toLowerCase(), value);
  }

  get(name: string): Value | undefined {
    return this.#values.get(name.toLowerCase());
  }

  copy(): Variables {
    const copy = new Variables();
    for (const [name, value] of this.#values) copy.set(name, value);
    return copy;
  }

  take(other: Variables): void {
    for (const [name, value] of other.#values) this.#values.set(name, value);
  }

  /** `$mailbox`, `${mailbox}2`; what is not set stays. */
  expand(text: string): string {
    return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
      const value = this.get(braced ?? plain ?? "");
      return value !== undefined && "text" in value ? value.text : whole;
    });
  }
}

export interface Directives {
  readonly unordered: number | undefined;
  readonly extra: boolean;
  readonly ignored: readonly string[];
  readonly banned: readonly string[];
}

const ORDERED: Directives = { unordered: undefined, extra: false, ignored: [], banned: [] };

/** Whether a list of expected values is what came; sets the variables that had no value. */
export function matchesList(
  expected: readonly Value[],
  actual: readonly Value[],
  variables: Variables,
  defaults = ORDERED,
  inner: (name: string | undefined) => Directives | undefined = () => undefined,
): boolean {
  const { directives, values } = directivesOf(expected, defaults);
  const rest = actual.filter(
    (value) => !("text" in value && directives.ignored.includes(value.text.toLowerCase())),
  );
  if (rest.some((value) => "text" in value && directives.banned.includes(value.text.toLowerCase())))
    return false;
  const each = (want: Value, got: Value, name: string | undefined): boolean =>
    matchesValue(want, got, variables, inner(name));
  if (directives.unordered === undefined) {
    if (values.length !== rest.length) return false;
    return values.every((want, i) => each(want, rest[i], nameBefore(values, i)));
  }
  const chain = directives.unordered;
  const left = chunks(rest, chain);
  for (const want of chunks(values, chain)) {
    const found = left.findIndex((got) => {
      const trial = variables.copy();
      const isSame =
        got.length === want.length &&
        want.every((value, i) => matchesValue(value, got[i], trial, inner(nameBefore(want, i))));
      if (isSame) variables.take(trial);
      return isSame;
    });
    if (found === -1) return false;
    left.splice(found, 1);
  }
  return directives.extra || left.length === 0;
}

function matchesValue(
  want: Value,
  got: Value,
  variables: Variables,
  defaults: Directives | undefined,
): boolean {
  if ("list" in want) return "list" in got && matchesList(want.list, got.list, variables, defaults);
  if (want.text === "$") return true;
  const variable = /^\$(?:\{(\w+)\}|(\w+))$/.exec(want.text);
  const name = variable?.[1] ?? variable?.[2];
  if (name !== undefined && variables.get(name) === undefined) {
    variables.set(name, got);
    return true;
  }
  const value = name === undefined ? undefined : variables.get(name);
  if (value !== undefined && "list" in value) return JSON.stringify(value) === JSON.stringify(got);
  if (!("text" in got)) return false;
  // As imaptest has it, whose strings end at NUL.
  const [wanted, came] = [variables.expand(want.text), got.text].map((text) =>
    text.split("\0")[0].toLowerCase(),
  );
  return wanted === came;
}

function directivesOf(
  values: readonly Value[],
  defaults: Directives,
): { directives: Directives; values: Value[] } {
  let directives: Directives | undefined;
  const rest = values.filter((value) => {
    const match = "text" in value ? /^\$!([a-z]+)(?:=(.*))?$/.exec(value.text) : null;
    if (match === null) return true;
    const [, word, argument = ""] = match;
    directives ??= ORDERED;
    if (word === "unordered") directives = { ...directives, unordered: Number(argument || 1), extra: true };
    else if (word === "ordered") directives = { ...directives, unordered: undefined };
    else if (word === "noextra") directives = { ...directives, extra: false };
    else if (word === "extra")
      directives = { ...directives, extra: true, unordered: directives.unordered ?? 1 };
    else if (word === "ignore")
      directives = { ...directives, ignored: [...directives.ignored, argument.toLowerCase()] };
    else if (word === "ban")
      directives = { ...directives, banned: [...directives.banned, argument.toLowerCase()] };
    return false;
  });
  return { directives: directives ?? defaults, values: rest };
}

function nameBefore(values: readonly Value[], i: number): string | undefined {
  const before = values[i - 1];
  return before !== undefined && "text" in before ? before.text.toLowerCase() : undefined;
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < values.length; at += size) all.push(values.slice(at, at + size));
  return all;
}
