/** Text made of UTF-16 code units, many at a time: a string that grows by single characters takes ten times as long. */
export class TextBuilder {
  #text = "";
  #codeUnits: number[] = [];

  add(codeUnit: number): void {
    this.#codeUnits.push(codeUnit);
    if (this.#codeUnits.length === CODE_UNITS_MAX) this.#flush();
  }

  /** All of it. */
  finish(): string {
    this.#flush();
    return this.#text;
  }

  #flush(): void {
    this.#text += String.fromCharCode(...this.#codeUnits);
    this.#codeUnits = [];
  }
}

/** Arguments of one call; engines limit them at some 65,000. */
const CODE_UNITS_MAX = 8 * 1024;
