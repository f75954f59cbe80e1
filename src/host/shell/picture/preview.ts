/**
 * Pictures in terminals: by the terminal's own protocol where it has one and that takes the file as it is, else in
 * blocks of colour, for which a picture must be decoded: PNG. Nothing is written to a terminal that has not said that
 * it understands it.
 */

import { decodeUtf8Lossy, encodeBase64, FormatError } from "../../../bytes/index.ts";
import { coloursOf, halfBlocks } from "./half-blocks.ts";
import { decodePng } from "./png-decoder.ts";

type PreviewProtocol = "kitty" | "iterm2";

/** What a file is by its first octets; undefined when it is no picture that we know. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  for (const [type, offset, magic] of MAGICS) {
    if (magic.every((octet, i) => bytes[offset + i] === octet)) return type;
  }
  return SVG_BEGINNING.test(decodeUtf8Lossy(bytes.subarray(0, SVG_LOOKED_AT))) ? "SVG" : undefined;
}

/** By the variables that terminals set. tmux and screen swallow what they do not know, so nothing is shown there. */
export function previewProtocolOf(
  environment: Readonly<Record<string, string | undefined>>,
): PreviewProtocol | undefined {
  const { TERM = "", TERM_PROGRAM = "", KITTY_WINDOW_ID, LC_TERMINAL, TMUX, STY } = environment;
  if (TERM === "dumb" || TMUX || STY || /^(screen|tmux)/.test(TERM)) return undefined;
  if (KITTY_WINDOW_ID || TERM === "xterm-kitty" || TERM === "xterm-ghostty" || TERM_PROGRAM === "ghostty")
    return "kitty";
  const speaksIterm2 =
    ["iTerm.app", "WezTerm", "vscode", "mintty"].includes(TERM_PROGRAM) || LC_TERMINAL === "iTerm2";
  return speaksIterm2 ? "iterm2" : undefined;
}

/** What a person looks at. */
export interface PreviewTerminal {
  readonly columns: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What to print so that the picture is seen; undefined when the terminal cannot show one of this type. */
export function previewOf(terminal: PreviewTerminal, name: string, bytes: Uint8Array): string | undefined {
  const type = imageTypeOf(bytes);
  if (type === undefined || bytes.length > PREVIEW_MAX) return undefined;
  const { environment, columns } = terminal;
  const protocol = previewProtocolOf(environment);
  if (protocol === "iterm2" && type !== "SVG") return iterm2Image(name, bytes);
  if (type !== "PNG") return undefined;
  if (protocol === "kitty") return kittyImage(bytes);
  const colours = coloursOf(environment);
  return colours && pngInBlocks(bytes, columns, colours);
}

function pngInBlocks(bytes: Uint8Array, columns: number, colours: "rgb" | "256"): string | undefined {
  try {
    return halfBlocks(decodePng(bytes), columns, colours);
  } catch (error) {
    // A broken picture was fetched all the same: the file is what the server has.
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** iTerm2's inline images: OSC 1337 ; File=... : base64 BEL. */
function iterm2Image(name: string, bytes: Uint8Array): string {
  const octets = Uint8Array.from(name, (character) => character.charCodeAt(0) & 0xff);
  const settings = `name=${encodeBase64(octets)};size=${bytes.length};inline=1`;
  return `\x1b]1337;File=${settings}:${encodeBase64(bytes)}\x07\n`;
}

/** Kitty's graphics protocol: APC G, in pieces of at most 4096 characters; f=100 is PNG, q=2 asks for no answer. */
function kittyImage(bytes: Uint8Array): string {
  const text = encodeBase64(bytes);
  let output = "";
  for (let at = 0; at < text.length; at += KITTY_PIECE) {
    const more = at + KITTY_PIECE < text.length ? 1 : 0;
    const control = at === 0 ? `a=T,f=100,q=2,m=${more}` : `m=${more}`;
    output += `\x1b_G${control};${text.slice(at, at + KITTY_PIECE)}\x1b\\`;
  }
  return `${output}\n`;
}

type Magic = readonly [type: string, offset: number, octets: readonly number[]];

const MAGICS: readonly Magic[] = [
  ["PNG", 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["JPEG", 0, [0xff, 0xd8, 0xff]],
  ["GIF", 0, [0x47, 0x49, 0x46, 0x38]],
  ["WebP", 8, [0x57, 0x45, 0x42, 0x50]],
  ["BMP", 0, [0x42, 0x4d]],
  ["TIFF", 0, [0x49, 0x49, 0x2a, 0x00]],
  ["TIFF", 0, [0x4d, 0x4d, 0x00, 0x2a]],
  ["AVIF", 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66]],
  ["HEIC", 4, [0x66, 0x74, 0x79, 0x70, 0x68, 0x65, 0x69, 0x63]],
  ["ICO", 0, [0x00, 0x00, 0x01, 0x00]],
];
/** SVG is XML: what comes before its element are declarations, comments and white space. */
const SVG_BEGINNING = /^\ufeff?\s*(?:<\?[^>]*>\s*|<!--[^>]*-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]/;
const SVG_LOOKED_AT = 2048;
/** More takes longer to draw than a preview is worth. */
export const PREVIEW_MAX = 4 * 1024 * 1024;
const KITTY_PIECE = 4096;
