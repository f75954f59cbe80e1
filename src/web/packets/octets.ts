/** Octets between the engine's base64, arrays, text and files of the person. */

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** UTF-8, what is none as U+FFFD; controls other than line ends and tabs become visible. */
export function readableText(octets: Uint8Array): string {
  const text = new TextDecoder("utf-8").decode(octets).replaceAll("\r\n", "\n");
  return text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (control) => {
    return control === "\x7f" ? "\u2421" : String.fromCharCode(0x2400 + control.charCodeAt(0));
  });
}

/** Offers a file for download. */
export function saveFile(name: string, parts: BlobPart[], type: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun, but some browsers read the address a moment later.
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** A name that every file system takes. */
export function fileName(...words: readonly (string | number)[]): string {
  const name = words.join("-").replace(/[^\p{L}\p{N}.-]+/gu, "-");
  return (
    name
      .replace(/-+/g, "-")
      .replace(/^[-.]+|[-.]+$/g, "")
      .slice(0, 100) || "hamlet"
  );
}

const KEPT_MS = 60_000;
