/**
 * A lesson: Markdown beside a network file, in steps that tick themselves off. Its form:
 *
 *     ---
 *     network: ketchup
 *     title: A mail by hand
 *     summary: One line for the list of lessons.
 *     without: [hosts.pc1.mailAccount]     (what is in the network file, but not yet there for the student)
 *     ---
 *     An introduction.
 *
 *     ## The title of a step
 *
 *     Its text, and what ticks it off, in the words of the network file's `expect`:
 *
 *     ```expect
 *     - { mailbox: bob@mail.hamburger.edu, subject: Ketchup }
 *     ```
 */

import { parse } from "yaml";
import { messageOf } from "../../net/index.ts";
import { YamlText } from "../edit/yaml-text.ts";
import type { ExpectationSpec, FileError, NetworkFile } from "../network-file.ts";
import { parseNetworkFile } from "../parse.ts";

/** What the list of lessons shows; read without the network. */
export interface LessonHead {
  /** Name of the network file, without its ending. */
  readonly network: string;
  readonly title: string;
  readonly summary: string;
  /** Keys of the network file that are left out, from its root downwards. */
  readonly without: readonly (readonly string[])[];
}

export interface Lesson extends LessonHead {
  /** Markdown before the first step. */
  readonly introduction: string;
  readonly steps: readonly LessonStep[];
}

export interface LessonStep {
  readonly title: string;
  /** Markdown, without what it expects. */
  readonly text: string;
  /** What ticks it off: all of them, at one time. */
  readonly expectations: readonly ExpectationSpec[];
}

export type LessonResult =
  | {
      readonly lesson: Lesson;
      readonly file: NetworkFile;
      readonly networkText: string;
      readonly errors?: undefined;
    }
  | { readonly lesson?: undefined; readonly errors: readonly FileError[] };

/** The front matter alone. Throws nothing: what is missing is empty. */
export function readLessonHead(text: string): LessonHead {
  return headOf(splitLesson(text).front.join("\n")).head;
}

/** A lesson with the network that it is about: the file of that name as text, from which the lesson may leave out parts. */
export function parseLesson(text: string, fileName: string, networkSource: string): LessonResult {
  const parts = splitLesson(text);
  const { head, problem } = headOf(parts.front.join("\n"));
  const errors: FileError[] = [];
  const report = (line: number, message: string): void =>
    void errors.push({ fileName, line, column: 1, message });
  if (problem !== undefined) report(1, problem);
  for (const key of ["network", "title", "summary"] as const)
    if (head[key] === "" && problem === undefined) report(1, `the front matter has no "${key}"`);
  if (parts.steps.length === 0) report(1, 'expected steps, each under a heading "## ..."');
  for (const { line, title, expected } of parts.steps) {
    if (title === "") report(line, "a step needs a title");
    if (expected.length === 0) report(line, `the step "${title}" expects nothing: add a block \`\`\`expect`);
  }
  const networkText = withoutKeys(networkSource, head.without);
  const { file, specs, problems } = readExpected(parts, networkText, `${head.network}.yaml`, fileName);
  errors.push(...problems);
  if (errors.length > 0 || file === undefined) return { errors: errors.sort((a, b) => a.line - b.line) };
  const steps = parts.steps.map(({ title, text: markdown }, i) => ({
    title,
    text: markdown.join("\n").trim(),
    expectations: specs[i],
  }));
  return {
    lesson: { ...head, introduction: parts.introduction.join("\n").trim(), steps },
    file,
    networkText,
  };
}

interface Line {
  /** From 1, in the lesson. */
  readonly line: number;
  readonly text: string;
}

interface StepParts {
  readonly line: number;
  readonly title: string;
  readonly text: string[];
  readonly expected: Line[];
}

interface LessonParts {
  readonly front: string[];
  readonly introduction: string[];
  readonly steps: StepParts[];
}

