/** The numbers of a header by name; a number without a name is written like CLASS32 (RFC 3597 section 5). */

export type Opcode = keyof typeof OPCODES | `OPCODE${number}`;
export type ResponseCode = keyof typeof RESPONSE_CODES | `RCODE${number}`;
export type RecordClass = keyof typeof CLASSES | `CLASS${number}`;

/** RFC 1035 section 4.1.1, RFC 1996, RFC 2136. */
const OPCODES = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5 } as const;

/** RFC 1035 section 4.1.1 (with the mnemonics of RFC 2136 section 2.2), RFC 6891 section 9. */
const RESPONSE_CODES = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
} as const;

/** RFC 1035 section 3.2.4 and 3.2.5, RFC 2136 section 2.4. */
const CLASSES = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const;

export const opcodes = codeTable<Opcode>(OPCODES, "OPCODE");
export const responseCodes = codeTable<ResponseCode>(RESPONSE_CODES, "RCODE");
export const recordClasses = codeTable<RecordClass>(CLASSES, "CLASS");

/** Names and numbers, both ways. */
export interface CodeTable<N extends string> {
  name(number: number): N;
  number(name: N): number;
  /** The name as a person may write it, in any case; undefined when it is none. */
  parse(text: string): N | undefined;
}

/** A table of `numbers`; others up to 65,535 are `prefix` and the number. */
export function codeTable<N extends string>(
  numbers: Readonly<Record<string, number>>,
  prefix: string,
): CodeTable<N> {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  const generic = new RegExp(`^${prefix}(0|[1-9]\\d{0,4})$`);
  const numberOf = (name: string): number | undefined => {
    if (Object.hasOwn(numbers, name)) return numbers[name];
    const match = generic.exec(name);
    return match === null || Number(match[1]) > 0xffff ? undefined : Number(match[1]);
  };
  const nameOf = (number: number): N => (names.get(number) ?? `${prefix}${number}`) as N;
  return {
    name: nameOf,
    number(name) {
      const number = numberOf(name);
      if (number === undefined) throw new RangeError(`"${name}" is no ${prefix}`);
      return number;
    },
    parse(text) {
      const number = numberOf(text.toUpperCase());
      return number === undefined ? undefined : nameOf(number);
    },
  };
}
