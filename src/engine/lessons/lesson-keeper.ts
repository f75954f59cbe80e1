/** The lessons that ship with Hamlet, and the one that is open. */

import { LocalError } from "../../net/index.ts";
import type { LessonView, ShippedView } from "../protocol/index.ts";
import type { Run } from "../run/run.ts";

export class LessonKeeper {
  readonly #texts: ReadonlyMap<string, string>;

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  list(): ShippedView[] {
    return [...this.#texts.keys()].map((id) => ({ id, title: id, summary: "" }));
  }

  /** Throws LocalError "no-lesson". */
  lesson(id: string): { readonly network: string } {
    throw new LocalError("no-lesson", `there is no lesson "${id}"`);
  }

  open(id: string, _run: Run): LessonView {
    throw new LocalError("no-lesson", `there is no lesson "${id}"`);
  }

  close(): void {}

  attach(_run: Run): void {}

  view(): LessonView | undefined {
    return undefined;
  }
}
