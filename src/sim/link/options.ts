/**
 * What a link is like and what goes wrong on it. Every knob has its sentence here. Faults act on packets, each
 * direction of a link for itself; each knob draws from a random stream of its own, so that turning one does not
 * change what the others do.
 */

export interface LinkOptions {
  /** How long a packet travels once its last bit has been sent. Absent: DELAY_MS_DEFAULT. */
  readonly delayMs?: number;
  /** How fast bits are sent, in bit/s: a packet of L octets takes 8 L / bandwidthBps seconds to leave. Absent: 1 Gbit/s. */
  readonly bandwidthBps?: number;
  /** How many packets may wait behind the one that is being sent; one more is dropped (drop-tail). Absent: 1000. */
  readonly queuePackets?: number;
  /** How many octets may wait behind the one that is being sent; a packet that does not fit is dropped. Absent: any. */
  readonly queueBytes?: number;
  /** Each packet travels up to this much longer, uniformly at random; jitter never changes the order of packets. */
  readonly jitterMs?: number;
  /** The probability that a packet is lost after it was sent, each independent of the others. */
  readonly loss?: number;
  /** Loss in bursts (Gilbert-Elliott), beside `loss`. */
  readonly lossBurst?: BurstOptions;
  /** The probability that a packet is held back by `reorderMs`, so that packets behind it arrive first. */
  readonly reorder?: number;
  /** How long a reordered packet is held back. Absent: REORDER_MS_DEFAULT. */
  readonly reorderMs?: number;
  /** The probability that a packet arrives twice, the copy right behind it. */
  readonly duplicate?: number;
  /** The probability that one octet of a packet is changed without the link noticing (no frame check catches it). */
  readonly corrupt?: number;
}

/** The link is good or bad; before each packet it may change sides, and on the bad side packets are lost. */
export interface BurstOptions {
  /** The probability to go from good to bad, per packet. */
  readonly enter: number;
  /** The probability to go from bad to good, per packet: a bad time lasts 1 / leave packets on average. */
  readonly leave: number;
  /** The probability that a packet is lost in a bad time. Absent: 1. */
  readonly loss?: number;
}

/** The options with every default filled in. */
export type FullLinkOptions = Required<Omit<LinkOptions, "lossBurst">> & {
  readonly lossBurst: Required<BurstOptions> | undefined;
};

/** Fills in `base` and checks; a knob that makes no sense is the caller's mistake (RangeError). */
export function fullLinkOptions(options: LinkOptions, base: FullLinkOptions = DEFAULTS): FullLinkOptions {
  const burst = options.lossBurst ?? base.lossBurst;
  const full: FullLinkOptions = {
    delayMs: options.delayMs ?? base.delayMs,
    bandwidthBps: options.bandwidthBps ?? base.bandwidthBps,
    queuePackets: options.queuePackets ?? base.queuePackets,
    queueBytes: options.queueBytes ?? base.queueBytes,
    jitterMs: options.jitterMs ?? base.jitterMs,
    loss: options.loss ?? base.loss,
    lossBurst: burst === undefined ? undefined : { loss: 1, ...burst },
    reorder: options.reorder ?? base.reorder,
    reorderMs: options.reorderMs ?? base.reorderMs,
    duplicate: options.duplicate ?? base.duplicate,
    corrupt: options.corrupt ?? base.corrupt,
  };
  checkOptions(full);
  return full;
}

function checkOptions(options: FullLinkOptions): void {
  for (const name of ["delayMs", "queuePackets", "queueBytes", "jitterMs", "reorderMs"] as const) {
    if (!(options[name] >= 0)) throw new RangeError(`link: ${name} is ${options[name]}, not 0 or more`);
  }
  if (!(options.bandwidthBps > 0)) {
    throw new RangeError(`link: bandwidthBps is ${options.bandwidthBps}, not more than 0`);
  }
  const probabilities: [string, number][] = [
    ["loss", options.loss],
    ["reorder", options.reorder],
    ["duplicate", options.duplicate],
    ["corrupt", options.corrupt],
    ["lossBurst.enter", options.lossBurst?.enter ?? 0],
    ["lossBurst.leave", options.lossBurst?.leave ?? 0],
    ["lossBurst.loss", options.lossBurst?.loss ?? 0],
  ];
  for (const [name, value] of probabilities) {
    if (!(value >= 0 && value <= 1)) throw new RangeError(`link: ${name} is ${value}, not between 0 and 1`);
  }
}

/** A permanent, ordinary delay: no link is instant. About that of a city. */
const DELAY_MS_DEFAULT = 1;
/** Longer than a packet of 1500 octets takes at 10 Mbit/s, so that something overtakes. */
const REORDER_MS_DEFAULT = 5;
/** The transmit queue of a Linux interface. */
const QUEUE_PACKETS_DEFAULT = 1000;

const DEFAULTS: FullLinkOptions = {
  delayMs: DELAY_MS_DEFAULT,
  bandwidthBps: 1e9,
  queuePackets: QUEUE_PACKETS_DEFAULT,
  queueBytes: Number.POSITIVE_INFINITY,
  jitterMs: 0,
  loss: 0,
  lossBurst: undefined,
  reorder: 0,
  reorderMs: REORDER_MS_DEFAULT,
  duplicate: 0,
  corrupt: 0,
};