/** Front matter, introduction, steps; a heading in a block of code is none. */
function splitLesson(text: string): LessonParts {
  const lines = text.split(/\r?\n/);
  const parts: LessonParts = { front: [], introduction: [], steps: [] };
  let at = 0;
  if (lines[0] === "---") {
    const end = lines.indexOf("---", 1);
    parts.front.push(...lines.slice(1, end === -1 ? lines.length : end));
    at = end === -1 ? lines.length : end + 1;
  }
  let fence: string | undefined;
  let expects = false;
  for (; at < lines.length; at++) {
    const line = lines[at];
    const step = parts.steps.at(-1);
    const [, mark, info = ""] = /^(`{3,}|~{3,})\s*(.*)$/.exec(line) ?? [];
    if (fence !== undefined && mark === fence && info === "") {
      fence = undefined;
      if (expects) {
        expects = false;
        continue;
      }
    } else if (fence === undefined && mark !== undefined) {
      fence = mark;
      expects = step !== undefined && info.trim() === "expect";
      if (expects) continue;
    } else if (fence === undefined && line.startsWith("## ")) {
      parts.steps.push({ line: at + 1, title: line.slice(3).trim(), text: [], expected: [] });
      continue;
    }
    if (expects) step?.expected.push({ line: at + 1, text: line });
    else (step?.text ?? parts.introduction).push(line);
  }
  return parts;
}

function headOf(front: string): { head: LessonHead; problem: string | undefined } {
  let problem: string | undefined;
  let values: Record<string, unknown> = {};
  try {
    const parsed: unknown = parse(front);
    if (typeof parsed === "object" && parsed !== null) values = parsed as Record<string, unknown>;
    else problem = 'expected a front matter between two lines "---", with network, title and summary';
  } catch (error) {
    problem = `the front matter is not valid YAML: ${messageOf(error)}`;
  }
  const word = (key: string): string => (typeof values[key] === "string" ? values[key] : "");
  const without = Array.isArray(values.without) ? values.without.map(String) : [];
  return {
    head: {
      network: word("network"),
      title: word("title"),
      summary: word("summary").trim(),
      without: without.map(splitKeys),
    },
    problem,
  };
}

/** "hosts.pc1.mailAccount"; a key with dots stands in brackets: "hosts[pc.crepes.fr].mailAccount". */
function splitKeys(path: string): string[] {
  return [...path.matchAll(/\[([^\]]+)\]|[^.[\]]+/g)].map(([whole, inBrackets]) => inBrackets ?? whole);
}

function withoutKeys(source: string, paths: readonly (readonly string[])[]): string {
  const text = new YamlText(source);
  for (const path of paths) if (text.has(path)) text.delete(path);
  return text.text;
}

/**
 * The expectations of all steps: read as those of the network file, in place of its own, so that they have the same form
 * and the same errors, and their lines are found back in the lesson.
 */
function readExpected(
  { steps }: LessonParts,
  networkText: string,
  networkName: string,
  fileName: string,
): { file: NetworkFile | undefined; specs: ExpectationSpec[][]; problems: FileError[] } {
  const own = parseNetworkFile(networkText, networkName);
  if (own.errors !== undefined) {
    const [{ line, message }] = own.errors;
    return {
      file: undefined,
      specs: [],
      problems: [{ fileName, line: 1, column: 1, message: `${networkName}:${line}: ${message}` }],
    };
  }
  const text = new YamlText(networkText);
  for (const section of ["story", "expect"]) if (text.has([section])) text.delete([section]);
  const base = `${text.text.trimEnd()}\nexpect:\n`;
  const baseLines = base.split("\n").length - 1;
  const expected = steps.flatMap((step, i) => step.expected.map((line) => ({ ...line, step: i })));
  const at = (line: number): { line: number; step: number } =>
    expected[line - baseLines - 1] ?? { line: 1, step: 0 };
  const { file, errors } = parseNetworkFile(
    base + expected.map((line) => `${line.text}\n`).join(""),
    networkName,
  );
  if (errors !== undefined) {
    const problems = errors.map((error) => ({ ...error, fileName, line: at(error.line).line }));
    return { file: undefined, specs: [], problems };
  }
  const specs = steps.map((): ExpectationSpec[] => []);
  for (const spec of file.expectations) {
    const place = at(spec.line);
    specs[place.step].push({ ...spec, line: place.line });
  }
  return { file: own.file, specs, problems: [] };
}
