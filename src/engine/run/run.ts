/**
 * One lab as the engine holds it: recorded, its inputs in a journal, its command lines, its text. Going back in time
 * makes another one from the same `origin` and the same inputs. Read first: recorded-world.ts, changes.ts.
 */

import type { TaskHandle } from "../../net/index.ts";
import { NetworkDocument } from "../../topology/edit/index.ts";
import { buildNetwork, type Lab, type NetworkFile, type PartsOptions } from "../../topology/index.ts";
import { PacketStore } from "../packets/index.ts";
import type { ChangeName, InputView, Parameters, Results } from "../protocol/index.ts";
import { Shells } from "../shell/shells.ts";
import { Traffic } from "../traffic/traffic.ts";
import { performChange } from "./changes.ts";
import { describeChange } from "./describe.ts";
import { type Input, Journal } from "./journal.ts";
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
  /** Inputs of the run whose past this one is. */
  readonly inputs?: readonly Input[];
}

export class Run {
  readonly labId: number;
  readonly origin: Origin;
  readonly lab: Lab;
  readonly world: RecordedWorld;
  readonly packets: PacketStore;
  readonly traffic: Traffic;
  readonly shells = new Shells();
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
    this.document = new NetworkDocument(origin.text, origin.fileName);
    this.world = new RecordedWorld(world, new Journal(options.inputs), (input) => this.#repeat(input));
    this.lab.start({ story: origin.story });
    // What is on from the start is on before anybody looks.
    world.runReady();
  }

  /** Does what somebody asked for, now, and records it. Throws LocalError when it cannot be. */
  change<Name extends ChangeName>(method: Name, params: Parameters<Name>): Performed<Name> {
    return this.world.change(method, params, () => this.#perform(method, params));
  }

  /** Collects what moves on the links, for the drawing. */
  watchTraffic(on: boolean): void {
    if (on) this.#stopTraffic ??= this.lab.world.addTap(this.traffic);
    else {
      this.#stopTraffic?.();
      this.#stopTraffic = undefined;
    }
  }

  /** The changes on the time line. */
  inputViews(): InputView[] {
    const { inputs, position } = this.world.journal;
    return inputs.map(({ timeNs, method, params }, at) => {
      return { timeNs, method, text: describeChange(method, params), ahead: at >= position };
    });
  }

  close(): void {
    this.shells.close();
    this.packets.close();
    this.lab.close();
  }

  /** What was done then is done again; whether it worked then, and who waited for it, is all the same now. */
  #repeat({ method, params }: Input): void {
    try {
      this.#perform(method, params as never);
    } catch {
      // It failed then, too, and was told to who asked for it.
    }
  }

  #perform<Name extends ChangeName>(method: Name, params: Parameters<Name>): Performed<Name> {
    this.revision++;
    return performChange(this, method, params);
  }
}

/** A result, or a task of the lab that will have it. */
export type Performed<Name extends ChangeName> =
  | { readonly result: Results[Name] }
  | { readonly task: TaskHandle<Results[Name]> };
