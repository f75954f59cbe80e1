/**
 * What leads from this machine into the network that is up: forwarded ports, the SOCKS proxy, the control socket. They
 * follow the engine: closed when another lab takes the place of the one before, and open again, by the same ports, when
 * that one is where it should be. A client that came in on the way to a moment of the past would make it another one.
 */

import type { Engine } from "../../engine/engine.ts";
import type { WayInView } from "../../engine/protocol/index.ts";
import { type Log, messageOf } from "../../net/index.ts";
import type { OsNetwork } from "../../os/index.ts";
import type { Lab } from "../../topology/index.ts";
import { type ControlServer, openControlServer } from "../control/server.ts";
import { wayInViews } from "./announce.ts";
import type { LabFollower } from "./follower.ts";
import { type OpenWayIn, openWaysIn, planWaysIn, type WayIn } from "./ways-in.ts";

export interface DoorsOptions {
  readonly os: OsNetwork;
  readonly engine: Engine;
  readonly log: Log;
  /** The values of --forward; undefined: no way in at all. */
  readonly changes: readonly string[] | undefined;
}

export class Doors implements LabFollower {
  readonly #options: DoorsOptions;
  readonly #first: Lab;
  /** Ports that were free, by way in: the same ones again after a journey. */
  readonly #ports = new Map<string, number>();
  #ways: readonly OpenWayIn[] = [];
  /** The lab that the ways lead into. */
  #lab: Lab | undefined;
  #control: ControlServer | undefined;
  #opening: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: DoorsOptions) {
    this.#options = options;
    this.#first = options.engine.lab;
  }

  get ways(): readonly OpenWayIn[] {
    return this.#ways;
  }

  wayInViews(): WayInView[] {
    return this.#lab === undefined ? [] : wayInViews(this.#lab, this.#ways);
  }

  /** Opens the ways into the lab that is there; returns what is wrong with those that cannot be opened. */
  async openWays(): Promise<readonly string[]> {
    const { os, engine, log } = this.#options;
    const { lab } = engine;
    const { open, problems } = await openWaysIn(this.#plan(lab), os, lab.file, engine.entrance(), log);
    if (this.#isClosed || engine.lab !== lab) {
      for (const { forward } of open) forward.close();
      return [];
    }
    for (const way of open) this.#ports.set(keyOf(way), way.forward.local.port);
    this.#lab = lab;
    this.#ways = open;
    engine.noteWaysIn();
    return problems;
  }

  /** Throws NetworkError or LocalError. */
  async openControl(path: string): Promise<void> {
    const { engine } = this.#options;
    this.#control = await openControlServer(path, {
      get hosts() {
        return engine.lab.hosts;
      },
      get problem() {
        return engine.time.isTravelling ? "time is on its way to another moment: try again" : undefined;
      },
      entrance: () => engine.entrance(),
    });
  }

  handleLab(): void {
    this.#closeWays();
    this.#control?.breakOff("another network, or another moment, has taken the place of the one it ran in");
  }

  handleSettled(): void {
    this.#opening = this.#opening.then(() => this.#openAgain());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closeWays();
    await this.#opening;
    await this.#control?.close();
  }

  async #openAgain(): Promise<void> {
    const { engine, log } = this.#options;
    if (this.#isClosed || engine.lab === this.#lab || engine.time.isTravelling) return;
    try {
      for (const problem of await this.openWays()) log.warn(problem);
    } catch (error) {
      log.warn(messageOf(error));
    }
  }

  #plan({ file }: Lab): WayIn[] {
    const { changes } = this.#options;
    if (changes === undefined) return [];
    return planWaysIn(file, changes, file === this.#first.file).map((way) => {
      const port = way.listen.port === 0 ? (this.#ports.get(keyOf(way)) ?? 0) : way.listen.port;
      return { ...way, listen: { ...way.listen, port } };
    });
  }

  #closeWays(): void {
    for (const { forward } of this.#ways) forward.close();
    this.#ways = [];
    this.#lab = undefined;
  }
}

function keyOf({ kind, name, listen }: WayIn): string {
  return `${kind} ${name} ${listen.address}`;
}
