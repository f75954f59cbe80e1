/**
 * The way out of the terminal for who has no mouse (WCAG 2.1.2): Tab is the terminal's, but Escape followed by Tab, or by
 * Shift and Tab, is the browser's. Knows no browser.
 */

type Key = Pick<KeyboardEvent, "type" | "key" | "ctrlKey" | "altKey" | "metaKey">;

export class LeavingKeys {
  #escaped = false;

  /** Whether this key is nothing for the terminal. */
  take({ type, key, ctrlKey, altKey, metaKey }: Key): boolean {
    if (type !== "keydown" || key === "Shift") return false;
    const isPlain = !ctrlKey && !altKey && !metaKey;
    const leaves = isPlain && key === "Tab" && this.#escaped;
    // Escape means nothing to a command line.
    this.#escaped = isPlain && key === "Escape";
    return leaves || this.#escaped;
  }
}
