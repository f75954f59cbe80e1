/**
 * What one console watches, and what it was told last: views of packets, hosts, panels, shells, the lesson. `tell` says
 * what is new. What must stay true: what a console watches is bounded, and telling changes nothing in the lab.
 */

import { LocalError, messageOf } from "../../net/index.ts";
import type { Engine } from "../engine.ts";
import { type IsOver, PacketView } from "../packets/index.ts";
import { panelNamed } from "../panels/registry.ts";
import type { EngineMessage, EventMessage, PacketViewState, ShellOutput } from "../protocol/index.ts";
import type { Run } from "../run/run.ts";
import { hostState } from "../views/host-view.ts";
import { liveStamp } from "../views/network-view.ts";

export class Watches {
  readonly #engine: Engine;
  readonly #send: (message: EngineMessage) => void;
  readonly #views = new Map<number, PacketView>();
  readonly #hosts = new Set<string>();
  readonly #panels = new Map<string, { readonly host: string; readonly panel: string }>();
  readonly #shells = new Set<number>();
  /** What was told last, by what it is about: as text, or as the stamp of what is too large to compare. */
  readonly #told = new Map<string, string | number>();
  #viewCount = 0;
  /** Whether it looks at what moves on the links. */
  traffic = false;
  #failuresTold = 0;
  #hostsToldMs = 0;
  #lessonToldMs = 0;
  #growthToldMs = 0;

  constructor(engine: Engine, send: (message: EngineMessage) => void) {
    this.#engine = engine;
    this.#send = send;
    this.#listen(engine.run);
  }

  // ---- What is watched.

