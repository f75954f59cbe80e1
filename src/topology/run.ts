/**
 * A lab in motion: switches it on, plays its story, knows when all is quiet, holds the expectations against what
 * happened. What must stay true: the same file and seed give the same report, whoever steps the world.
 */

import type { Host } from "../host/host.ts";
import { NetworkError, type Task } from "../net/index.ts";
import { type Link, stepTo, type World } from "../sim/index.ts";
import { checkExpectation } from "./expect.ts";
import type {
  ExpectationResult,
  Lab,
  LabFailure,
  LabReport,
  Moment,
  RunOptions,
  StartOptions,
  StepEvent,
  StepResult,
} from "./lab.ts";
import { changedOptions } from "./link-options.ts";
import type { LinkDirection, LinkQuality, NetworkFile } from "./network-file.ts";
import { PacketWatch } from "./packet-watch.ts";
import { Story } from "./story.ts";

export interface LabParts {
  readonly file: NetworkFile;
  readonly seed: number;
  readonly world: World;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly links: ReadonlyMap<string, Link>;
  /** Grows while tasks fail. */
  readonly failures: LabFailure[];
}

export class LabRun implements Lab {
  readonly file: NetworkFile;
  readonly seed: number;
  readonly world: World;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly links: ReadonlyMap<string, Link>;
  onStep: (event: StepEvent) => void = () => {};
  readonly #failures: LabFailure[];
  readonly #story: Story;
  readonly #watch: PacketWatch;
  /** Links that are cut one way, or one way after the other. */
  readonly #halfCut = new Map<Link, LinkDirection>();
  #started = false;
  /** When the last packet was seen; before anybody looked it is the instant of the first look. */
  #lastFrameNs: number | undefined;

