/**
 * Tasks: dialogues written as generator functions, and the runner that resumes them.
 *
 * A task says `yield* something` and gets the answer, like `await`, but nothing here is a promise:
 * a whole simulated network steps synchronously, and "no task is ready" is known exactly, which is
 * what makes virtual time exact. Only `TaskRunner` resumes a task.
 *
 * Read first: `Task`, `suspend`, `TaskRunner.spawn`. What must stay true: a task is never resumed from
 * inside the code that wakes it (waking only queues it), so nobody is ever re-entered.
 */

import { NetworkError } from "./errors.ts";

/** A dialogue in progress; `T` is what it returns. Run it with `yield*` or give it to `spawn`. */
// biome-ignore lint/suspicious/noExplicitAny: each wait answers with a type of its own; `suspend` restores it.
export type Task<T = void> = Generator<Wait, T, any>;

/** What a task yields: a thing that will call it back once. Made by `suspend`, read only by the runner. */
export interface Wait {
  /** Starts waiting; the returned function gives up (it is called when the task is cancelled). */
  begin(resolve: (value: unknown) => void, reject: (error: unknown) => void): () => void;
}

/** Sleeps until `begin`'s `resolve` or `reject` is called. `begin` returns how to give up. */
export function* suspend<T>(
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Task<T> {
  return yield { begin } as Wait;
}

/**
 * What a `finally` waits for, as its last statement: `finally { yield* lastly(stopAll(servers)); }`. A generator that is
 * told to return forgets it when a generator within it waits on the way (ECMA-262, yield*: that one then ends by itself
 * only): without this word a cancelled task would go on behind the `finally`.
 */
export function* lastly(task: Task<unknown>): Task {
  yield* task;
  yield TIDIED;
}

/** Whether what a task yields is the end of its `finally`: a cancelled one is told to return again. */
export function isTidied(wait: Wait): boolean {
  return wait === TIDIED;
}

const TIDIED: Wait = {
  begin(resolve) {
    resolve(undefined);
    return () => {};
  },
};

/** A spawned task, seen from outside. */
export interface TaskHandle<T = unknown> {
  readonly name: string;
  readonly done: boolean;
  /** Waits for the end; returns the task's value or throws its error. */
  join(): Task<T>;
  /** Ends the task: its `finally` blocks run now or at its next turn. Does nothing once it has ended. */
  cancel(): void;
  /** Calls back once at the end (at once if it has ended): the way out to promises, for the edge of the program. */
  whenDone(callback: (outcome: Outcome<T>) => void): void;
}

export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Drives all tasks of one world (a simulated network, or a process on the operating system). */
export class TaskRunner {
  readonly #ready: RunningTask<unknown>[] = [];
  readonly #live = new Set<RunningTask<unknown>>();
  readonly #onReady: () => void;
  readonly #onFailure: (error: unknown, taskName: string) => void;
  #draining = false;

  /**
   * `onReady` is called when the first task becomes ready and must lead to `runReady()` soon, not from inside.
   * `onFailure` hears of the error of a task that nobody joined.
   */
  constructor(onReady: () => void, onFailure: (error: unknown, taskName: string) => void) {
    this.#onReady = onReady;
    this.#onFailure = onFailure;
  }

  /** How many tasks have not ended. */
  get liveCount(): number {
    return this.#live.size;
  }

  /** The names of the tasks that have not ended, oldest first. */
  liveNames(): string[] {
    return [...this.#live].map((task) => task.name);
  }

  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    const running = new RunningTask<T>(name, task, this);
    this.#live.add(running as RunningTask<unknown>);
    this.enqueue(running as RunningTask<unknown>);
    return running;
  }

  /** Cancels every task; their `finally` blocks run at the next turn. */
  cancelAll(): void {
    for (const task of [...this.#live]) task.cancel();
  }

  /** Resumes every ready task, and those that become ready meanwhile, until none is. */
  runReady(): void {
    if (this.#draining) return;
    this.#draining = true;
    let resumed = 0;
    try {
      while (resumed < this.#ready.length) this.#ready[resumed++].resume();
    } finally {
      // Only `onFailure` can throw; the tasks behind the failed one must not be forgotten for that.
      this.#ready.splice(0, resumed);
      this.#draining = false;
      if (this.#ready.length > 0) this.#onReady();
    }
  }

  /** For RunningTask only. */
  enqueue(task: RunningTask<unknown>): void {
    this.#ready.push(task);
    if (this.#ready.length === 1 && !this.#draining) this.#onReady();
  }

  /** For RunningTask only. */
  ended(task: RunningTask<unknown>, unheardError: { error: unknown } | undefined): void {
    this.#live.delete(task);
    if (unheardError !== undefined) this.#onFailure(unheardError.error, task.name);
  }
}

/** What the next turn of a task brings it. */
type Turn = { kind: "value"; value: unknown } | { kind: "error"; error: unknown } | { kind: "cancel" };

class RunningTask<T> implements TaskHandle<T> {
  readonly name: string;
  readonly #task: Task<T>;
  readonly #runner: TaskRunner;
  #next: Turn | undefined = { kind: "value", value: undefined };
  #giveUp: (() => void) | undefined;
  #outcome: Outcome<T> | undefined;
  /** Its `finally` blocks run, or have run, because it was cancelled. */
  #cancelled = false;
  #listeners: ((outcome: Outcome<T>) => void)[] = [];

  constructor(name: string, task: Task<T>, runner: TaskRunner) {
    this.name = name;
    this.#task = task;
    this.#runner = runner;
  }

  get done(): boolean {
    return this.#outcome !== undefined;
  }

  cancel(): void {
    if (this.#outcome !== undefined) return;
    const alreadyQueued = this.#next !== undefined;
    this.#next = { kind: "cancel" };
    this.#giveUp?.();
    this.#giveUp = undefined;
    if (!alreadyQueued) this.#runner.enqueue(this as RunningTask<unknown>);
  }

  *join(): Task<T> {
    const outcome =
      this.#outcome ??
      (yield* suspend<Outcome<T>>((resolve) => {
        this.#listeners.push(resolve);
        return () => {
          this.#listeners = this.#listeners.filter((listener) => listener !== resolve);
        };
      }));
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  whenDone(callback: (outcome: Outcome<T>) => void): void {
    if (this.#outcome !== undefined) callback(this.#outcome);
    else this.#listeners.push(callback);
  }

  /** One turn, by the runner only: go on to the next wait or to the end. */
  resume(): void {
    const turn = this.#next;
    // One that cancelled itself and then ended all the same has a turn left over.
    if (turn === undefined || this.#outcome !== undefined) return;
    this.#next = undefined;
    if (turn.kind === "cancel") this.#cancelled = true;
    // A task that cancelled itself has begun a wait since then.
    this.#giveUp?.();
    this.#giveUp = undefined;
    try {
      let result =
        turn.kind === "value"
          ? this.#task.next(turn.value)
          : turn.kind === "error"
            ? this.#task.throw(turn.error)
            : this.#task.return(undefined as T);
      while (!result.done && isTidied(result.value))
        result = this.#cancelled ? this.#task.return(undefined as T) : this.#task.next();
      if (!result.done) this.#waitFor(result.value);
      else if (this.#cancelled) {
        this.#end({ error: new NetworkError("cancelled", `${this.name} was cancelled`) }, true);
      } else this.#end({ value: result.value }, true);
    } catch (error) {
      this.#end({ error }, false);
    }
  }

  #waitFor(wait: Wait): void {
    let answered = false;
    const answer = (turn: Turn): void => {
      if (answered) return;
      answered = true;
      if (this.#next?.kind === "cancel" || this.#outcome !== undefined) return;
      this.#giveUp = undefined;
      this.#next = turn;
      this.#runner.enqueue(this as RunningTask<unknown>);
    };
    const giveUp = wait.begin(
      (value) => answer({ kind: "value", value }),
      (error) => answer({ kind: "error", error }),
    );
    this.#giveUp = answered
      ? undefined
      : () => {
          answered = true;
          giveUp();
        };
  }

  #end(outcome: Outcome<T>, quiet: boolean): void {
    this.#outcome = outcome;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener(outcome);
    const unheard = !quiet && listeners.length === 0 && "error" in outcome;
    this.#runner.ended(this as RunningTask<unknown>, unheard ? { error: outcome.error } : undefined);
  }
}
