/** Text beside a lead, for a terminal of some width: broken at blanks, and what follows stands below its beginning. */

/** `lead` and `text`, in lines of `columns` characters at most; a word that is longer has a line of its own. */
export function hanging(lead: string, text: string, columns: number): string[] {
  const indent = columns - lead.length >= ROOM_MIN ? lead.length : INDENT_SMALL;
  const lines = indent === lead.length ? [lead] : [lead.trimEnd(), " ".repeat(indent)];
  let isEmpty = true;
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (isEmpty || line.length + 1 + word.length <= columns)
      lines[lines.length - 1] = line + (isEmpty ? "" : " ") + word;
    else lines.push(" ".repeat(indent) + word);
    isEmpty = false;
  }
  return lines;
}

/** In less there is no room for text beside the lead: it begins below. */
const ROOM_MIN = 24;
const INDENT_SMALL = 6;
