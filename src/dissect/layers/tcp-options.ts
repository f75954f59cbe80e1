/**
 * TCP options: RFC 9293 section 3.2, RFC 7323 (window scale, timestamps), RFC 2018 (selective
 * acknowledgment).
 */

import type { TcpContext } from "../dissection.ts";
import type { Walk } from "../walk.ts";

export interface TcpOptions {
  windowScale: number | undefined;
  /** For the line of the packet list: "MSS=1460". */
  readonly info: string[];
}

/** Walks the options up to `end`. */
export function dissectTcpOptions(walk: Walk, end: number, context: TcpContext | undefined): TcpOptions {
  if (end > walk.end) throw walk.error(`a header of ${end - walk.start} octets is cut off`);
  const options: TcpOptions = { windowScale: undefined, info: [] };
  while (walk.at < end) {
    const kind = walk.peek(walk.at, 1);
    if (kind < 2) {
      walk.uint8("tcp.option_kind", "Option", "3.2", { note: (value) => SINGLE[value] });
      continue;
    }
    const length = walk.peek(walk.at + 1, 1);
    if (length < 2 || walk.at + length > end) throw walk.error(`option ${kind} has length ${length}`);
    const known = OPTIONS.get(kind);
    const fits = known !== undefined && (known.length === undefined || known.length === length);
    const [name, section] = known === undefined ? ["Unknown option", "3.2"] : [known.name, known.section];
    walk.group("tcp.option", name, section, () => {
      walk.uint8("tcp.option_kind", "Kind", section);
      walk.uint8("tcp.option_len", "Length", section);
      if (fits) return known.dissect(walk, length, options, context);
      walk.octets(length - 2, "tcp.option.data", "Data", section);
      return `kind ${kind}, ${length} octets`;
    });
    if (known !== undefined && !fits) walk.problem(`length ${length} instead of ${known.length}`);
  }
  return options;
}

interface KnownOption {
  readonly name: string;
  readonly section: string;
  /** Absent: it varies. */
  readonly length?: number;
  /** Walks what follows kind and length. */
  dissect(walk: Walk, length: number, options: TcpOptions, context: TcpContext | undefined): string;
}

const OPTIONS = new Map<number, KnownOption>([
  [
    2,
    {
      ...{ name: "Maximum segment size", section: "3.7.1", length: 4 },
      dissect(walk, _length, options) {
        const size = walk.uint16("tcp.options.mss_val", "Maximum segment size", "3.7.1");
        options.info.push(`MSS=${size}`);
        return `${size} octets`;
      },
    },
  ],
  [
    3,
    {
      ...{ name: "Window scale", section: "RFC 7323 section 2.2", length: 3 },
      dissect(walk, _length, options) {
        const shift = walk.uint8("tcp.options.wscale.shift", "Shift count", "RFC 7323 section 2.2");
        if (shift > SHIFT_MAX) walk.problem(`more than ${SHIFT_MAX} (RFC 7323 section 2.3)`);
        options.windowScale = Math.min(shift, SHIFT_MAX);
        options.info.push(`WS=${2 ** options.windowScale}`);
        return `shift ${shift}: multiply by ${2 ** options.windowScale}`;
      },
    },
  ],
  [
    4,
    {
      ...{ name: "SACK permitted", section: "RFC 2018 section 2", length: 2 },
      dissect(_walk, _length, options) {
        options.info.push("SACK_PERM");
        return "selective acknowledgments may be sent";
      },
    },
  ],
  [
    5,
    {
      ...{ name: "SACK", section: "RFC 2018 section 3" },
      dissect(walk, length, options, context) {
        if ((length - 2) % 8 !== 0) throw walk.error(`SACK has length ${length}`);
        const blocks: string[] = [];
        // The blocks are of the data that flow the other way.
        const base = context?.acknowledgmentBase ?? 0;
        for (let left = length - 2; left > 0; left -= 8) {
          const from = walk.uint32("tcp.options.sack_le", "Left edge", "RFC 2018 section 3");
          const to = walk.uint32("tcp.options.sack_re", "Right edge", "RFC 2018 section 3");
          blocks.push(`${(from - base) >>> 0}-${(to - base) >>> 0}`);
          options.info.push(`SLE=${(from - base) >>> 0} SRE=${(to - base) >>> 0}`);
        }
        return `received ${blocks.join(", ")}`;
      },
    },
  ],
  [
    8,
    {
      ...{ name: "Timestamps", section: "RFC 7323 section 3.2", length: 10 },
      dissect(walk, _length, options) {
        const value = walk.uint32("tcp.options.timestamp.tsval", "Timestamp value", "RFC 7323 section 3.2");
        const echo = walk.uint32(
          "tcp.options.timestamp.tsecr",
          "Timestamp echo reply",
          "RFC 7323 section 3.2",
        );
        options.info.push(`TSval=${value} TSecr=${echo}`);
        return `TSval ${value}, TSecr ${echo}`;
      },
    },
  ],
]);

/** The options of one octet. */
const SINGLE = ["End of option list", "No-operation"];
/** RFC 7323 section 2.3: a larger shift count counts as 14. */
const SHIFT_MAX = 14;
