/** Octets as text to read, and names of files to save them in. */

/** UTF-8, what is none as U+FFFD; controls other than line ends and tabs become visible. */
export function readableText(octets: Uint8Array): string {
  const text = new TextDecoder("utf-8").decode(octets).replaceAll("\r\n", "\n");
  return text.replace(/\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0);
    if (control === "\n" || control === "\t" || code > DELETE) return control;
    return code === DELETE ? "\u2421" : String.fromCharCode(CONTROL_PICTURES + code);
  });
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
