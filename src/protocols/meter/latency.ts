/** Many round-trip times in little room: exact least, mean and greatest, and percentiles to about one percent. */

export interface LatencySummary {
  readonly count: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
}

/** Counts times in buckets whose width grows with the time, so that a long test needs no more room than a short one. */
export class Latencies {
  readonly #buckets = new Float64Array(OCTAVES * STEPS);
  #count = 0;
  #sumNs = 0;
  #minNs = Number.POSITIVE_INFINITY;
  #maxNs = 0;

  get count(): number {
    return this.#count;
  }

  get sumNs(): number {
    return this.#sumNs;
  }

  add(ns: number): void {
    this.#count++;
    this.#sumNs += ns;
    if (ns < this.#minNs) this.#minNs = ns;
    if (ns > this.#maxNs) this.#maxNs = ns;
    this.#buckets[bucketOf(ns)]++;
  }

  /** The least time that `percent` of all do not exceed; 0 when there is none. */
  percentileNs(percent: number): number {
    let left = Math.max(1, Math.ceil((percent / 100) * this.#count));
    for (let i = 0; i < this.#buckets.length; i++) {
      left -= this.#buckets[i];
      if (left <= 0) return Math.min(this.#maxNs, Math.max(this.#minNs, middleNsOf(i)));
    }
    return this.#maxNs;
  }

  /** Undefined when nothing was added. */
  summary(): LatencySummary | undefined {
    if (this.#count === 0) return undefined;
    return {
      count: this.#count,
      minMs: this.#minNs / 1e6,
      meanMs: this.#sumNs / this.#count / 1e6,
      maxMs: this.#maxNs / 1e6,
      p50Ms: this.percentileNs(50) / 1e6,
      p90Ms: this.percentileNs(90) / 1e6,
      p99Ms: this.percentileNs(99) / 1e6,
    };
  }
}

/** Each power of two has STEPS buckets of equal width. */
function bucketOf(ns: number): number {
  if (ns < 1) return 0;
  const octave = Math.min(OCTAVES - 1, Math.floor(Math.log2(ns)));
  const step = Math.min(STEPS - 1, Math.max(0, Math.floor((ns / 2 ** octave - 1) * STEPS)));
  return octave * STEPS + step;
}

function middleNsOf(bucket: number): number {
  return 2 ** Math.floor(bucket / STEPS) * (1 + ((bucket % STEPS) + 0.5) / STEPS);
}

/** Up to 2^48 ns: three days. */
const OCTAVES = 48;
/** A bucket is at most 1/64 of its time wide, and its middle at most 0.8 % away. */
const STEPS = 64;
