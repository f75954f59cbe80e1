/**
 * What a console talks to: one lab that runs, its packets, its time, and whoever looks at it. The same in Node
 * (`hamlet up`, over a WebSocket) and in a Web Worker of the page.
 *
 *     const engine = new Engine({ machine, place: "worker", shipped, source });
 *     const session = engine.connect((message) => postMessage(message));
 *     onmessage = ({ data }) => session.handle(data);
 *
 * What must stay true: nothing touches the lab but recorded changes, and arrivals by an `entrance`, which are recorded,
 * too; and looking changes nothing. Read next: run/run.ts, time/time-control.ts, session/session.ts.
 */

import { LocalError } from "../net/index.ts";
import type { MachineTimers } from "../sim/index.ts";
import { formatFileError, type Lab, type PartsOptions, parseNetworkFile } from "../topology/index.ts";
import { FileKeeper, type OwnFile } from "./file-keeper.ts";
import { LessonKeeper } from "./lessons/lesson-keeper.ts";
import { LabEntrance } from "./outside/lab-entrance.ts";
import type { Entrance } from "./outside/outside.ts";
import type {
  ChangeName,
  EngineMessage,
  FileError,
  LessonView,
  NetworkView,
  Parameters,
  ShippedView,
  TimeView,
  WayInView,
} from "./protocol/index.ts";
import { refusalOf } from "./run/changes.ts";
import type { Journal, JournalLimits } from "./run/journal.ts";
import { type Origin, type Performed, Run } from "./run/run.ts";
import { Session } from "./session/session.ts";
import { type Shipped, type Source, shippedSource, shippedViews } from "./shipped.ts";
import { type JourneyEnd, type Target, TimeControl } from "./time/time-control.ts";
import { networkView } from "./views/network-view.ts";
import { savedText } from "./views/saved-text.ts";

export type { Shipped, Source } from "./shipped.ts";

export interface EngineOptions {
  /** The machine's time and timers: of Node, of a browser's worker, or of a test. */
  readonly machine: MachineTimers;
  readonly place: "server" | "worker";
  readonly shipped: Shipped;
  /** What is opened first. */
  readonly source: Source;
  /** Where `source` was read from, when it may be saved there. */
  readonly ownFile?: OwnFile;
  readonly seed?: number;
  /** Absent: 1. */
  readonly speed?: number;
  /** Whether time goes on at once; absent: true. */
  readonly playing?: boolean;
  /** Whether the file's story is played; absent: false, for whoever opens a console wants to do it himself. */
  readonly story?: boolean;
  readonly parts?: PartsOptions;
  /** How much is recorded; absent: run/journal.ts. */
  readonly journalLimits?: JournalLimits;
  /** How programs of this machine come in, now. */
  readonly waysIn?: () => readonly WayInView[];
  /** Another lab has taken the place of the one before, which is closed when this returns. */
  readonly onLab?: (lab: Lab) => void;
  /** A journey has ended, or another lab begins: the lab is where it should be, and may be entered from outside. */
  readonly onSettled?: () => void;
}

export class Engine {
  readonly options: EngineOptions;
  readonly lessons: LessonKeeper;
  readonly file: FileKeeper;
  #run: Run;
  readonly #time: TimeControl;
  readonly #sessions = new Set<Session>();
  /** The furthest instant of the run whose past is looked at. */
  #horizonNs = 0;
  #labCount = 0;
  #cancelTick: (() => void) | undefined;
  #cancelWork: (() => void) | undefined;
  #isClosed = false;

