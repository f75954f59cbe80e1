/** What a file is for the person who opens it. Pure. */

export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "picture"; readonly url: string }
  /** Text, and too much of it to be edited. */
  | { readonly kind: "large"; readonly length: number }
  | { readonly kind: "octets"; readonly length: number };

export function contentOf(name: string, base64: string): FileContent {
  const type = PICTURES[/\.([a-z]+)$/i.exec(name)?.[1].toLowerCase() ?? ""];
  if (type !== undefined) return { kind: "picture", url: `data:${type};base64,${base64}` };
  const binary = atob(base64);
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const { length } = bytes;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes("\0")) return length > TEXT_MAX ? { kind: "large", length } : { kind: "text", text };
  } catch {
    // Not UTF-8.
  }
  return { kind: "octets", length };
}

const PICTURES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};
/** What an editor in a page handles without a pause. */
export const TEXT_MAX = 4 * 1024 * 1024;
