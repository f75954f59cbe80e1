/** Text from elsewhere, made fit for a terminal. */

/** What others wrote must not steer the terminal: line ends become LF, other controls are shown as dots. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace.
  return text.replaceAll("\r\n", "\n").replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "\u00b7");
}
