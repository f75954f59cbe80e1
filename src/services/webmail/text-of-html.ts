/**
 * The text of an HTML mail: what a person reads of it, with nothing that is loaded, run or clicked. One walk over the
 * source, so that no mail costs more than its length.
 */

/** Never throws; what it returns is plain text and must be escaped like any other. */
export function textOfHtml(html: string): string {
  const source = html.slice(0, SOURCE_MAX);
  const lower = source.toLowerCase();
  const text = new TextWriter();
  for (let at = 0; at < source.length; ) {
    const tagAt = source.indexOf("<", at);
    text.words(source.slice(at, tagAt === -1 ? source.length : tagAt));
    if (tagAt === -1) break;
    const isComment = source.startsWith("<!--", tagAt);
    const end = source.indexOf(isComment ? "-->" : ">", tagAt);
    if (end === -1) break;
    at = end + (isComment ? 3 : 1);
    const name = isComment
      ? ""
      : (/^<(\/?[a-z][a-z0-9]*)/.exec(lower.slice(tagAt, tagAt + NAME_MAX))?.[1] ?? "");
    if (INVISIBLE.has(name)) {
      const close = lower.indexOf(`</${name}`, at);
      at = close === -1 ? source.length : close;
    } else if (name === "a") text.beginLink(addressIn(source.slice(tagAt, Math.min(end, tagAt + TAG_MAX))));
    else if (name === "/a") text.endLink();
    else text.lineEnds(name);
  }
  return text.finish();
}

/** Collects words and line ends; white space is one space. */
class TextWriter {
  #out = "";
  #link: { readonly address: string; readonly startsAt: number } | undefined;

  words(source: string): void {
    const words = decodeEntities(source.replace(/[\r\n\t ]+/g, " "));
    this.#out += words.startsWith(" ") && /(^|[ \n])$/.test(this.#out.slice(-1)) ? words.slice(1) : words;
  }

  lineEnds(name: string): void {
    if (name === "li") this.#out += "\n- ";
    else if (LINE.has(name)) this.#out += "\n";
    else if (PARAGRAPH.has(name)) this.#out += "\n\n";
    else if (name === "/td" || name === "/th") this.#out += "  ";
  }

  beginLink(address: string): void {
    this.#link = { address, startsAt: this.#out.length };
  }

  /** Where a link really leads stands behind its words. */
  endLink(): void {
    if (this.#link === undefined) return;
    const { address, startsAt } = this.#link;
    this.#link = undefined;
    const words = this.#out.slice(startsAt).trim();
    if (address !== "" && words !== address) this.#out += words === "" ? address : ` [${address}]`;
  }

  finish(): string {
    const lines = this.#out.split("\n").map((line) => line.trim());
    const kept = lines.filter((line, i) => line !== "" || (lines[i - 1] ?? "") !== "");
    return kept.join("\n").trim();
  }
}

function addressIn(tag: string): string {
  const [, quoted, single, bare] = /\shref=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(tag) ?? [];
  return decodeEntities(quoted ?? single ?? bare ?? "").trim();
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return NAMED.get(name.toLowerCase()) ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isCharacter = code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
    return isCharacter ? String.fromCodePoint(code) : "\ufffd";
  });
}

const INVISIBLE = new Set(["script", "style", "title", "template"]);
const LINE = new Set([
  "br",
  "hr",
  "div",
  "/div",
  "tr",
  "/tr",
  "/li",
  "section",
  "article",
  "header",
  "footer",
]);
const PARAGRAPH = new Set(
  ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "pre"].flatMap((name) => [
    name,
    `/${name}`,
  ]),
);
const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
  ["copy", "\u00a9"],
  ["euro", "\u20ac"],
  ["hellip", "\u2026"],
  ["ndash", "\u2013"],
  ["mdash", "\u2014"],
  ["laquo", "\u00ab"],
  ["raquo", "\u00bb"],
  ["auml", "\u00e4"],
  ["ouml", "\u00f6"],
  ["uuml", "\u00fc"],
  ["szlig", "\u00df"],
  ["agrave", "\u00e0"],
  ["ccedil", "\u00e7"],
  ["eacute", "\u00e9"],
  ["egrave", "\u00e8"],
  ["ecirc", "\u00ea"],
]);
/** More than a person reads. */
const SOURCE_MAX = 256 * 1024;
const NAME_MAX = 32;
/** Of a tag's attributes. */
const TAG_MAX = 4096;