  /** Throws FilterError. */
  openView(filter: string): PacketViewState {
    if (this.#views.size >= VIEWS_MAX)
      throw new LocalError("too-many-views", `${VIEWS_MAX} views are open already`);
    const view = new PacketView(this.#engine.run.packets, filter, ++this.#viewCount);
    this.#views.set(view.id, view);
    this.#engine.workSoon();
    return view.state;
  }

  closeView(id: number): void {
    this.#views.delete(id);
    this.#told.delete(`view ${id}`);
  }

  /** Throws LocalError "no-view". */
  view(id: number): PacketView {
    const view = this.#views.get(id);
    if (view === undefined) throw new LocalError("no-view", `there is no view ${id}`);
    return view;
  }

  watchTraffic(on: boolean): void {
    this.traffic = on;
    this.#told.delete("traffic");
  }

  watchHost(host: string, on: boolean): void {
    toggle(this.#hosts, host, on, HOSTS_MAX);
    this.#told.delete(`host ${host}`);
    this.#hostsToldMs = 0;
    this.#engine.tickSoon();
  }

  watchPanel(host: string, panel: string, on: boolean): void {
    const key = `panel ${host} ${panel}`;
    this.#told.delete(key);
    if (!on) this.#panels.delete(key);
    else if (this.#panels.size < PANELS_MAX) this.#panels.set(key, { host, panel });
    else throw new LocalError("too-many-panels", `${PANELS_MAX} panels are watched already`);
    this.#engine.tickSoon();
  }

  /** What this shell says is told to this console alone. */
  ownShell(shell: number): void {
    this.#shells.add(shell);
    const [oldest] = this.#shells;
    if (this.#shells.size > SHELLS_MAX) this.#shells.delete(oldest);
    this.#tellFirstOutput(shell);
  }

  // ---- What happens.

  /** Another run is looked at: views are made again over its packets, shells keep their numbers. */
  attach(run: Run): void {
    for (const [id, view] of this.#views)
      this.#views.set(id, new PacketView(run.packets, view.filter.text, id));
    this.#told.clear();
    this.#failuresTold = 0;
    this.#listen(run);
  }

  /** Carries the filters on; true when each has looked at every packet. */
  work(isOver: IsOver): boolean {
    let isDone = true;
    for (const view of this.#views.values()) isDone = view.advance(isOver) && isDone;
    if (this.#views.size > 0) this.#engine.tickSoon();
    return isDone;
  }

  /** Time is at another moment: what the commands have said up to there. One that was not begun yet has ended. */
  settle(): void {
    const { shells } = this.#engine.run;
    for (const shell of this.#shells) {
      const say = (output: ShellOutput): void => this.#send({ event: "shell", data: { shell, output } });
      const record = shells.record(shell);
      if (record !== undefined) say({ kind: "again", text: record.text });
      if (record?.isWaiting) say({ kind: "read-line" });
      const status = record === undefined ? EXIT_BROKEN_OFF : record.status;
      if (status !== undefined) say({ kind: "exit", status });
    }
  }

  tell(nowMs: number): void {
    const { run } = this.#engine;
    this.#tellNetwork(run);
    this.#tellChanged("time", { event: "time", data: this.#engine.timeView() });
    this.#tellInputs(run, nowMs);
    if (this.traffic) this.#tellTraffic(run);
    for (const [id, view] of this.#views)
      this.#tellChanged(`view ${id}`, { event: "packets", data: view.state });
    if (nowMs - this.#hostsToldMs >= HOSTS_EVERY_MS) {
      this.#hostsToldMs = nowMs;
      this.#tellHosts(run);
    }
    if (nowMs - this.#lessonToldMs >= LESSON_EVERY_MS) {
      this.#lessonToldMs = nowMs;
      const lesson = this.#engine.lessons.view();
      if (lesson !== undefined) this.#tellChanged("lesson", { event: "lesson", data: lesson });
    }
    this.#tellFailures(run);
  }

  close(): void {
    this.#views.clear();
    this.#hosts.clear();
    this.#panels.clear();
    const { run, time } = this.#engine;
    // Who goes takes his commands with him; but on the way to a moment nothing new may happen.
    if (time.isTravelling) return;
    for (const shell of this.#shells)
      if (run.shells.isRunning(shell)) this.#engine.change("shell.interrupt", { shell });
  }

  #listen(run: Run): void {
    run.shells.listen((shell, output) => {
      if (this.#shells.has(shell) && !this.#engine.time.isTravelling)
        this.#send({ event: "shell", data: { shell, output } });
    });
  }

  /** What it said as it began, before anybody knew whose it is: many commands have ended by then. */
  #tellFirstOutput(shell: number): void {
    const record = this.#engine.run.shells.record(shell);
    if (record === undefined) return;
    const say = (output: ShellOutput): void => this.#send({ event: "shell", data: { shell, output } });
    if (record.text !== "") say({ kind: "print", text: record.text });
    if (record.isWaiting) say({ kind: "read-line" });
    if (record.status !== undefined) say({ kind: "exit", status: record.status });
  }

  #tellNetwork(run: Run): void {
    const stamp = `${run.labId} ${run.revision} ${liveStamp(run)}`;
    if (this.#told.get("network") === stamp) return;
    this.#told.set("network", stamp);
    this.#send({ event: "network", data: this.#engine.networkView() });
  }

  #tellInputs(run: Run, nowMs: number): void {
    const { timeline, position } = run.world.journal;
    // At once when there is a line more; how much has come in one may be told later.
    const lines = `${run.labId} ${timeline.structure} ${timeline.begunBefore(position)}`;
    const isNew = this.#told.get("inputs") !== lines;
    const isGrown = this.#told.get("inputs growth") !== timeline.growth;
    if (!isNew && (!isGrown || nowMs - this.#growthToldMs < GROWTH_EVERY_MS)) return;
    this.#told.set("inputs", lines);
    this.#told.set("inputs growth", timeline.growth);
    this.#growthToldMs = nowMs;
    this.#send({ event: "inputs", data: run.inputViews() });
  }

  #tellTraffic(run: Run): void {
    const taken = run.traffic.latest;
    const last = this.#told.get("traffic");
    if (taken === undefined || last === taken.serial) return;
    this.#told.set("traffic", taken.serial);
    const { nowNs, hops, omitted } = taken;
    // Who has missed one gets them all.
    const loads = last === taken.serial - 1 ? taken.changed : [...taken.loads.values()];
    this.#send({ event: "traffic", data: { nowNs, hops, omitted, loads } });
  }

  #tellHosts(run: Run): void {
    for (const host of this.#hosts) {
      if (!run.lab.hosts.has(host)) continue;
      this.#tellChanged(`host ${host}`, { event: "host", data: hostState(run, host) });
    }
    for (const [key, { host, panel }] of this.#panels) {
      const found = run.lab.hosts.get(host);
      const definition = panelNamed(panel);
      if (found === undefined || !definition.appliesTo(found)) continue;
      const stamp = `${run.labId} ${definition.revision(found)}`;
      if (this.#told.get(key) === stamp) continue;
      this.#told.set(key, stamp);
      this.#send({ event: "panel", data: { host, panel, data: definition.view(found) } });
    }
  }

  #tellFailures(run: Run): void {
    const { failures } = run.lab;
    for (; this.#failuresTold < failures.length; this.#failuresTold++) {
      const { timeNs, host, task, error } = failures[this.#failuresTold];
      this.#send({ event: "failure", data: { timeNs, host, text: `${task}: ${messageOf(error)}` } });
    }
  }

  #tellChanged(key: string, message: EventMessage): void {
    const text = JSON.stringify(message.data);
    if (this.#told.get(key) === text) return;
    this.#told.set(key, text);
    this.#send(message);
  }
}

function toggle(set: Set<string>, key: string, on: boolean, max: number): void {
  if (!on) set.delete(key);
  else if (set.size < max) set.add(key);
  else throw new LocalError("too-many-watched", `${max} hosts are watched already`);
}

/** A page shows one or two lists, and a graph or two. */
const VIEWS_MAX = 16;
const HOSTS_MAX = 32;
const PANELS_MAX = 64;
/** As many as a run remembers. */
const SHELLS_MAX = 256;
/** As a shell reports what a signal has ended. */
const EXIT_BROKEN_OFF = 130;
/** A table that changes more often cannot be read. */
const HOSTS_EVERY_MS = 200;
const LESSON_EVERY_MS = 250;
/** The list is told as a whole. */
const GROWTH_EVERY_MS = 1_000;
