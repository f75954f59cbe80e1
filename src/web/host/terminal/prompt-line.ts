/** Draws a prompt and the line behind it, also where it is longer than the terminal is wide. Pure: gives what to write. */

export class PromptLine {
  /** The row of the cursor, counted from the row of the prompt. */
  #row = 0;

  /** What draws the line anew in the place of the one before. `width` is the prompt's, without its colours. */
  draw(prompt: string, width: number, text: string, cursor: number, columns: number): string {
    const end = width + text.length;
    const at = width + cursor;
    // At the edge the terminal waits with the line feed until the next character: it is made to come.
    const edge = end > 0 && end % columns === 0 ? "\r\n" : "";
    const back = Math.floor(end / columns) - Math.floor(at / columns);
    const moves = `${up(back)}\r${right(at % columns)}`;
    const drawn = `${up(this.#row)}\r\x1b[J${prompt}${text}${edge}${moves}`;
    this.#row = Math.floor(at / columns);
    return drawn;
  }

  /** Moves below the line, which is left as it stands. */
  leave(width: number, text: string, columns: number): string {
    const rows = Math.floor((width + text.length) / columns) - this.#row;
    this.#row = 0;
    return `${rows > 0 ? `\x1b[${rows}B` : ""}\r\n`;
  }

  /** The screen was emptied. */
  forget(): void {
    this.#row = 0;
  }
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}
