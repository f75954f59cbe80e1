/**
 * A network that was built from its file: hosts, links by name, the story and the expectations, all in one world.
 * Made by `buildNetwork`; driven by `run` (virtual time, to the end of the story) or by whoever steps the world
 * (`hamlet up`, the console) after `start`.
 */

import type { Host } from "../host/host.ts";
import type { Task } from "../net/index.ts";
import type { Link, World } from "../sim/index.ts";
import type { ExpectationSpec, LinkDirection, NetworkFile, StepSpec } from "./network-file.ts";

export interface Lab {
  /** What the network is now; `changeTo` replaces it. */
  readonly file: NetworkFile;
  readonly seed: number;
  readonly world: World;
  /** Hosts and routers by name, in the order of the file. */
  readonly hosts: ReadonlyMap<string, Host>;
  readonly links: ReadonlyMap<string, Link>;
  /** The story so far, step by step; filled while time goes on. */
  readonly steps: readonly StepResult[];
  /** Whether every step of the story has ended. */
  readonly storyEnded: boolean;
  /** What went wrong in tasks that nobody waits for, so far. */
  readonly failures: readonly LabFailure[];
  /** Called for each line that a step prints and when a step begins or ends: live output. */
  onStep: (event: StepEvent) => void;
  /** Switches everything on: services first, then the story. Time goes on only when the world is stepped. */
  start(options?: StartOptions): void;
  /** Plays in virtual time from start to the end of the story, and until all is quiet or `untilNs` has come. */
  run(options?: RunOptions): LabReport;
  /** As `run`, pausing after every some thousand events: for a caller who must look up now and then. */
  runInTurns(options?: RunOptions): Generator<void, LabReport>;
  /** Runs exactly so far, never back (that is `replayLab`): to look, to change something, then to `run` on. */
  runTo(moment: Moment): void;
  /** The expectations as they stand now: `world.run(lab.check())`, or spawned where the world runs by itself. */
  check(): Task<readonly ExpectationResult[]>;
  /** Plays the story, where `start` was told not to. Does nothing when it is played already. */
  playStory(): void;
  /**
   * Makes the running network what another file says: hosts, switches, links, addresses, accounts, services. What both
   * files say alike is left as it is, whatever happened to it since. The story and the expectations stay those that
   * the lab was built with. `edit/` makes such files.
   */
  changeTo(file: NetworkFile): void;

  // ---- What goes wrong. Throws LocalError for what does not exist.

  /** Both ways: the cable is out, and routers find another way if there is one. One way: nobody notices. */
  cut(link: string, direction: LinkDirection): void;
  heal(link: string): void;
  linkState(link: string): LinkState;
  setPower(host: string, on: boolean): void;

  /** The power goes off everywhere, the stores are closed. */
  close(): void;
}

/** "down": the cable is out. Cut: nothing passes in that direction, and nobody notices. */
export type LinkState = "up" | "down" | "cut-forth" | "cut-back" | "cut-both";

/** A point of a run: after so many events (`World.executed`), or after all that happens up to an instant. */
export type Moment = { readonly executed: number } | { readonly timeNs: number };

export interface StartOptions {
  /** False: everything is on, but nothing of the story happens. Absent: true. */
  readonly story?: boolean;
}

export interface RunOptions {
  /** The instant of virtual time at which it ends; absent: when the story is over and all is quiet. */
  readonly untilNs?: number;
}

export type StepEvent =
  | { readonly kind: "begin"; readonly timeNs: number; readonly step: StepSpec }
  | { readonly kind: "output"; readonly timeNs: number; readonly step: StepSpec; readonly line: OutputLine }
  | { readonly kind: "end"; readonly timeNs: number; readonly step: StepSpec; readonly exit: number };

/** How a step of the story went. */
export interface StepResult {
  readonly step: StepSpec;
  readonly startedAtNs: number | undefined;
  readonly endedAtNs: number | undefined;
  /** Exit status of a command; 0 of an action that was done; undefined before the end. */
  readonly exit: number | undefined;
  /** What was printed, in order, with its virtual time. */
  readonly output: readonly OutputLine[];
}

export interface OutputLine {
  readonly timeNs: number;
  readonly kind: "print" | "error";
  readonly text: string;
}

export interface ExpectationResult {
  readonly expectation: ExpectationSpec;
  readonly passed: boolean;
  /** "a mail to bob@mail.hamburger.edu with …": one line for a person. */
  readonly description: string;
  /** What was found instead, or where it was found. */
  readonly found: string;
}

/** What `Lab.run` reports. */
export interface LabReport {
  /** Every expectation passed and the story came to its end. */
  readonly passed: boolean;
  readonly endedAtNs: number;
  /** Why the run ended: nothing was left to do, or the limit came first. */
  readonly end: "quiet" | "limit";
  readonly steps: readonly StepResult[];
  readonly expectations: readonly ExpectationResult[];
  /** What went wrong in tasks that nobody waits for: services that did not start, mistakes of our own. */
  readonly failures: readonly LabFailure[];
}

export interface LabFailure {
  readonly timeNs: number;
  readonly host: string;
  /** The task that failed. */
  readonly task: string;
  readonly error: unknown;
}
