/**
 * A network file in the fragment of an address: deflated, as base64url. A fragment is not sent to any server. What comes
 * from a link is from outside: it is bounded before it is unpacked.
 */

export class ShareError extends Error {
  override name = "ShareError";
}

/** Throws ShareError when the link would be too long. */
export async function packNetwork(text: string): Promise<string> {
  const packed = await pipe(new TextEncoder().encode(text), new CompressionStream("deflate-raw"), Infinity);
  const code = toBase64Url(packed);
  if (code.length > MAX_LINK_LENGTH) {
    throw new ShareError(
      `The link would have ${code.length.toLocaleString("en")} characters; more than ${MAX_LINK_LENGTH.toLocaleString("en")} do not travel well. Save the file and send that.`,
    );
  }
  return code;
}

/** Throws ShareError when the link is broken or too large. */
export async function unpackNetwork(code: string): Promise<string> {
  if (code.length > MAX_LINK_LENGTH) throw new ShareError("The network in this link is too large.");
  try {
    const bytes = await pipe(fromBase64Url(code), new DecompressionStream("deflate-raw"), MAX_TEXT_OCTETS);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof ShareError) throw error;
    throw new ShareError("The network in this link is incomplete: perhaps it was cut off on its way.");
  }
}

/** What follows "net=" in a fragment; undefined where nothing does. */
export function sharedCode(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, "")).get("net") ?? undefined;
}

async function pipe(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array> {
  const writer = through.writable.getWriter();
  // A failure comes out at the other end, too.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (const reader = through.readable.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new ShareError("The network in this link is too large.");
    }
    chunks.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(code: string): Uint8Array<ArrayBuffer> {
  const binary = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** What browsers, chats and mail programs still hand on in one piece. */
const MAX_LINK_LENGTH = 60_000;
/** Far more than any network that a page could run. */
const MAX_TEXT_OCTETS = 4_000_000;
