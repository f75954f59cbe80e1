/**
 * A simulated internet: hosts, routers, switches and links under one schedule, from one seed.
 *
 *     const world = new World({ seed: 1 });
 *     const a = world.addHost("a");
 *     const b = world.addHost("b");
 *     world.connect(a.addInterface({ addresses: ["10.0.0.1/24"] }), b.addInterface({ addresses: ["10.0.0.2/24"] }));
 *     world.computeRoutes();
 *     const connection = world.run(a.network.connect("10.0.0.2", 7, { timeoutMs: 1000 }));
 *
 * What must stay true: everything happens in `step`, one event at a time, and whatever is ready after an event runs
 * before the next one; the same seed and the same calls give the same bytes at the same nanoseconds.
 */

import type { Clock, Task, TaskHandle } from "../net/index.ts";
import type { CallTap } from "./capture/socket-call.ts";
import type { Tap, TapInterface } from "./capture/tap.ts";
import { SimClock } from "./clock.ts";
import { type HostOptions, type HostWorld, SimHost } from "./host.ts";
import { AddressTable } from "./kernel/ip-address.ts";
import { Link, type LinkEnd, nameOf } from "./link/link.ts";
import type { LinkOptions } from "./link/options.ts";
import { type Rule, Rules } from "./link/rules.ts";
import { Switch, SwitchPort } from "./link/switch.ts";
import { Taps } from "./link/taps.ts";
import { PacketMemory } from "./packet-memory.ts";
import { computeRoutes } from "./routing.ts";
import { Schedule } from "./schedule.ts";
import { SocketCalls } from "./socket-calls.ts";
import { type TaskGroup, WorldTasks } from "./tasks.ts";

export interface WorldOptions {
  /** All randomness comes from it. */
  readonly seed: number;
  /** What wall clocks show at virtual time 0. Absent: START_UNIX_MS, so that runs are repeatable. */
  readonly startUnixMs?: number;
  /** Hears of tasks that failed while nobody joined them. Absent: `step` throws their error. */
  readonly onTaskFailure?: (error: unknown, taskName: string, hostName: string) => void;
}

export interface ConnectOptions extends LinkOptions {
  /** Absent: "a/eth0 - b/eth0". */
  readonly name?: string;
  /** The direction from the second end to the first, where it differs. */
  readonly back?: LinkOptions;
}

export class World implements HostWorld {
  readonly seed: number;
  readonly startUnixMs: number;
  readonly schedule = new Schedule();
  readonly taps = new Taps(this.schedule);
  readonly calls = new SocketCalls(this.schedule);
  readonly rules = new Rules();
  readonly addresses = new AddressTable();
  /** The world's own clock, e.g. for a story. */
  readonly clock: Clock;
  readonly #interfaces: TapInterface[] = [];
  readonly #hosts = new Map<string, SimHost>();
  readonly #switches = new Map<string, Switch>();
  readonly #links: Link[] = [];
  readonly #memory = new PacketMemory();
  readonly #tasks: WorldTasks;
  readonly #ownTasks: TaskGroup;
  #packetId = 0;
  #macCount = 0;
  #failure: { error: unknown } | undefined;

  constructor(options: WorldOptions) {
    this.seed = options.seed;
    this.startUnixMs = options.startUnixMs ?? START_UNIX_MS;
    this.clock = new SimClock(this.schedule, this.startUnixMs);
    const keepFailure = (error: unknown): void => {
      this.#failure ??= { error };
    };
    this.#tasks = new WorldTasks(options.onTaskFailure ?? keepFailure);
    this.#ownTasks = this.#tasks.addGroup("world");
  }

  // ---- What it is made of.

  addHost(name: string, options: HostOptions = {}): SimHost {
    return this.#addHost(name, false, options);
  }

  addRouter(name: string, options: HostOptions = {}): SimHost {
    return this.#addHost(name, true, options);
  }

  addSwitch(name: string): Switch {
    this.#checkName(name);
    const added = new Switch(this, name);
    this.#switches.set(name, added);
    return added;
  }

