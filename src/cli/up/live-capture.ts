/**
 * A capture that is written while it is made: each packet once, where it began. When another lab takes the place of the
 * one before (a network that is opened, a journey into the past) the file begins anew; into a pipe, where nothing can be
 * taken back, a new section is written.
 */

import { closeSync, fstatSync, openSync } from "node:fs";
import { LocalError } from "../../net/index.ts";
import { fileProblem } from "../../os/index.ts";
import { atOrigin, type FrameEvent, hostNamesOf, PcapngStream, type Tap } from "../../sim/capture/index.ts";
import type { Lab } from "../../topology/index.ts";
import { writeAll } from "../files.ts";
import type { LabFollower } from "./follower.ts";

export class LiveCapture implements Tap, LabFollower {
  readonly #path: string;
  #descriptor: number;
  #lab: Lab;
  #stream: PcapngStream;
  #interfaceCount = 0;
  #removeTap: () => void;
  #timer: NodeJS.Timeout | undefined;
  #number = 0;

  /** Begins to record. Throws LocalError when the file cannot be written. */
  constructor(path: string, lab: Lab) {
    this.#path = path;
    this.#descriptor = open(path);
    this.#lab = lab;
    this.#stream = this.#newSection();
    this.#removeTap = lab.world.addTap(this);
  }

  handleLab(lab: Lab): void {
    this.#end();
    if (fstatSync(this.#descriptor).isFile()) {
      closeSync(this.#descriptor);
      this.#descriptor = open(this.#path);
    }
    this.#lab = lab;
    this.#number = 0;
    this.#stream = this.#newSection();
    this.#removeTap = lab.world.addTap(this);
  }

  handleFrame(event: FrameEvent): void {
    if (!atOrigin(event)) return;
    if (this.#lab.world.interfaces.length > this.#interfaceCount) this.#widen();
    const { reason, ...rest } = event;
    this.#stream.write({ number: ++this.#number, ...rest, length: event.bytes.length, comment: reason });
    // Many small writes would cost more than the world does.
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  close(): void {
    this.#end();
    closeSync(this.#descriptor);
  }

  #end(): void {
    this.#removeTap();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stream.finish();
  }

  /** A host was added while it runs: what a section can name stands at its beginning. */
  #widen(): void {
    this.#stream.finish();
    this.#stream = this.#newSection();
  }

  #newSection(): PcapngStream {
    const { world, file, seed } = this.#lab;
    const { interfaces, startUnixMs } = world;
    this.#interfaceCount = interfaces.length;
    return new PcapngStream(
      { interfaces, startUnixMs, hostNames: hostNamesOf(interfaces) },
      (piece) => writeAll(this.#descriptor, piece),
      { comment: `${file.name}, seed ${seed}` },
    );
  }

  #flush(): void {
    this.#timer = undefined;
    this.#stream.flush();
  }
}

function open(path: string): number {
  try {
    return openSync(path, "w");
  } catch (error) {
    const text = `the capture cannot be written to ${path}: ${fileProblem(error)}`;
    throw new LocalError("no-capture-file", text, { cause: error });
  }
}

/** Soon enough for a person who looks on with Wireshark. */
const FLUSH_MS = 200;
