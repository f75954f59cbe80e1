/**
 * A lab in motion: switches it on, plays its story, knows when all is quiet, holds the expectations against what
 * happened. What must stay true: the same file and seed give the same report, whoever steps the world.
 */

import type { Host } from "../host/host.ts";
import { LocalError, NetworkError, type Task } from "../net/index.ts";
import { StubResolver } from "../protocols/dns/index.ts";
import { type Link, stepTo, type World } from "../sim/index.ts";
import { LabChange } from "./change.ts";
import { checkExpectation } from "./expect.ts";
import { stateFacts } from "./expect-state.ts";
import type {
  ExpectationResult,
  Lab,
  LabFailure,
  LabReport,
  LinkState,
  Moment,
  RunOptions,
  StartOptions,
  StepEvent,
  StepResult,
} from "./lab.ts";
import { changedOptions } from "./link-options.ts";
import type { ExpectationSpec, LinkDirection, LinkQuality, NetworkFile } from "./network-file.ts";
import { PacketWatch } from "./packet-watch.ts";
import type { Parts } from "./parts.ts";
import { Story } from "./story.ts";

export interface LabParts {
  readonly file: NetworkFile;
  readonly seed: number;
  readonly world: World;
  /** What makes further parts. */
  readonly parts: Parts;
  readonly hosts: Map<string, Host>;
  readonly links: Map<string, Link>;
  /** Grows while tasks fail. */
  readonly failures: LabFailure[];
}

export class LabRun implements Lab {
  readonly seed: number;
  readonly world: World;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly links: ReadonlyMap<string, Link>;
  onStep: (event: StepEvent) => void = () => {};
  readonly #parts: LabParts;
  readonly #failures: LabFailure[];
  readonly #story: Story;
  readonly #expectations: readonly ExpectationSpec[];
  readonly #watch: PacketWatch;
  /** Hosts that were taken away: their tasks may still end, so their stores stay open. */
  readonly #retired = new Map<string, Host>();
  #file: NetworkFile;
  #started = false;
  #storyStarted = false;
  /** When the last packet was seen; before anybody looked it is the instant of the first look. */
  #lastFrameNs: number | undefined;

  constructor(parts: LabParts) {
    this.#parts = parts;
    this.#file = parts.file;
    this.#expectations = parts.file.expectations;
    this.seed = parts.seed;
    this.world = parts.world;
    this.hosts = parts.hosts;
    this.links = parts.links;
    this.#failures = parts.failures;
    this.#story = new Story(parts.file.story, this.#stage(), (event) => this.onStep(event));
    const expected = this.#expectations.filter((each) => each.kind === "packets");
    this.#watch = new PacketWatch(expected, () => this.world.interfaces);
    // A world that nobody watches is faster.
    if (expected.length > 0) this.world.addTap(this.#watch);
  }

  get file(): NetworkFile {
    return this.#file;
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
      if (options.story !== false) this.playStory();
    };
    let starting = this.hosts.size;
    const started = (): void => {
      // The story begins in a network that is ready.
      if (--starting === 0) play();
    };
    if (starting === 0) play();
    for (const host of this.hosts.values()) this.#switchOn(host, started);
  }

