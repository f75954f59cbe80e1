/**
 * One console: its requests are checked and answered, and it is told what it watches. Whatever comes in is from outside:
 * it is checked before anything is done, and answered in one line when it makes no sense.
 */

import * as v from "valibot";
import { HamletError, messageOf } from "../../net/index.ts";
import type { Engine } from "../engine.ts";
import type { IsOver } from "../packets/index.ts";
import {
  type ChangeName,
  type EngineMessage,
  isChange,
  type MethodName,
  methods,
  PROTOCOL_VERSION,
  type Problem,
} from "../protocol/index.ts";
import type { Performed, Run } from "../run/run.ts";
import { type Look, lookers } from "./looks.ts";
import { Watches } from "./watches.ts";

/** The other end, where the console is. */
export interface SessionEnd {
  readonly send: (message: EngineMessage) => void;
  /** Whether what was sent waits to be read. */
  readonly isBehind: () => boolean;
  readonly onClose: () => void;
}

export class Session {
  readonly engine: Engine;
  readonly watches: Watches;
  readonly #end: SessionEnd;
  #isWelcome = false;
  #isClosed = false;
  #waiting = 0;

  constructor(engine: Engine, end: SessionEnd) {
    this.engine = engine;
    this.#end = end;
    this.watches = new Watches(engine, (message) => this.#tell(message));
  }

  /** Takes a message of the console, already out of its JSON. */
  handle(message: unknown): void {
    if (this.#isClosed) return;
    const request = v.safeParse(requestShape, message);
    if (!request.success) {
      this.#fail(-1, { code: "bad-request", message: "a request is an object with id, method and params" });
      return;
    }
    const { id, method, params } = request.output;
    if (!Object.hasOwn(methods, method)) {
      this.#fail(id, { code: "unknown-method", message: `there is no method "${method}"` });
      return;
    }
    const name = method as MethodName;
    const checked = v.safeParse(methods[name], params);
    if (!checked.success) {
      this.#fail(id, { code: "bad-params", message: `${name}: ${issueText(checked.issues[0])}` });
      return;
    }
    if (name === "hello")
      this.#isWelcome = (checked.output as { version: number }).version === PROTOCOL_VERSION;
    if (!this.#isWelcome) {
      this.#fail(id, versionProblem(name));
      return;
    }
    this.#run(id, name, checked.output);
  }

  /** Tells what is new since the last time. */
  tick(nowMs: number): void {
    if (this.#isWelcome && !this.#end.isBehind()) this.watches.tell(nowMs);
  }

  /** Carries its filters on; true when nothing is left to do. */
  work(isOver: IsOver): boolean {
    return this.watches.work(isOver);
  }

  /** Another run is looked at. */
  attach(run: Run): void {
    this.watches.attach(run);
  }

  /** What was repeated or begun anew is done. */
  settle(): void {
    this.watches.settle();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.watches.close();
    this.#end.onClose();
  }

  #run(id: number, name: MethodName, params: unknown): void {
    if (this.#waiting >= WAITING_MAX) {
      this.#fail(id, { code: "busy", message: `${WAITING_MAX} requests wait for their answers already` });
      return;
    }
    try {
      if (isChange(name)) this.#change(id, name, params);
      else this.#look(id, name, params);
    } catch (error) {
      this.#fail(id, problemOf(error));
    }
  }

  #look(id: number, name: Exclude<MethodName, ChangeName>, params: unknown): void {
    const looker = lookers[name] as (session: Session, params: unknown) => Look<typeof name>;
    const look = looker(this, params);
    if ("result" in look) this.#answer(id, look.result);
    else {
      this.#waiting++;
      look.later((result) => {
        this.#waiting--;
        this.#answer(id, result);
      });
    }
  }

  #change(id: number, name: ChangeName, params: unknown): void {
    const performed: Performed<ChangeName> = this.engine.change(name, params as never);
    if ("result" in performed) {
      if (name === "shell.start") this.watches.ownShell((performed.result as { shell: number }).shell);
      this.#answer(id, performed.result);
      return;
    }
    this.#waiting++;
    performed.task.whenDone((outcome) => {
      this.#waiting--;
      if ("value" in outcome) this.#answer(id, outcome.value);
      else this.#fail(id, problemOf(outcome.error));
    });
  }

  #answer(id: number, result: unknown): void {
    // JSON knows no undefined, and an answer has a result or an error.
    this.#tell({ id, result: result ?? null } as EngineMessage);
  }

  #fail(id: number, error: Problem): void {
    const message = error.message.replaceAll(/[\r\n]+/g, " ");
    const isLong = message.length > PROBLEM_LENGTH_MAX;
    this.#tell({
      id,
      error: { code: error.code, message: isLong ? `${message.slice(0, PROBLEM_LENGTH_MAX)}…` : message },
    });
  }

  #tell(message: EngineMessage): void {
    if (!this.#isClosed) this.#end.send(message);
  }
}

const requestShape = v.object({
  id: v.pipe(v.number(), v.safeInteger()),
  method: v.string(),
  params: v.unknown(),
});

/** What is expected is told as it is; a mistake of ours is told, too, for the person can report it. */
function problemOf(error: unknown): Problem {
  if (error instanceof HamletError) return { code: error.code, message: error.message };
  return { code: "internal", message: `a mistake of Hamlet: ${messageOf(error)}` };
}

function versionProblem(name: MethodName): Problem {
  if (name !== "hello") return { code: "no-hello", message: 'the first request is "hello"' };
  return { code: "version", message: `this engine speaks version ${PROTOCOL_VERSION}: load the page again` };
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}

/** Far more than a page has under way. */
const WAITING_MAX = 1_000;
/** What was wrong is quoted, and may be a file. */
const PROBLEM_LENGTH_MAX = 1_000;
