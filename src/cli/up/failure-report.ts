/** Says what goes wrong in the lab while nobody waits for it: a service that does not start. */

import { messageOf } from "../../net/index.ts";
import type { Lab } from "../../topology/index.ts";
import { visibleText } from "../format.ts";
import type { Terminal } from "../terminal.ts";
import type { LabFollower } from "./follower.ts";

export class FailureReport implements LabFollower {
  readonly #terminal: Terminal;
  readonly #timer: NodeJS.Timeout;
  #lab: Lab;
  #printed = 0;

  constructor(lab: Lab, terminal: Terminal) {
    this.#lab = lab;
    this.#terminal = terminal;
    this.#timer = setInterval(() => this.print(), PRINT_EVERY_MS);
  }

  handleLab(lab: Lab): void {
    this.print();
    this.#lab = lab;
    this.#printed = 0;
  }

  print(): void {
    const { failures } = this.#lab;
    for (; this.#printed < failures.length; this.#printed++) {
      const { host, task, error } = failures[this.#printed];
      this.#terminal.printError(`hamlet: ${host}, ${task}: ${visibleText(messageOf(error))}\n`);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.print();
  }
}

/** Soon enough for a person. */
const PRINT_EVERY_MS = 200;
