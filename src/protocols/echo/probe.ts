/**
 * Numbered probes that leave at their interval, and what became of each: answered, twice, late, lost. Whatever echoes
 * can carry them: UDP (`UdpProbes` in client.ts), ICMP (host/shell/ping.ts).
 */

import { type Clock, NetworkError, type Task } from "../../net/index.ts";

/** How probes leave and answers come. */
export interface ProbePath {
  /** Throws NetworkError "unreachable" where there is no route just now. */
  send(sequence: number): void;
  /** What is said next of one of the probes; undefined after the time, or when something else came. */
  receive(timeoutMs: number): Task<ProbeAnswer | undefined>;
  close(): void;
}

export interface ProbeAnswer {
  readonly kind: "reply" | "refused" | "time-exceeded" | "unreachable";
  /** Undefined when the report does not name a probe: then the oldest is meant that still waits. */
  readonly sequence: number | undefined;
  readonly from: string;
  /** Time to live of the answer, where the path tells it. */
  readonly ttl: number | undefined;
}

export interface ProbeOptions {
  readonly count: number;
  readonly intervalMs: number;
  /** How long an answer may take; after that its probe is lost. */
  readonly timeoutMs: number;
}

/**
 * What became of a probe. One that is answered twice is "answered" and then "duplicate"; one whose answer comes after
 * the time limit is "lost" and then "late"; of all others the network says why they have no answer.
 */
export interface ProbeOutcome {
  readonly kind: "answered" | "duplicate" | "late" | "lost" | Exclude<ProbeAnswer["kind"], "reply">;
  /** From 1. */
  readonly sequence: number;
  /** Who answered; undefined when nobody did: it is lost, or could not even be sent ("unreachable"). */
  readonly from: string | undefined;
  readonly roundTripNs: number | undefined;
  readonly ttl: number | undefined;
}

/** Sends probes at their interval, whether answers come or not, and reports each outcome as soon as it is known. */
export function* probe(
  clock: Clock,
  path: ProbePath,
  options: ProbeOptions,
  report: (outcome: ProbeOutcome) => void,
): Task {
  const run = new ProbeRun(clock, path, options, report);
  while (run.sendDue()) {
    const answer = yield* path.receive(run.leftMs());
    if (answer !== undefined) run.handle(answer);
    run.giveUpLost();
  }
}

class ProbeRun {
  readonly #clock: Clock;
  readonly #path: ProbePath;
  readonly #options: ProbeOptions;
  readonly #report: (outcome: ProbeOutcome) => void;
  /** When each probe was sent, by sequence. */
  readonly #sentAtNs = new Map<number, number>();
  /** Those that may still be answered in time, oldest first. */
  readonly #waiting = new Set<number>();
  readonly #answered = new Set<number>();
  #sent = 0;
  #nextAtNs: number;

  constructor(clock: Clock, path: ProbePath, options: ProbeOptions, report: (outcome: ProbeOutcome) => void) {
    this.#clock = clock;
    this.#path = path;
    this.#options = options;
    this.#report = report;
    this.#nextAtNs = clock.nowNs();
  }

  /** Sends what is due now; whether there is anything to wait for. */
  sendDue(): boolean {
    const nowNs = this.#clock.nowNs();
    if (!this.#isAllSent && nowNs >= this.#nextAtNs) {
      this.#nextAtNs = nowNs + this.#options.intervalMs * 1e6;
      this.#send(++this.#sent);
    }
    return !this.#isAllSent || this.#waiting.size > 0;
  }

  /** How long to wait for the next answer: until the oldest probe is lost, or the next one is due. */
  leftMs(): number {
    const [oldest] = this.#waiting;
    const nowNs = this.#clock.nowNs();
    const lostNs = oldest === undefined ? Number.POSITIVE_INFINITY : this.#limitNs - this.#ageNs(oldest);
    const dueNs = this.#isAllSent ? Number.POSITIVE_INFINITY : this.#nextAtNs - nowNs;
    return Math.max(0, Math.min(lostNs, dueNs)) / 1e6;
  }

  handle({ kind, from, ttl, ...answer }: ProbeAnswer): void {
    const [oldest] = this.#waiting;
    const sequence = answer.sequence ?? oldest;
    if (sequence === undefined || !this.#sentAtNs.has(sequence)) return;
    const inTime = this.#waiting.delete(sequence);
    const about = { sequence, from, ttl, roundTripNs: this.#ageNs(sequence) };
    if (kind === "reply") {
      const isSecond = this.#answered.has(sequence);
      this.#answered.add(sequence);
      this.#report({ kind: inTime ? "answered" : isSecond ? "duplicate" : "late", ...about });
    } else if (inTime) this.#report({ kind, ...about });
  }

  giveUpLost(): void {
    for (const sequence of this.#waiting) {
      if (this.#ageNs(sequence) < this.#limitNs) return;
      this.#waiting.delete(sequence);
      this.#report({ kind: "lost", sequence, ...NOBODY });
    }
  }

  #send(sequence: number): void {
    this.#sentAtNs.set(sequence, this.#clock.nowNs());
    this.#waiting.add(sequence);
    try {
      this.#path.send(sequence);
    } catch (error) {
      // The next one may find a route again.
      if (!(error instanceof NetworkError && error.code === "unreachable")) throw error;
      this.#waiting.delete(sequence);
      this.#report({ kind: "unreachable", sequence, ...NOBODY });
    }
  }

  get #isAllSent(): boolean {
    return this.#sent === this.#options.count;
  }

  get #limitNs(): number {
    return this.#options.timeoutMs * 1e6;
  }

  #ageNs(sequence: number): number {
    return this.#clock.nowNs() - (this.#sentAtNs.get(sequence) ?? 0);
  }
}

const NOBODY = { from: undefined, roundTripNs: undefined, ttl: undefined };
