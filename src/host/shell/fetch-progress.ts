/** The progress bar of `fetch`: a pure function of what is known. */

export interface Progress {
  readonly name: string;
  readonly done: number;
  readonly size: number;
  /** Octets that came since `elapsedMs` began. */
  readonly fresh: number;
  readonly elapsedMs: number;
}

/** One line of `columns` at most: `big.iso  42% [=====>     ] 4.2 of 10.0 MB  1.3 MB/s  0:05 left`. */
export function progressLine({ name, done, size, fresh, elapsedMs }: Progress, columns: number): string {
  const share = size === 0 ? 1 : done / size;
  const rate = elapsedMs > 0 ? (fresh / elapsedMs) * 1000 : 0;
  const leftMs = rate > 0 ? ((size - done) / rate) * 1000 : undefined;
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const left =
    done === size ? formatTime(elapsedMs) : `${leftMs === undefined ? "-:--" : formatTime(leftMs)} left`;
  const tail = `${formatSize(done)} of ${formatSize(size)}  ${formatSize(rate)}/s  ${left}`;
  const room = columns - 1;
  const withBar = room - name.length - percent.length - tail.length - 6;
  if (withBar >= BAR_LEAST) return `${name} ${percent} ${bar(share, Math.min(withBar, BAR_MOST))} ${tail}`;
  const plain = `${percent} ${tail}`;
  return plain.length <= room ? plain : percent.slice(0, Math.max(0, room));
}

/** "17 B", "1.2 kB", "3.4 MB": thousands, as rates of networks are counted. */
export function formatSize(octets: number): string {
  let value = octets;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** "0:05", "12:34", "1:02:03" */
function formatTime(ms: number): string {
  const seconds = Math.min(Math.round(ms / 1000), TIME_MAX_S);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function bar(share: number, width: number): string {
  const full = Math.round(share * width);
  const head = full < width ? ">" : "";
  return `[${"=".repeat(full)}${head}${" ".repeat(width - full - head.length)}]`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];
const BAR_LEAST = 5;
const BAR_MOST = 40;
/** Ten hours short of a hundred: more says no more. */
const TIME_MAX_S = 359_999;
