/** Numbers, colours and foreign text as people read them. */

/** Virtual time of nanoseconds: "0.012345 s", "12.5 s", "3 min 20 s". */
export function formatDuration(ns: number): string {
  const seconds = ns / 1e9;
  if (seconds < 120) return `${Number(seconds.toFixed(6))} s`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const parts = [`${minutes} min`, `${Math.floor(seconds % 60)} s`];
  return (hours > 0 ? [`${hours} h`, ...parts] : parts).join(" ");
}

/** "1 packet", "2 packets" */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** Text that came from a network, on one line and without power over the terminal: "\x1b[2J" stays four characters. */
export function visibleText(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === "\t" ? character : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** Wraps text into colours, or leaves it as it is. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

export function paintFor(colour: boolean): Paint {
  const wrap = (code: number) => (text: string) =>
    colour && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { bold: wrap(1), dim: wrap(2), red: wrap(31), green: wrap(32), cyan: wrap(36) };
}
