/** How hosts, routers and switches may be called: names that the domain name system can hold. Also for the console's page. */

const LABEL = "[A-Za-z0-9_]([A-Za-z0-9_\\-]{0,61}[A-Za-z0-9_])?";
/** RFC 1035 section 2.3.4: 63 characters between dots, 253 in all. */
export const NODE_NAME = `^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`;
export const NODE_NAME_WORDS =
  "a name of letters, digits and . _ - (such as mail.crepes.fr), at most 63 between dots";

/** What is wrong with it, for who types it; undefined: nothing. */
export function nodeNameProblem(name: string): string | undefined {
  if (new RegExp(NODE_NAME).test(name)) return undefined;
  if (!/^[A-Za-z0-9._-]+$/.test(name))
    return "Letters, digits and . _ - make a name, such as mail.crepes.fr.";
  if (name.length > 253) return "A name has 253 characters at most.";
  if (name.split(".").some((label) => label.length > 63))
    return "At most 63 characters may stand between dots.";
  return "Each part between dots begins and ends with a letter, a digit or _.";
}
