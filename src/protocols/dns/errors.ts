/** What can be wrong with DNS data that a person wrote. Bytes from the network fail with FormatError (bytes/). */

import { LocalError } from "../../net/index.ts";

/** A record or zone file as text: where the mistake is, what was expected and what was found. */
export class RecordTextError extends LocalError {
  readonly line: number;
  readonly column: number;
  /** The problem without its place. */
  readonly problem: string;

  constructor(line: number, column: number, problem: string) {
    super("bad-record-text", `line ${line}, column ${column}: ${problem}`);
    this.line = line;
    this.column = column;
    this.problem = problem;
  }
}

/** A zone whose records contradict each other; every problem is listed. */
export class ZoneError extends LocalError {
  readonly problems: readonly string[];

  constructor(zone: string, problems: readonly string[]) {
    super("bad-zone", `zone ${zone}: ${problems.join("; ")}`);
    this.problems = problems;
  }
}
