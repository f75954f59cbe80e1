/** A capture that is written while it is made: each packet once, where it began. */

import { closeSync, openSync } from "node:fs";
import { LocalError } from "../../net/index.ts";
import { fileProblem } from "../../os/index.ts";
import { atOrigin, type FrameEvent, hostNamesOf, PcapngStream, type Tap } from "../../sim/capture/index.ts";
import type { Lab } from "../../topology/index.ts";
import { writeAll } from "../files.ts";

export class LiveCapture implements Tap {
  readonly #descriptor: number;
  readonly #stream: PcapngStream;
  readonly #removeTap: () => void;
  #timer: NodeJS.Timeout | undefined;
  #number = 0;

  /** Begins to record; throws LocalError when the file cannot be written. */
  static open(path: string, lab: Lab): LiveCapture {
    try {
      return new LiveCapture(openSync(path, "w"), lab);
    } catch (error) {
      throw new LocalError(
        "no-capture-file",
        `the capture cannot be written to ${path}: ${fileProblem(error)}`,
        { cause: error },
      );
    }
  }

  constructor(descriptor: number, lab: Lab) {
    const { interfaces, startUnixMs } = lab.world;
    this.#descriptor = descriptor;
    this.#stream = new PcapngStream(
      { interfaces, startUnixMs, hostNames: hostNamesOf(interfaces) },
      (piece) => writeAll(descriptor, piece),
      { comment: `${lab.file.name}, seed ${lab.seed}` },
    );
    this.#removeTap = lab.world.addTap(this);
  }

  handleFrame(event: FrameEvent): void {
    if (!atOrigin(event)) return;
    const { reason, ...rest } = event;
    this.#stream.write({ number: ++this.#number, ...rest, length: event.bytes.length, comment: reason });
    // Many small writes would cost more than the world does.
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  close(): void {
    this.#removeTap();
    clearTimeout(this.#timer);
    this.#stream.finish();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    this.#timer = undefined;
    this.#stream.flush();
  }
}

/** Soon enough for a person who looks on with Wireshark. */
const FLUSH_MS = 200;
