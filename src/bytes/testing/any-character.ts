/** For property tests: what `fc.string({ unit: "binary" })` has, which itself takes more than a second to be made. */

import fc from "fast-check";

/** Any character of Unicode; small codes are more frequent. */
export const anyCharacter = fc
  .nat({ max: 0x10ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));
