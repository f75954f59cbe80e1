/** Ports of the machine that lead into a simulated world: what TCP and UDP have in common. */

import type { Entrance, Way } from "../engine/outside/index.ts";
import type { Endpoint, Log } from "../net/index.ts";

export interface ForwardOptions {
  readonly way: Way;
  /** Where the machine listens; port 0 takes a free one. */
  readonly listen: Endpoint;
  readonly entrance: Entrance;
  readonly log: Log;
}

/** A port of the machine that leads into the world. */
export interface Forward {
  /** What it is for a person: "smtp". */
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  /** Where the machine listens. */
  readonly local: Endpoint;
  /** Stops listening and breaks off what is going on. */
  close(): void;
}
