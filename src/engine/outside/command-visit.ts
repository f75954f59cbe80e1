/** A command line that was typed at a terminal of the machine (`hamlet exec`), and runs on a host of the lab. */

import type { ExecOptions } from "../../host/index.ts";
import { LineQueue } from "../../host/line-queue.ts";
import { messageOf, type TaskHandle } from "../../net/index.ts";
import type { Beginning, News } from "./arrival.ts";
import type { OutsideTerminal } from "./outside.ts";
import type { Visit, VisitedHost } from "./visits.ts";

export class CommandVisit implements Visit {
  readonly isLive: boolean;
  readonly #input = new LineQueue();
  readonly #handle: TaskHandle<number> | undefined;

  constructor(
    { host: name, words, json, colour }: Beginning & { kind: "exec" },
    host: VisitedHost | undefined,
    outside: OutsideTerminal | undefined,
    onEnd: () => void,
  ) {
    this.isLive = outside !== undefined;
    if (host === undefined) {
      outside?.end({ problem: `there is no host ${name}` });
      onEnd();
      return;
    }
    this.#handle = host.exec(words, { ...this.#io(outside), json, colour });
    this.#handle.whenDone((outcome) => {
      onEnd();
      outside?.end("error" in outcome ? { problem: messageOf(outcome.error) } : { status: outcome.value });
    });
  }

  handle(news: News): void {
    if (news.kind === "line") this.#input.push(news.text);
    else if (news.kind === "end") this.#input.end();
    else if (news.kind === "break") this.#handle?.cancel();
  }

  #io(outside: OutsideTerminal | undefined): ExecOptions {
    const input = this.#input;
    return {
      print: (text) => outside?.print(text),
      printError: (text) => outside?.printError(text),
      *readLine() {
        outside?.askLine();
        return yield* input.readLine();
      },
    };
  }
}
