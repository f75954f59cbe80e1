/** Names of a host's files. Pure. */

/** Why a new file cannot have this name; undefined: it can. The engine refuses the same. */
export function problemOfName(name: string, taken: readonly string[]): string | undefined {
  if (name.includes("/")) return "A name has no /: a host has no folders";
  if (!FILE_NAME.test(name)) return "A name has 1 to 255 characters, none of them a control character";
  return taken.includes(name) ? "There is a file of this name" : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const FILE_NAME = /^[^\u0000-\u001f\u007f]{1,255}$/;
