/** Editing one line with the keys of a terminal (as readline and Emacs have them), and the history of lines. Pure. */

export type Effect =
  | { readonly kind: "line"; readonly line: string }
  /** Ctrl-C, Ctrl-D on an empty line, Tab, Ctrl-L. */
  | { readonly kind: "interrupt" | "end" | "complete" | "clear" };

export class LineEditor {
  text = "";
  /** Before which character it stands. */
  cursor = 0;
  readonly #history: string[];
  #at: number;
  /** What was being typed when the history was entered. */
  #begun = "";
  #killed = "";

  constructor(history: readonly string[] = []) {
    this.#history = [...history];
    this.#at = this.#history.length;
  }

  get history(): readonly string[] {
    return this.#history;
  }

  /** Takes what was typed or pasted, up to the first key that means something outside of the line. */
  feed(data: string): { readonly effect: Effect | undefined; readonly rest: string } {
    for (let at = 0; at < data.length; ) {
      const [key = data[at]] = SEQUENCE.exec(data.slice(at, at + SEQUENCE_MAX)) ?? [];
      at += key.length;
      // What is pasted ends its lines with CR LF or LF.
      if (key === "\r" && data[at] === "\n") at++;
      const effect = this.#press(key);
      if (effect !== undefined) return { effect, rest: data.slice(at) };
    }
    return { effect: undefined, rest: "" };
  }

  replace(from: number, to: number, text: string): void {
    this.text = this.text.slice(0, from) + text + this.text.slice(to);
    this.cursor = from + text.length;
  }

  remember(line: string): void {
    if (line.trim() !== "" && this.#history.at(-1) !== line) this.#history.push(line);
    if (this.#history.length > HISTORY_MAX) this.#history.shift();
    this.#at = this.#history.length;
  }

  clear(): void {
    [this.text, this.cursor] = ["", 0];
    this.#at = this.#history.length;
  }

  #press(key: string): Effect | undefined {
    if (key === "\r" || key === "\n") {
      const line = this.text;
      this.clear();
      return { kind: "line", line };
    }
    const effect = EFFECTS[key];
    if (effect !== undefined) return { kind: effect };
    if (key === "\x04") {
      if (this.text === "") return { kind: "end" };
      this.#cut(this.cursor, this.#next());
    } else if (Object.hasOwn(MOTIONS, key)) this.cursor = MOTIONS[key](this);
    else if (key === UP || key === CTRL_P) this.#recall(-1);
    else if (key === DOWN || key === CTRL_N) this.#recall(1);
    else if (Object.hasOwn(CUTS, key)) {
      const [from, to] = CUTS[key](this);
      if (KILLS.includes(key) && to > from) this.#killed = this.text.slice(from, to);
      this.#cut(from, to);
    } else if (key === "\x19") this.replace(this.cursor, this.cursor, this.#killed);
    else if (key >= " " && !key.startsWith("\x1b")) this.replace(this.cursor, this.cursor, key);
    return undefined;
  }

  #cut(from: number, to: number): void {
    this.replace(from, to, "");
  }

  #next(): number {
    return Math.min(this.text.length, this.cursor + characterLength(this.text, this.cursor));
  }

  #recall(step: number): void {
    const at = this.#at + step;
    if (at < 0 || at > this.#history.length) return;
    if (this.#at === this.#history.length) this.#begun = this.text;
    this.text = at === this.#history.length ? this.#begun : this.#history[at];
    this.cursor = this.text.length;
    this.#at = at;
  }
}

type Line = Pick<LineEditor, "text" | "cursor">;

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function left({ text, cursor }: Line): number {
  const isPair = cursor > 1 && (text.codePointAt(cursor - 2) ?? 0) > 0xffff;
  return Math.max(0, cursor - (isPair ? 2 : 1));
}

function right({ text, cursor }: Line): number {
  return Math.min(text.length, cursor + characterLength(text, cursor));
}

function wordLeft({ text, cursor }: Line): number {
  return text.slice(0, cursor).search(/\S*\s*$/);
}

function wordRight({ text, cursor }: Line): number {
  return cursor + (/^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0);
}

const UP = "\x1b[A";
const DOWN = "\x1b[B";
const CTRL_P = "\x10";
const CTRL_N = "\x0e";

const EFFECTS: Readonly<Record<string, "interrupt" | "complete" | "clear">> = {
  "\x03": "interrupt",
  "\t": "complete",
  "\x0c": "clear",
};

const MOTIONS: Readonly<Record<string, (line: Line) => number>> = {
  "\x1b[D": left,
  "\x02": left,
  "\x1b[C": right,
  "\x06": right,
  "\x1b[H": () => 0,
  "\x1b[1~": () => 0,
  "\x01": () => 0,
  "\x1b[F": ({ text }) => text.length,
  "\x1b[4~": ({ text }) => text.length,
  "\x05": ({ text }) => text.length,
  "\x1bb": wordLeft,
  "\x1b[1;5D": wordLeft,
  "\x1b[1;3D": wordLeft,
  "\x1bf": wordRight,
  "\x1b[1;5C": wordRight,
  "\x1b[1;3C": wordRight,
};

/** What goes: from, to. */
const CUTS: Readonly<Record<string, (line: Line) => [number, number]>> = {
  "\x7f": (line) => [left(line), line.cursor],
  "\b": (line) => [left(line), line.cursor],
  "\x1b[3~": (line) => [line.cursor, right(line)],
  "\x15": ({ cursor }) => [0, cursor],
  "\x0b": ({ text, cursor }) => [cursor, text.length],
  "\x17": (line) => [wordLeft(line), line.cursor],
  "\x1b\x7f": (line) => [wordLeft(line), line.cursor],
};

/** Those that Ctrl-Y brings back. */
const KILLS = ["\x15", "\x0b", "\x17", "\x1b\x7f"];

/** One key: an escape sequence, a character of two units, or a character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys are what this is about.
const SEQUENCE = /^(?:\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z]|.)?|[\ud800-\udbff][\udc00-\udfff]|[\s\S])/;
const SEQUENCE_MAX = 16;
/** Lines that are kept for each host. */
const HISTORY_MAX = 500;
