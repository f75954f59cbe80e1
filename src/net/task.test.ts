import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  lastly,
  NetworkError,
  Signal,
  sleep,
  suspend,
  type Task,
  type TaskHandle,
  TaskRunner,
} from "./index.ts";
import { MemoryWorld } from "./testing/memory-world.ts";

/** A runner that notes what happens. */
function setUp() {
  const events: string[] = [];
  const failures: [string, unknown][] = [];
  const runner = new TaskRunner(
    () => events.push("ready"),
    (error, name) => failures.push([name, error]),
  );
  return { runner, events, failures };
}

/** A wait that the test ends by hand. */
function byHand<T>(): {
  wait(): Task<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
  givenUp: number;
} {
  const hand = {
    resolve: (_: T): void => assert.fail("nobody waits"),
    reject: (_: unknown): void => assert.fail("nobody waits"),
    givenUp: 0,
    wait: () =>
      suspend<T>((resolve, reject) => {
        hand.resolve = resolve;
        hand.reject = reject;
        return () => hand.givenUp++;
      }),
  };
  return hand;
}

describe("running", () => {
  test("a task begins at the next turn, not inside spawn", () => {
    const { runner, events } = setUp();
    runner.spawn("a", note(events, "ran"));
    assert.deepEqual(events, ["ready"]);
    runner.runReady();
    assert.deepEqual(events, ["ready", "ran"]);
    assert.equal(runner.liveCount, 0);
  });

  test("tasks run in the order in which they became ready", () => {
    const { runner, events } = setUp();
    for (const name of ["a", "b", "c"]) runner.spawn(name, twoSteps(runner, events, name));
    runner.runReady();
    assert.deepEqual(events, ["ready", "a 1", "b 1", "c 1", "a child", "b child", "c child"]);
  });

  test("onReady is called once for each batch", () => {
    const { runner, events } = setUp();
    runner.spawn("a", note(events, "a"));
    runner.spawn("b", note(events, "b"));
    runner.runReady();
    runner.spawn("c", note(events, "c"));
    assert.deepEqual(events, ["ready", "a", "b", "ready"]);
  });

  test("values and errors come through any depth of yield*", () => {
    const { runner } = setUp();
    const hand = byHand<number>();
    function* deep(depth: number): Task<number> {
      return depth === 0 ? yield* hand.wait() : 1 + (yield* deep(depth - 1));
    }
    function* caught(): Task<string> {
      try {
        return String(yield* deep(50));
      } catch (error) {
        return `caught ${error}`;
      }
    }
    const good = runner.spawn("good", deep(50));
    runner.runReady();
    hand.resolve(7);
    runner.runReady();
    assert.equal(resultOf(good), 57);
    const bad = runner.spawn("bad", caught());
    runner.runReady();
    hand.reject("it");
    runner.runReady();
    assert.equal(resultOf(bad), "caught it");
  });

  test("waking does not resume: nobody is re-entered", () => {
    const { runner, events } = setUp();
    const hand = byHand<void>();
    runner.spawn(
      "a",
      (function* () {
        yield* hand.wait();
        events.push("awake");
      })(),
    );
    runner.runReady();
    hand.resolve();
    assert.deepEqual(events, ["ready", "ready"]);
    runner.runReady();
    assert.equal(events.at(-1), "awake");
  });

  test("a wait that is answered at once, twice, or after its end answers once", () => {
    const { runner } = setUp();
    const task = runner.spawn(
      "a",
      suspend<number>((resolve, reject) => {
        resolve(1);
        resolve(2);
        reject("late");
        return () => assert.fail("an answered wait is not given up");
      }),
    );
    runner.runReady();
    assert.equal(resultOf(task), 1);
  });
});

describe("join and failure", () => {
  test("join returns the value, before and after the end", () => {
    const { runner } = setUp();
    const hand = byHand<string>();
    const worker = runner.spawn("worker", hand.wait());
    const first = runner.spawn("first", worker.join());
    runner.runReady();
    hand.resolve("done");
    runner.runReady();
    const second = runner.spawn("second", worker.join());
    runner.runReady();
    assert.deepEqual([resultOf(first), resultOf(second)], ["done", "done"]);
  });

  test("join throws the error, and then onFailure does not hear of it", () => {
    const { runner, failures } = setUp();
    const hand = byHand<string>();
    const worker = runner.spawn("worker", hand.wait());
    const joining = runner.spawn("joining", worker.join());
    joining.whenDone(() => {});
    runner.runReady();
    hand.reject(new Error("broken"));
    runner.runReady();
    assert.match(String(errorOf(joining)), /broken/);
    assert.deepEqual(failures, []);
  });

  test("the error of a task that nobody joined goes to onFailure, with its name", () => {
    const { runner, failures } = setUp();
    runner.spawn("lonely", failing("nobody hears"));
    runner.runReady();
    assert.equal(failures.length, 1);
    assert.equal(failures[0][0], "lonely");
    assert.match(String(failures[0][1]), /nobody hears/);
  });

  test("an onFailure that throws loses none of the tasks behind", () => {
    const events: string[] = [];
    const runner = new TaskRunner(
      () => events.push("ready"),
      (error) => {
        throw error;
      },
    );
    runner.spawn("bad", failing("thrown on"));
    runner.spawn("good", note(events, "ran"));
    assert.throws(() => runner.runReady(), /thrown on/);
    assert.deepEqual(events, ["ready", "ready"]);
    runner.runReady();
    assert.deepEqual(events, ["ready", "ready", "ran"]);
  });

  test("whenDone calls back at the end, or at once after it", () => {
    const { runner, events } = setUp();
    const task = runner.spawn("a", note(events, "ran"));
    task.whenDone(() => events.push("done"));
    runner.runReady();
    task.whenDone(() => events.push("again"));
    assert.deepEqual(events, ["ready", "ran", "done", "again"]);
  });
});

