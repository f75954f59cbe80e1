/** Octets between the engine's base64, arrays, text and files of the person. */

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** UTF-8, what is none as U+FFFD; controls other than line ends and tabs become visible. */
export function readableText(octets: Uint8Array): string {
  const text = new TextDecoder("utf-8").decode(octets).replaceAll("\r\n", "\n");
  return text.replace(/\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0);
    if (control === "\n" || control === "\t" || code > DELETE) return control;
    return code === DELETE ? "\u2421" : String.fromCharCode(CONTROL_PICTURES + code);
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

const DELETE = 0x7f;
/** Where Unicode has a picture of each control. */
const CONTROL_PICTURES = 0x2400;
const KEPT_MS = 60_000;
