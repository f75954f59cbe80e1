/** Time as the console shows and steers it. */

export interface TimeView {
  readonly labId: number;
  /** Virtual time. */
  readonly nowNs: number;
  /** Steps of the world so far. */
  readonly steps: number;
  readonly paused: boolean;
  /** Virtual seconds per second; null: as fast as possible. */
  readonly speed: number | null;
  /** How far behind the chosen speed the machine has fallen. */
  readonly lagNs: number;
  readonly seed: number;
  /** When the next thing happens; undefined: nothing will. */
  readonly nextAtNs: number | undefined;
  /** How far the run went whose past is looked at: up to there the future is known, until something is changed. */
  readonly horizonNs: number;
  /** Changes, and visits of real clients, that were too many to be recorded: the past is executed without them. */
  readonly unrepeatable: number;
  /** What it is busy with, from 0 to 1. */
  readonly travelling: { readonly toNs: number; readonly progress: number } | undefined;
}

/** A change that somebody made, or the visit of a program of the machine, on the time line. */
export interface InputView {
  readonly timeNs: number;
  /** "outside": a visit. */
  readonly method: string;
  /** "cut the link ocean"; "from 127.0.0.1:53142 to mail.hamburger.edu:25, 1.2 kB in" */
  readonly text: string;
  /** Still to come: it happened in the run whose past is looked at. */
  readonly ahead: boolean;
}

/** Packets and octets of one direction of a link, since the start. */
export interface LoadView {
  readonly link: string;
  /** 0: from the first end to the second. */
  readonly direction: 0 | 1;
  readonly sentPackets: number;
  readonly sentOctets: number;
  readonly droppedPackets: number;
  /** Share of the bandwidth that was used of late, 0 to 1. */
  readonly busy: number;
  readonly queuedPackets: number;
}

/** One packet on one link, for the drawing. */
export interface HopView {
  readonly packetId: number;
  readonly link: string;
  readonly direction: 0 | 1;
  readonly leftNs: number;
  /** When it will arrive, or is lost. */
  readonly arrivesNs: number;
  readonly lost: boolean;
  /** The protocol column, for the colour: "SMTP". */
  readonly protocol: string;
  readonly octets: number;
}
