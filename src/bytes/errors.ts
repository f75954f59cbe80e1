/** What is wrong with bytes that were to be parsed: which field, where, which rule. */
export class FormatError extends Error {
  /** The field that was being read, e.g. "dns.question.name". */
  readonly field: string;
  /** Where in the input it stands, in octets. */
  readonly offset: number;

  constructor(field: string, offset: number, problem: string) {
    super(`${field} at octet ${offset}: ${problem}`);
    this.name = "FormatError";
    this.field = field;
    this.offset = offset;
  }
}