  playStory(): void {
    if (this.#storyStarted) return;
    this.#storyStarted = true;
    this.#story.start();
  }

  changeTo(file: NetworkFile): void {
    const { hosts, links, parts } = this.#parts;
    const change = new LabChange({ world: this.world, parts, hosts, links }, this.#file, file);
    for (const name of change.leaving) this.#retire(name);
    change.make();
    this.#file = file;
    if (!this.#started) return;
    for (const host of change.joined) this.#switchOn(host, () => {});
    for (const { host, task } of change.tasks) this.#spawn(host, "change of the services", task);
  }

  cut(name: string, direction: LinkDirection): void {
    const link = this.#link(name);
    if (direction === "both") {
      link.setUp(false);
      this.world.computeRoutes();
      return;
    }
    const side = direction === "forth" ? "a-to-b" : "b-to-a";
    const { partitioned } = link;
    link.partition(partitioned === "none" || partitioned === side ? side : "both");
  }

  heal(name: string): void {
    const link = this.#link(name);
    link.partition("none");
    link.setUp(true);
    this.world.computeRoutes();
  }

  linkState(name: string): LinkState {
    const link = this.#link(name);
    return link.isUp ? LINK_STATES[link.partitioned] : "down";
  }

  setPower(name: string, on: boolean): void {
    this.#host(name);
    const machine = this.world.host(name);
    if (on) machine?.powerOn();
    else machine?.powerOff();
    this.world.computeRoutes();
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
    const facts = { ...stateFacts(this), steps: this.steps, packets: this.#watch };
    const results: ExpectationResult[] = [];
    for (const expectation of this.#expectations) results.push(yield* checkExpectation(expectation, facts));
    return results;
  }

  close(): void {
    for (const machine of this.world.hosts) {
      machine.onPower = () => {};
      machine.powerOff();
    }
    // What the tasks have to clean up.
    this.world.runUntil(this.world.nowNs);
    for (const host of [...this.hosts.values(), ...this.#retired.values()]) host.stores.close();
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

  /** Its services start now, and again with each return of the power. */
  #switchOn(host: Host, started: () => void): void {
    this.#startServices(host, started);
    const addressing = this.#parts.parts.addressing.get(host.name);
    addressing?.start();
    const machine = this.world.host(host.name);
    if (machine === undefined) throw new Error(`${host.name} is not in the world`);
    machine.onPower = (on) => {
      host.forgetRunning();
      const { resolver } = host.network;
      if (resolver instanceof StubResolver) resolver.flush();
      if (!on) addressing?.handlePowerOff();
      else {
        this.#startServices(host, () => {});
        addressing?.start();
      }
    };
  }

  /** The power of a host goes off for good. */
  #retire(name: string): void {
    const host = this.#host(name);
    this.#retired.get(name)?.stores.close();
    this.#retired.set(name, host);
    this.world.host(name)?.powerOff();
  }

  #startServices(host: Host, done: () => void): void {
    this.#spawn(host, "start of the services", host.startAll(), done);
  }

  #spawn(host: Host, task: string, work: Task, done: () => void = () => {}): void {
    host.network.spawn(task, work).whenDone((outcome) => {
      if ("error" in outcome && !isCancelled(outcome.error)) {
        this.#failures.push({ timeNs: this.world.nowNs, host: host.name, task, error: outcome.error });
      }
      done();
    });
  }

  #host(name: string): Host {
    const host = this.hosts.get(name);
    if (host === undefined) throw new LocalError("unknown-host", `there is no host "${name}"`);
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
      cut: (link, direction) => this.cut(link, direction),
      heal: (link) => this.heal(link),
      change: (link, direction, quality) => this.#change(this.#link(link), direction, quality),
      powerOff: (host) => this.setPower(host, false),
      powerOn: (host) => this.setPower(host, true),
    };
  }

  #link(name: string): Link {
    const link = this.links.get(name);
    if (link === undefined) throw new LocalError("unknown-link", `there is no link "${name}"`);
    return link;
  }

  #change(link: Link, direction: LinkDirection, quality: LinkQuality): void {
    const side = direction === "both" ? undefined : direction === "forth" ? "a-to-b" : "b-to-a";
    link.setOptions(changedOptions(quality), side);
    // Routers choose their ways by delay.
    if (quality.delayMs !== undefined) this.world.computeRoutes();
  }
}

/** The power went while the services were starting: they start again with it. */
function isCancelled(error: unknown): boolean {
  return error instanceof NetworkError && error.code === "cancelled";
}

const LINK_STATES: Readonly<Record<Link["partitioned"], LinkState>> = {
  none: "up",
  "a-to-b": "cut-forth",
  "b-to-a": "cut-back",
  both: "cut-both",
};
/** Some 10 ms of a machine's time. */
const TURN_EVENTS = 5_000;
/** A day of virtual time: a story that goes on longer waits for something that does not come. */
const RUN_LIMIT_NS = 86_400e9;
/** No packet for so long after the story: longer than the waits of a dialogue, shorter than the first retry of a mail. */
const QUIET_NS = 10e9;
