/**
 * One lab as the engine holds it: recorded, its inputs in a journal, its command lines, its clients from outside, its
 * text. Going back in time makes another one from the same `origin` and the same inputs. Read first: recorded-world.ts,
 * changes.ts, outside/visits.ts.
 */

import type { TaskHandle } from "../../net/index.ts";
import { NetworkDocument } from "../../topology/edit/index.ts";
import { buildNetwork, type Lab, type NetworkFile, type PartsOptions } from "../../topology/index.ts";
import type { Arrival } from "../outside/arrival.ts";
import type { Outside } from "../outside/outside.ts";
import { Visits } from "../outside/visits.ts";
import { PacketStore } from "../packets/index.ts";
import type { ChangeName, InputView, Parameters, Results } from "../protocol/index.ts";
import { Shells } from "../shell/shells.ts";
import { Traffic } from "../traffic/traffic.ts";
import { performChange } from "./changes.ts";
import { type Deed, type Input, Journal, type JournalLimits } from "./journal.ts";
import { RecordedWorld } from "./recorded-world.ts";

/** What a run begins with. */
export interface Origin {
  readonly fileName: string;
  readonly text: string;
  readonly file: NetworkFile;
  readonly seed: number;
  readonly story: boolean;
}

export interface RunOptions {
  readonly origin: Origin;
  readonly labId: number;
  /** Where hosts keep what must survive, and where their logs go; absent: in memory, nowhere. */
  readonly parts?: PartsOptions;
  /** Of the run whose past this one is. */
  readonly journal?: Journal;
  readonly journalLimits?: JournalLimits;
}

export class Run {
  readonly labId: number;
  readonly origin: Origin;
  readonly lab: Lab;
  readonly world: RecordedWorld;
  readonly packets: PacketStore;
  readonly traffic: Traffic;
  readonly shells = new Shells();
  readonly visits: Visits;
  readonly document: NetworkDocument;
  /** Counts changes of structure and state that the drawing shows. */
  revision = 0;
  /** Whether the story was asked for, at the start or later. */
  storyAsked: boolean;
  #stopTraffic: (() => void) | undefined;

  constructor(options: RunOptions) {
    const { origin } = options;
    this.labId = options.labId;
    this.origin = origin;
    this.storyAsked = origin.story;
    this.lab = buildNetwork(origin.file, { ...options.parts, seed: origin.seed });
    const { world } = this.lab;
    this.packets = new PacketStore({ startUnixMs: world.startUnixMs, interfaces: () => world.interfaces });
    world.addTap(this.packets);
    world.addCallTap(this.packets);
    this.traffic = new Traffic(world);
    this.visits = new Visits(this.lab.hosts);
    this.document = new NetworkDocument(origin.text, origin.fileName);
    const journal = new Journal(options.journalLimits, options.journal);
    this.world = new RecordedWorld(world, journal, (input) => this.#repeat(input));
    this.lab.start({ story: origin.story });
    // What is on from the start is on before anybody looks.
    world.runReady();
  }

  /** Does what somebody asked for, now, and records it. Throws LocalError when it cannot be. */
  change<Name extends ChangeName>(method: Name, params: Parameters<Name>): Performed<Name> {
    return this.#record({ method, params }, () => this.#perform(method, params));
  }

  /** Something has come from a program of the machine. */
  arrive(arrival: Arrival, outside: Outside | undefined): void {
    this.#record({ arrival }, () => this.visits.perform(arrival, outside));
  }

  /** The run ends here, for another moment is visited: so do its visits, when this place is passed again. */
  leave(): void {
    if (!this.world.journal.isOutsideFull) this.#bidFarewell(this.visits.open("live"));
  }

  /** Collects what moves on the links, for the drawing. */
  watchTraffic(on: boolean): void {
    if (on) this.#stopTraffic ??= this.lab.world.addTap(this.traffic);
    else {
      this.#stopTraffic?.();
      this.#stopTraffic = undefined;
    }
  }

  /** What was done from outside, on the time line. */
  inputViews(): InputView[] {
    const { timeline, position } = this.world.journal;
    return timeline.views(position);
  }

  close(): void {
    this.shells.close();
    this.packets.close();
    this.lab.close();
  }

  #record<Result>(deed: Deed, perform: () => Result): Result {
    const { journal } = this.world;
    const [endsFuture, wasFull] = [journal.next !== undefined, journal.isOutsideFull];
    const result = this.world.record(deed, perform);
    if (endsFuture) {
      // What these would still have got was in the future that is void.
      for (const visit of this.visits.open("ghost")) {
        const arrival = farewell(visit);
        this.world.recordFarewell(arrival, () => this.visits.perform(arrival, undefined));
      }
    }
    if (journal.isOutsideFull && !wasFull) this.#bidFarewell(this.visits.open("live"));
    return result;
  }

  /** For the journal alone: here these visits go on. */
  #bidFarewell(visits: readonly number[]): void {
    for (const visit of visits) {
      this.world.journal.appendFarewell({ ...this.world.place, arrival: farewell(visit) });
    }
  }

  /** What was done then is done again; whether it worked then, and who waited for it, is all the same now. */
  #repeat(input: Input): void {
    if ("arrival" in input) {
      this.visits.perform(input.arrival, undefined);
      return;
    }
    try {
      this.#perform(input.method, input.params as never);
    } catch {
      // It failed then, too, and was told to who asked for it.
    }
  }

  #perform<Name extends ChangeName>(method: Name, params: Parameters<Name>): Performed<Name> {
    this.revision++;
    return performChange(this, method, params);
  }
}

function farewell(visit: number): Arrival {
  return {
    kind: "break",
    visit,
    code: "reset",
    message: "the client was cut off: another moment was visited",
  };
}

/** A result, or a task of the lab that will have it. */
export type Performed<Name extends ChangeName> =
  | { readonly result: Results[Name] }
  | { readonly task: TaskHandle<Results[Name]> };