describe("cancel", () => {
  test("gives up the wait, runs finally, and joiners get NetworkError cancelled", () => {
    const { runner, events, failures } = setUp();
    const hand = byHand<void>();
    const task = runner.spawn("victim", withFinally(hand.wait(), events));
    const joining = runner.spawn("joining", task.join());
    joining.whenDone(() => {});
    runner.runReady();
    task.cancel();
    task.cancel();
    assert.equal(hand.givenUp, 1);
    assert.deepEqual(events, ["ready", "ready"], "finally runs at the next turn");
    runner.runReady();
    assert.deepEqual(events.slice(2), ["finally"]);
    const error = errorOf(joining);
    assert.ok(error instanceof NetworkError && error.code === "cancelled");
    assert.match(error.message, /victim/);
    assert.deepEqual(failures, [], "a cancelled task has not failed");
    assert.equal(runner.liveCount, 0);
  });

  test("a task that never ran ends without running", () => {
    const { runner, events } = setUp();
    const task = runner.spawn("a", note(events, "ran"));
    task.cancel();
    runner.runReady();
    assert.deepEqual(events, ["ready"]);
    assert.ok(task.done);
  });

  test("an answer that comes after the cancel is not seen", () => {
    const { runner, events } = setUp();
    const hand = byHand<void>();
    const task = runner.spawn("a", withFinally(hand.wait(), events));
    runner.runReady();
    task.cancel();
    hand.resolve();
    hand.reject("late");
    runner.runReady();
    assert.deepEqual(events.slice(2), ["finally"]);
  });

  test("a task that is ready already is cancelled all the same", () => {
    const { runner, events } = setUp();
    const hand = byHand<void>();
    const task = runner.spawn("a", withFinally(hand.wait(), events));
    runner.runReady();
    hand.resolve();
    task.cancel();
    runner.runReady();
    assert.deepEqual(events.slice(2), ["finally"]);
  });

  test("finally may wait, and the task is cancelled none the less", () => {
    const { runner, events } = setUp();
    const [hand, last] = [byHand<void>(), byHand<void>()];
    const task = runner.spawn("a", tidying(hand.wait(), last.wait(), events));
    runner.runReady();
    task.cancel();
    runner.runReady();
    assert.equal(task.done, false);
    last.resolve();
    runner.runReady();
    assert.equal(events.at(-1), "tidied up");
    const error = errorOf(task);
    assert.ok(error instanceof NetworkError && error.code === "cancelled");
  });

  test("one that waits within another in its finally does not go on behind it", () => {
    const { runner, events } = setUp();
    const [hand, last] = [byHand<void>(), byHand<void>()];
    const task = runner.spawn(
      "outer",
      (function* () {
        try {
          for (;;) yield* tidying(hand.wait(), last.wait(), events);
        } finally {
          events.push("outer finally");
        }
      })(),
    );
    runner.runReady();
    task.cancel();
    runner.runReady();
    last.resolve();
    runner.runReady();
    assert.deepEqual(withoutReady(events), ["tidied up", "outer finally"]);
    const error = errorOf(task);
    assert.ok(error instanceof NetworkError && error.code === "cancelled");
  });

  test("one that was not cancelled goes on behind a finally that waits", () => {
    const { runner, events } = setUp();
    const [hand, last] = [byHand<void>(), byHand<void>()];
    runner.spawn(
      "outer",
      (function* () {
        yield* tidying(hand.wait(), last.wait(), events);
        events.push("behind it");
      })(),
    );
    runner.runReady();
    hand.resolve();
    runner.runReady();
    last.resolve();
    runner.runReady();
    assert.deepEqual(withoutReady(events), ["tidied up", "behind it"]);
  });

  test("an error in finally is the task's end, and is reported", () => {
    const { runner, failures } = setUp();
    const hand = byHand<void>();
    const task = runner.spawn(
      "a",
      (function* () {
        try {
          yield* hand.wait();
        } finally {
          fail("in finally");
        }
      })(),
    );
    runner.runReady();
    task.cancel();
    runner.runReady();
    assert.match(String(failures[0]?.[1]), /in finally/);
    assert.ok(task.done);
  });

  test("a task may cancel itself: at its next wait, or it ends before", () => {
    const { runner, events } = setUp();
    const hand = byHand<void>();
    let waits: TaskHandle | undefined;
    waits = runner.spawn(
      "waits",
      (function* () {
        waits?.cancel();
        yield* withFinally(hand.wait(), events);
      })(),
    );
    runner.runReady();
    assert.deepEqual(events, ["ready", "finally"]);
    assert.equal(hand.givenUp, 1);
    let ends: TaskHandle<number> | undefined;
    ends = runner.spawn(
      "ends",
      (function* () {
        ends?.cancel();
        return 5;
      })(),
    );
    let ended = 0;
    ends.whenDone(() => ended++);
    runner.runReady();
    assert.equal(resultOf(ends), 5);
    assert.equal(ended, 1);
    assert.equal(runner.liveCount, 0);
  });

  test("a cancelled join leaves the joined task alone", () => {
    const { runner } = setUp();
    const hand = byHand<number>();
    const worker = runner.spawn("worker", hand.wait());
    const joining = runner.spawn("joining", worker.join());
    runner.runReady();
    joining.cancel();
    runner.runReady();
    hand.resolve(3);
    runner.runReady();
    assert.equal(resultOf(worker), 3);
  });

  test("cancelAll ends every task", () => {
    const { runner, events } = setUp();
    for (let i = 0; i < 3; i++) runner.spawn(`t${i}`, withFinally(byHand<void>().wait(), events));
    runner.runReady();
    assert.deepEqual(runner.liveNames(), ["t0", "t1", "t2"]);
    runner.cancelAll();
    runner.runReady();
    assert.deepEqual(events.filter((event) => event === "finally").length, 3);
    assert.equal(runner.liveCount, 0);
  });
});