  /** Throws LocalError "bad-network-file", with all mistakes in its message, when the source is not a network. */
  constructor(options: EngineOptions) {
    this.options = options;
    const { source, seed, story = false } = options;
    const opened = originOf(source, seed, story);
    if ("errors" in opened) {
      throw new LocalError("bad-network-file", opened.errors.map(formatFileError).join("\n"));
    }
    this.lessons = new LessonKeeper(options.shipped, () => this.#time.isTravelling);
    this.file = new FileKeeper(options.ownFile, source.text);
    this.#run = this.#newRun(opened.origin);
    this.#time = new TimeControl(this.#run, {
      machine: options.machine,
      speed: options.speed ?? 1,
      playing: false,
      onMoved: () => this.tickSoon(),
    });
    if (options.playing !== false) this.#time.play();
  }

  get run(): Run {
    return this.#run;
  }

  /** The lab that is looked at now; another one after `open`, `restart` or a journey into the past. */
  get lab(): Lab {
    return this.#run.lab;
  }

  get time(): TimeControl {
    return this.#time;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * A console begins to talk; `send` is called with what it is told, never from inside `connect`. While `isBehind` says
   * that it has not read that yet, it is not told more: what it hears later is how things are then.
   */
  connect(send: (message: EngineMessage) => void, isBehind: () => boolean = () => false): Session {
    const session = new Session(this, { send, isBehind, onClose: () => this.#sessions.delete(session) });
    this.#sessions.add(session);
    // While nothing happens in the lab nothing else would begin the ticks of the first console.
    this.tickSoon();
    return session;
  }

  /** Where programs of this machine come into the lab that is looked at now. */
  entrance(): Entrance {
    return new LabEntrance(this, () => this.#noteChange());
  }

  /** Does a change and records it. What was known of the future is void. Throws LocalError. */
  change<Name extends ChangeName>(method: Name, params: Parameters<Name>): Performed<Name> {
    if (this.#time.isTravelling) {
      throw new LocalError("travelling", "time is on its way to another moment: wait, or stop it there");
    }
    const refusal = refusalOf(this.#run, method, params);
    if (refusal !== undefined) return { result: refusal };
    const performed = this.#time.enter(() => this.#run.change(method, params));
    this.#noteChange();
    return performed;
  }

  networkView(): NetworkView {
    return networkView(this.#run, this.options.waysIn?.() ?? []);
  }

  timeView(): TimeView {
    const { world, labId, origin } = this.#run;
    this.#horizonNs = Math.max(this.#horizonNs, world.nowNs);
    return {
      ...this.#time.view(),
      labId,
      seed: origin.seed,
      horizonNs: this.#horizonNs,
      unrepeatable: world.journal.unrepeatable,
    };
  }

  /** Opens another network in place of the one that runs; returns what is wrong with it instead. */
  open(source: Source, seed: number | undefined, story: boolean): readonly FileError[] {
    const opened = originOf(source, seed, story);
    if ("errors" in opened) return opened.errors;
    this.file.noteRuns(source.basis);
    this.#replace(this.#newRun(opened.origin));
    this.#beginAnew();
    this.#time.play();
    return [];
  }

  /** Saves the file that `hamlet up` was given, or throws LocalError; returns what later changes are based on. */
  saveFile(text: string, basis: string | null): string {
    const saved = this.file.save(text, basis);
    // A file that was edited, but does not run, is not what a console saves of what runs.
    if (text === this.#run.origin.text || text === savedText(this.#run)) this.file.noteRuns(saved);
    return saved;
  }

  /** The same network from its beginning, without what was done to it. */
  restart(seed: number | undefined, story: boolean | undefined): void {
    const { origin } = this.#run;
    const wasPlaying = this.#time.isPlaying;
    this.#replace(this.#newRun({ ...origin, seed: seed ?? origin.seed, story: story ?? origin.story }));
    this.#beginAnew();
    if (wasPlaying) this.#time.play();
  }

  /** Goes to a target; `isPast` says that it lies before now, so that all is executed again. */
  goTo(target: Target, isPast: boolean, end: (how: JourneyEnd) => void): void {
    if (isPast) {
      this.timeView();
      this.#run.leave();
      this.#replace(this.#newRun(this.#run.origin, this.#run.world.journal));
    }
    this.#time.travel(target, (how) => {
      this.#settle();
      end(how);
    });
  }

  shippedSource(id: string): Source {
    return shippedSource(this.options.shipped, id);
  }

  shippedViews(): ShippedView[] {
    return shippedViews(this.options.shipped);
  }

  /** Opens a lesson and the network that it is about. Throws LocalError. */
  openLesson(id: string): LessonView {
    this.open(this.lessons.source(id), undefined, false);
    return this.lessons.open(id, this.#run);
  }

  /** Programs of this machine come in by other ways now. */
  noteWaysIn(): void {
    this.#run.revision++;
    this.tickSoon();
  }

  /** A console has begun or stopped to look at the links. */
  noteTrafficWatch(): void {
    this.#run.watchTraffic([...this.#sessions].some(({ watches }) => watches.traffic));
  }

  /** Tells the consoles what is new, soon. */
  tickSoon(): void {
    if (this.#isClosed || this.#sessions.size === 0) return;
    this.#cancelTick ??= this.options.machine.callAfter(TICK_MS, () => this.#tick());
  }

  /** Something is to be done bit by bit: packets to be analysed, filters to be tried. */
  workSoon(): void {
    if (this.#isClosed) return;
    this.#cancelWork ??= this.options.machine.callAfter(0, () => this.#work());
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTick?.();
    this.#cancelWork?.();
    this.#time.pause();
    for (const session of this.#sessions) session.close();
    this.#run.close();
  }

  #tick(): void {
    this.#cancelTick = undefined;
    // Where nothing happens, time goes on all the same.
    if (this.#time.isPlaying) this.#time.enter(() => {});
    const nowMs = this.options.machine.nowNs() / 1e6;
    this.#run.traffic.collect();
    for (const session of this.#sessions) session.tick(nowMs);
    this.workSoon();
    if (this.#time.isPlaying || this.#time.isTravelling) this.tickSoon();
  }

  #work(): void {
    this.#cancelWork = undefined;
    const { machine } = this.options;
    const endNs = machine.nowNs() + WORK_MS * 1e6;
    const isOver = (): boolean => machine.nowNs() >= endNs;
    let isDone = this.#run.packets.analyzeSome(isOver);
    for (const session of this.#sessions) isDone = session.work(isOver) && isDone;
    if (!isDone) this.workSoon();
  }

  /** What was known of the future is void. */
  #noteChange(): void {
    this.#horizonNs = this.#run.world.nowNs;
  }

  /** With the journal of the run whose past it is. */
  #newRun(origin: Origin, journal?: Journal): Run {
    const { parts, journalLimits } = this.options;
    return new Run({
      ...{ origin, labId: ++this.#labCount },
      ...(journal === undefined ? {} : { journal }),
      ...(parts === undefined ? {} : { parts }),
      ...(journalLimits === undefined ? {} : { journalLimits }),
    });
  }

  #beginAnew(): void {
    this.#horizonNs = 0;
    this.#settle();
  }

  #settle(): void {
    for (const session of this.#sessions) session.settle();
    this.options.onSettled?.();
  }

  #replace(run: Run): void {
    const before = this.#run;
    this.#run = run;
    this.#time.attach(run);
    this.noteTrafficWatch();
    this.lessons.attach(run);
    for (const session of this.#sessions) session.attach(run);
    this.options.onLab?.(run.lab);
    before.close();
    this.tickSoon();
  }
}

function originOf(
  { text, fileName }: Source,
  seed: number | undefined,
  story: boolean,
): { readonly origin: Origin } | { readonly errors: readonly FileError[] } {
  const { file, errors } = parseNetworkFile(text, fileName);
  if (file === undefined) return { errors };
  return { origin: { fileName, text, file, seed: seed ?? file.seed, story } };
}

/** Twenty times a second: the page draws the time between by itself. */
const TICK_MS = 50;
/** A console hears an answer, and a real client its packets, within this time. */
const WORK_MS = 10;
