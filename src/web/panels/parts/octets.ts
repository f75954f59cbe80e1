/** Octets as they come and go: base64 of the protocol, files of the person, downloads. */

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The octets of base64 as a file of the browser. */
export function blobOf(base64: string, type = "application/octet-stream"): Blob {
  return new Blob([bytesOf(base64)], { type });
}

export function textOf(base64: string): string {
  return new TextDecoder().decode(bytesOf(base64));
}

export function base64OfText(text: string): string {
  return base64OfBytes(new TextEncoder().encode(text));
}

export function base64OfBytes(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(binary);
}

export async function base64OfFile(file: Blob): Promise<string> {
  return base64OfBytes(new Uint8Array(await file.arrayBuffer()));
}

export function textBlob(text: string): Blob {
  return new Blob([text], { type: "text/plain;charset=utf-8" });
}

/** Hands a file to the person, under a name. */
export function saveFile(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** As many arguments as every browser takes. */
const PIECE = 0x8000;
/** The browser has begun to save by then; some read the address a moment later. */
const KEPT_MS = 60_000;
