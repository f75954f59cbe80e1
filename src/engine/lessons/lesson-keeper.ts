/**
 * The lessons that ship with Hamlet, and the one that is open. It follows its network from lab to lab, into the past and
 * back, and keeps its ticks; with another network it is closed.
 */

import { LocalError } from "../../net/index.ts";
import { type Lesson, LessonRun, parseLesson, readLessonHead } from "../../topology/lessons/index.ts";
import type { LessonView, ShippedView } from "../protocol/index.ts";
import type { Run } from "../run/run.ts";
import { type Shipped, type Source, shippedSource } from "../shipped.ts";

interface OpenLesson {
  readonly id: string;
  /** What its network begins with. */
  readonly networkText: string;
  run: LessonRun;
}

export class LessonKeeper {
  readonly #shipped: Shipped;
  readonly #isTravelling: () => boolean;
  #open: OpenLesson | undefined;

  /** `isTravelling`: whether the lab is on its way to a moment, on which nothing is done. */
  constructor(shipped: Shipped, isTravelling: () => boolean) {
    this.#shipped = shipped;
    this.#isTravelling = isTravelling;
  }

  list(): ShippedView[] {
    return [...this.#shipped.lessons].map(([id, text]) => {
      const { title, summary } = readLessonHead(text);
      return { id, title: title === "" ? id : title, summary };
    });
  }

  /** The network of a lesson, as the lesson begins with it. Throws LocalError "no-lesson", "bad-lesson". */
  source(id: string): Source {
    const { fileName, networkText } = this.#read(id);
    return { fileName, text: networkText };
  }

  /** Begins a lesson in a lab that was made of its `source` and has not gone on yet. */
  open(id: string, { lab }: Run): LessonView {
    const { lesson, networkText } = this.#read(id);
    this.close();
    this.#open = { id, networkText, run: new LessonRun(lesson, lab) };
    return this.view() as LessonView;
  }

  close(): void {
    this.#open?.run.stop();
    this.#open = undefined;
  }

  /** Another lab has taken the place of the one before, and has not gone on yet. */
  attach({ lab, origin }: Run): void {
    const open = this.#open;
    if (open === undefined) return;
    open.run.stop();
    if (origin.text === open.networkText) open.run = new LessonRun(open.run.lesson, lab, open.run.progress);
    else this.#open = undefined;
  }

  /** The lesson as it stands now: looks at what its next step expects. */
  view(): LessonView | undefined {
    if (this.#open === undefined) return undefined;
    const { id, run } = this.#open;
    if (!this.#isTravelling()) run.update();
    const { title, summary, network, introduction } = run.lesson;
    const steps = run.steps.map(({ step, done, expectations }) => ({
      title: step.title,
      text: step.text,
      done,
      expectations: expectations.map(({ description, passed, found }) => ({ description, passed, found })),
    }));
    return { id, title, summary, network, introduction, steps };
  }

  #read(id: string): { readonly lesson: Lesson; readonly fileName: string; readonly networkText: string } {
    const text = this.#shipped.lessons.get(id);
    if (text === undefined) throw new LocalError("no-lesson", `there is no lesson "${id}"`);
    const { fileName, text: networkSource } = shippedSource(this.#shipped, readLessonHead(text).network);
    const result = parseLesson(text, `${id}.md`, networkSource);
    if (result.errors === undefined) return { ...result, fileName };
    const [{ line, message }] = result.errors;
    throw new LocalError("bad-lesson", `${id}.md:${line}: ${message}`);
  }
}