  constructor(parts: LabParts) {
    this.file = parts.file;
    this.seed = parts.seed;
    this.world = parts.world;
    this.hosts = parts.hosts;
    this.links = parts.links;
    this.#failures = parts.failures;
    this.#story = new Story(parts.file.story, this.#stage(), (event) => this.onStep(event));
    const expected = parts.file.expectations.filter((each) => each.kind === "packets");
    this.#watch = new PacketWatch(expected, () => this.world.interfaces);
    // A world that nobody watches is faster.
    if (expected.length > 0) this.world.addTap(this.#watch);
  }

  get steps(): readonly StepResult[] {
    return this.#story.steps;
  }

  get storyEnded(): boolean {
    return this.#started && this.#story.ended;
  }

  get failures(): readonly LabFailure[] {
    return this.#failures;
  }

  start(options: StartOptions = {}): void {
    if (this.#started) return;
    this.#started = true;
    const play = (): void => {
      if (options.story !== false) this.#story.start();
    };
    let starting = this.hosts.size;
    const started = (): void => {
      // The story begins in a network that is ready.
      if (--starting === 0) play();
    };
    if (starting === 0) play();
    for (const host of this.hosts.values()) {
      this.#startServices(host, started);
      const machine = this.world.host(host.name);
      if (machine === undefined) throw new Error(`${host.name} is not in the world`);
      machine.onPower = (on) => {
        host.forgetRunning();
        if (on) this.#startServices(host, () => {});
      };
    }
  }

  run(options: RunOptions = {}): LabReport {
    const turns = this.runInTurns(options);
    for (;;) {
      const turn = turns.next();
      if (turn.done) return turn.value;
    }
  }

  *runInTurns(options: RunOptions = {}): Generator<void, LabReport> {
    this.start();
    const { world } = this;
    const removeTap = this.#watchForQuiet();
    const limitNs = options.untilNs ?? RUN_LIMIT_NS;
    let end: LabReport["end"] = "quiet";
    let events = 0;
    for (let next = world.nextAtNs; next !== undefined; next = world.nextAtNs) {
      if (next > limitNs) {
        end = "limit";
        break;
      }
      if (options.untilNs === undefined && this.#isQuietUntil(next)) break;
      world.step();
      if (++events % TURN_EVENTS === 0) yield;
    }
    if (options.untilNs !== undefined) world.runUntil(options.untilNs);
    removeTap();
    const expectations = world.run(this.check(), { maxNs: Number.POSITIVE_INFINITY });
    const passed =
      this.storyEnded && this.#failures.length === 0 && expectations.every((each) => each.passed);
    return { passed, endedAtNs: world.nowNs, end, steps: this.steps, expectations, failures: this.#failures };
  }

  runTo(moment: Moment): void {
    this.start();
    const removeTap = this.#watchForQuiet();
    try {
      if ("executed" in moment) stepTo(this.world, moment.executed);
      else this.world.runUntil(moment.timeNs);
    } finally {
      removeTap();
    }
  }

  *check(): Task<readonly ExpectationResult[]> {
    const facts = { host: (name: string) => this.#host(name), steps: this.steps, packets: this.#watch };
    const results: ExpectationResult[] = [];
    for (const expectation of this.file.expectations)
      results.push(yield* checkExpectation(expectation, facts));
    return results;
  }

  close(): void {
    for (const machine of this.world.hosts) {
      machine.onPower = () => {};
      machine.powerOff();
    }
    // What the tasks have to clean up.
    this.world.runUntil(this.world.nowNs);
    for (const host of this.hosts.values()) host.stores.close();
  }

  /** Over several runs it is one watch, so that a pause between them does not move the end. */
  #watchForQuiet(): () => void {
    this.#lastFrameNs ??= this.world.nowNs;
    return this.world.addTap({ handleFrame: ({ timeNs }) => (this.#lastFrameNs = timeNs) });
  }

  #isQuietUntil(timeNs: number): boolean {
    if (!this.storyEnded || timeNs <= (this.#lastFrameNs ?? 0) + QUIET_NS) return false;
    return this.steps.every(({ endedAtNs = 0 }) => timeNs > endedAtNs + QUIET_NS);
  }

  #startServices(host: Host, done: () => void): void {
    const task = "start of the services";
    host.network.spawn(task, host.startAll()).whenDone((outcome) => {
      if ("error" in outcome && !isCancelled(outcome.error)) {
        this.#failures.push({ timeNs: this.world.nowNs, host: host.name, task, error: outcome.error });
      }
      done();
    });
  }

  #host(name: string): Host {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    return host;
  }

  #stage(): ConstructorParameters<typeof Story>[1] {
    const { world } = this;
    return {
      get nowNs() {
        return world.nowNs;
      },
      at: (timeNs, action) => void world.schedule.at(timeNs, action),
      host: (name) => this.#host(name),
      cut: (link, direction) => this.#cut(this.#link(link), direction),
      heal: (link) => this.#heal(this.#link(link)),
      change: (link, direction, quality) => this.#change(this.#link(link), direction, quality),
      powerOff: (host) => this.#setPower(host, false),
      powerOn: (host) => this.#setPower(host, true),
    };
  }

  #link(name: string): Link {
    const link = this.links.get(name);
    if (link === undefined) throw new Error(`there is no link ${name}`);
    return link;
  }

  /** Both ways: the cable is out, and routers find another way if there is one. One way: nobody notices. */
  #cut(link: Link, direction: LinkDirection): void {
    if (direction === "both") {
      link.setUp(false);
      this.world.computeRoutes();
      return;
    }
    const before = this.#halfCut.get(link) ?? direction;
    this.#halfCut.set(link, before === direction ? direction : "both");
    link.partition(before !== direction ? "both" : direction === "forth" ? "a-to-b" : "b-to-a");
  }

  #heal(link: Link): void {
    this.#halfCut.delete(link);
    link.partition("none");
    link.setUp(true);
    this.world.computeRoutes();
  }

  #change(link: Link, direction: LinkDirection, quality: LinkQuality): void {
    const side = direction === "both" ? undefined : direction === "forth" ? "a-to-b" : "b-to-a";
    link.setOptions(changedOptions(quality), side);
    // Routers choose their ways by delay.
    if (quality.delayMs !== undefined) this.world.computeRoutes();
  }

  #setPower(name: string, on: boolean): void {
    const machine = this.world.host(name);
    if (on) machine?.powerOn();
    else machine?.powerOff();
    this.world.computeRoutes();
  }
}

/** The power went while the services were starting: they start again with it. */
function isCancelled(error: unknown): boolean {
  return error instanceof NetworkError && error.code === "cancelled";
}

/** Some 10 ms of a machine's time. */
const TURN_EVENTS = 5_000;
/** A day of virtual time: a story that goes on longer waits for something that does not come. */
const RUN_LIMIT_NS = 86_400e9;
/** No packet for so long after the story: longer than the waits of a dialogue, shorter than the first retry of a mail. */
const QUIET_NS = 10e9;