  /** Plugs a link into two interfaces or ports. */
  connect(a: LinkEnd, b: LinkEnd, options: ConnectOptions = {}): Link {
    if (a instanceof SwitchPort && b instanceof SwitchPort && this.#areJoined(a.owner, b.owner)) {
      throw new Error(
        `${nameOf(a)} and ${nameOf(b)} would close a loop of switches, which have no spanning tree`,
      );
    }
    const { name = `${nameOf(a)} - ${nameOf(b)}`, back, ...forth } = options;
    const link = new Link(this, name, a, b, forth);
    if (back !== undefined) link.setOptions(back, "b-to-a");
    this.#links.push(link);
    return link;
  }

  /** Takes a link out, for good: what is on its way is lost. The port of a switch goes with it, an interface stays. */
  disconnect(link: Link): void {
    const at = this.#links.indexOf(link);
    if (at === -1) throw new Error(`the link ${link.name} is not in this world`);
    this.#links.splice(at, 1);
    link.unplug();
    for (const end of [link.a, link.b]) if (end instanceof SwitchPort) end.owner.removePort(end);
  }

  /** The power of a host goes off, and it is taken away with its links. Its interfaces keep their numbers. */
  removeHost(name: string): void {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`there is no host "${name}" in this world`);
    host.powerOff();
    for (const nic of host.interfaces) {
      this.#disconnectEnds(nic);
      host.removeInterface(nic);
    }
    this.#hosts.delete(name);
  }

  /** A switch is taken away, with its links. */
  removeSwitch(name: string): void {
    const removed = this.#switches.get(name);
    if (removed === undefined) throw new Error(`there is no switch "${name}" in this world`);
    for (const port of [...removed.ports]) this.#disconnectEnds(port);
    this.#switches.delete(name);
  }

  /**
   * Finds the shortest paths from every host and router to every network, by delay (see routing.ts), and sets routes.
   * Routes set by hand win. Links that are down and routers that are off do not count: call it again after a change.
   */
  computeRoutes(): void {
    computeRoutes(this.hosts, this.#links);
  }

  get hosts(): readonly SimHost[] {
    return [...this.#hosts.values()];
  }

  get switches(): readonly Switch[] {
    return [...this.#switches.values()];
  }

  get links(): readonly Link[] {
    return this.#links;
  }

  host(name: string): SimHost | undefined {
    return this.#hosts.get(name);
  }

  switch(name: string): Switch | undefined {
    return this.#switches.get(name);
  }

  /** All interfaces and switch ports that there have ever been, each at the index that is its `id`. */
  get interfaces(): readonly TapInterface[] {
    return this.#interfaces;
  }

  /** Tells `tap` of every frame; returns how to stop. */
  addTap(tap: Tap): () => void {
    return this.taps.add(tap);
  }

  /** Tells `tap` of the calls on every socket made from now on; returns how to stop. */
  addCallTap(tap: CallTap): () => void {
    return this.calls.add(tap);
  }

  /** Asks `rule` about every packet that is put on a link; returns how to take it out. */
  addRule(rule: Rule): () => void {
    return this.rules.add(rule);
  }

  // ---- Time.

  get nowNs(): number {
    return this.schedule.nowNs;
  }

  /** When the next thing happens; undefined when nothing is scheduled. */
  get nextAtNs(): number | undefined {
    return this.#tasks.anyReady ? this.nowNs : this.schedule.nextAtNs;
  }

  /** Events run so far: a place to go back to (replay.ts). */
  get executed(): number {
    return this.schedule.executed;
  }

  /** Runs the next event and the tasks that it wakes; false when there is none. */
  step(): boolean {
    // Tasks that were started or woken from outside come before the next event.
    if (!this.#tasks.anyReady && !this.schedule.step()) return false;
    if (this.#tasks.anyReady) this.#runTasks();
    return true;
  }

  /** Runs the tasks that were started or woken from outside, at this instant: no event. */
  runReady(): void {
    if (this.#tasks.anyReady) this.#runTasks();
  }

  /** Runs everything up to `timeNs` and moves the clock there. */
  runUntil(timeNs: number): void {
    for (let next = this.nextAtNs; next !== undefined && next <= timeNs; next = this.nextAtNs) this.step();
    if (timeNs > this.nowNs) this.schedule.advanceTo(timeNs);
  }

  /** Runs until nothing is scheduled any more; false when `maxNs` of virtual time came first. */
  runUntilIdle(limit: { readonly maxNs: number }): boolean {
    for (let next = this.nextAtNs; next !== undefined; next = this.nextAtNs) {
      if (next > limit.maxNs) return false;
      this.step();
    }
    return true;
  }

  /** Runs a task of the world to its end and returns its value, or throws its error. */
  run<T>(task: Task<T>, limit: { readonly maxNs: number } = { maxNs: RUN_MAX_NS }): T {
    return this.finish(this.spawn("run", task), limit);
  }

  /** Runs until a task has ended; returns its value or throws its error. */
  finish<T>(handle: TaskHandle<T>, limit: { readonly maxNs: number } = { maxNs: RUN_MAX_NS }): T {
    let outcome: { value: T } | { error: unknown } | undefined;
    handle.whenDone((ended) => (outcome = ended));
    while (outcome === undefined) {
      const next = this.nextAtNs;
      if (next === undefined) throw new Error(`"${handle.name}" waits for something that will never happen`);
      if (next > limit.maxNs) throw new Error(`"${handle.name}" did not end within ${limit.maxNs} ns`);
      this.step();
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  // ---- Tasks.

  /** A task of no host, e.g. a story. */
  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    return this.#ownTasks.spawn(name, task);
  }

  /** "mail.hamburger.edu: smtp accept": the tasks that have not ended. */
  get liveTaskNames(): string[] {
    return this.#tasks.liveNames;
  }

  // ---- For the parts of the world.

  nextPacketId(): number {
    return this.#packetId++;
  }

  allocate(length: number): Uint8Array {
    return this.#memory.allocate(length);
  }

  register<T extends TapInterface>(make: (id: number, macAddress: number) => T): T {
    // Locally administered (IEEE 802 clause 8.4), and easy to tell apart.
    const made = make(this.#interfaces.length, MAC_FIRST + ++this.#macCount);
    this.#interfaces.push(made);
    return made;
  }

  // ---- Helpers.

  #addHost(name: string, forwards: boolean, options: HostOptions): SimHost {
    this.#checkName(name);
    const host = new SimHost(this, this.#tasks.addGroup(name), name, forwards, options);
    this.#hosts.set(name, host);
    return host;
  }

  #checkName(name: string): void {
    if (this.#hosts.has(name) || this.#switches.has(name))
      throw new Error(`"${name}" is the name of another host or switch already`);
  }

  #disconnectEnds(end: LinkEnd): void {
    const link = this.#links.find((each) => each.a === end || each.b === end);
    if (link !== undefined) this.disconnect(link);
  }

  /** Whether there is a way over switches alone. */
  #areJoined(a: Switch, b: Switch): boolean {
    const reached = new Set([a]);
    for (const reachedSwitch of reached) {
      for (const link of this.#links) {
        if (!(link.a instanceof SwitchPort && link.b instanceof SwitchPort)) continue;
        if (link.a.owner === reachedSwitch) reached.add(link.b.owner);
        if (link.b.owner === reachedSwitch) reached.add(link.a.owner);
      }
    }
    return reached.has(b);
  }

  #runTasks(): void {
    this.#tasks.runReady();
    const failure = this.#failure;
    if (failure === undefined) return;
    this.#failure = undefined;
    throw failure.error;
  }
}

/** 2026-01-01T00:00:00Z: any constant would do, a round one is easy to read in logs. */
const START_UNIX_MS = 1_767_225_600_000;
const MAC_FIRST = 0x02_00_00_00_00_00;
/** A day of virtual time: who waits longer waits by mistake. */
const RUN_MAX_NS = 86_400e9;