describe("Signal and sleep", () => {
  test("notify wakes all who wait, and none who comes later", () => {
    const world = new MemoryWorld();
    const signal = new Signal();
    const woken: string[] = [];
    for (const name of ["a", "b"]) {
      world.spawn(
        name,
        (function* () {
          if (yield* signal.wait(world.clock, 1000)) woken.push(name);
        })(),
      );
    }
    signal.notify();
    assert.equal(world.run(signal.wait(world.clock, 10)), false, "not remembered");
    signal.notify();
    world.runUntilIdle();
    assert.deepEqual(woken, ["a", "b"]);
    assert.equal(world.timerCount, 0);
  });

  test("a wait ends exactly at its time limit; a cancelled one leaves no timer", () => {
    const world = new MemoryWorld();
    const signal = new Signal();
    assert.equal(world.run(signal.wait(world.clock, 250)), false);
    assert.equal(world.clock.nowNs(), 250e6);
    const waiting = world.spawn("waiting", signal.wait(world.clock, 1000));
    const forEver = world.spawn("for ever", signal.wait(world.clock, Number.POSITIVE_INFINITY));
    world.runner.runReady();
    assert.equal(world.timerCount, 1);
    waiting.cancel();
    forEver.cancel();
    world.runner.runReady();
    assert.equal(world.timerCount, 0);
    signal.notify();
  });

  test("whoever sleeps less wakes first, and equals in their order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 }), (delays) => {
        const world = new MemoryWorld();
        const woken: [number, number][] = [];
        for (const [i, delay] of delays.entries()) {
          world.spawn(
            `t${i}`,
            (function* () {
              yield* sleep(world.clock, delay);
              woken.push([delay, i]);
            })(),
          );
        }
        world.runUntilIdle();
        assert.deepEqual(
          woken,
          woken.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]),
        );
        assert.equal(woken.length, delays.length);
      }),
    );
  });
});

function* note(events: string[], text: string): Task {
  events.push(text);
}

function* failing(text: string): Task {
  fail(text);
}

function fail(text: string): never {
  throw new Error(text);
}

function* twoSteps(runner: TaskRunner, events: string[], name: string): Task {
  events.push(`${name} 1`);
  yield* runner.spawn(`${name} child`, note(events, `${name} child`)).join();
}

function* withFinally<T>(task: Task<T>, events: string[]): Task<T> {
  try {
    return yield* task;
  } finally {
    events.push("finally");
  }
}

function* tidying(task: Task<unknown>, last: Task<unknown>, events: string[]): Task {
  try {
    yield* task;
  } finally {
    yield* lastly(tidyUp(last, events));
  }
}

function* tidyUp(last: Task<unknown>, events: string[]): Task {
  yield* last;
  events.push("tidied up");
}

function withoutReady(events: readonly string[]): string[] {
  return events.filter((event) => event !== "ready");
}

function resultOf<T>(task: TaskHandle<T>): T {
  let value: { value: T } | undefined;
  task.whenDone((outcome) => {
    if ("error" in outcome) throw outcome.error;
    value = outcome;
  });
  assert.ok(value !== undefined, "the task has ended");
  return value.value;
}

function errorOf(task: TaskHandle): unknown {
  let error: unknown;
  task.whenDone((outcome) => {
    error = "error" in outcome ? outcome.error : undefined;
  });
  return error;
}
