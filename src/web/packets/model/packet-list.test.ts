import assert from "node:assert/strict";
import { test } from "node:test";
import type { PacketRowView, PacketViewState } from "../../../engine/protocol/index.ts";
import type { EngineClient } from "../../engine/client.ts";
import { fakeRow } from "../testing/fake-rows.ts";
import { PacketList } from "./packet-list.ts";

type Params = { view: number; from: number; count: number; filter: string };

/** An engine of which the test decides when it answers and what it tells. */
class Engine {
  readonly asked: { method: string; params: Params; answer: (result: unknown) => void; fail: () => void }[] =
    [];
  #listener: (view: PacketViewState) => void = () => {};

  request(method: string, params: Params): Promise<unknown> {
    return new Promise((answer, reject) => {
      this.asked.push({
        method,
        params,
        answer,
        fail: () => reject(new Error('expected a value behind "=="')),
      });
    });
  }

  on(_event: string, listener: (view: PacketViewState) => void): () => void {
    this.#listener = listener;
    return () => {};
  }

  tell(view: PacketViewState): void {
    this.#listener(view);
  }

  async answer(method: string, result: (params: Params) => unknown): Promise<void> {
    const at = this.asked.findIndex((request) => request.method === method);
    assert.notEqual(at, -1, `nobody asked ${method}`);
    const [{ params, answer }] = this.asked.splice(at, 1);
    answer(result(params));
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve();
}

function state(view: number, matched: number, filter = ""): PacketViewState {
  return { view, filter, matched, total: 1_000, scanned: 1_000, forgotten: 0, startUnixMs: 0 };
}

function rows({ from, count }: Params): { rows: PacketRowView[] } {
  return { rows: Array.from({ length: count }, (_, at) => fakeRow(from + at + 1)) };
}

function setUp() {
  const engine = new Engine();
  return { engine, list: new PacketList(engine as unknown as EngineClient) };
}

test("a view is shown when the rows that are seen first are there", async () => {
  const { engine, list } = setUp();
  list.open("", "end");
  await engine.answer("packets.view", () => state(1, 1_000));
  assert.equal(list.state.get().view, undefined);
  assert.equal(engine.asked[0].params.from, 800);
  await engine.answer("packets.rows", rows);
  assert.equal(list.state.get().view?.matched, 1_000);
  assert.equal(list.rows.row(999)?.number, 1_000);
});

test("what is told of a view that is being opened is not lost", async () => {
  const { engine, list } = setUp();
  list.open("smtp", "start");
  await engine.answer("packets.view", () => state(1, 0, "smtp"));
  engine.tell(state(1, 18, "smtp"));
  await engine.answer("packets.rows", () => ({ rows: [] }));
  assert.equal(list.state.get().view?.matched, 18);
});

test("the last filter counts, whichever is answered last, and views that are not shown are closed", async () => {
  const { engine, list } = setUp();
  list.open("smtp", "start");
  list.open("dns", "start");
  await engine.answer("packets.view", () => state(1, 5, "smtp"));
  await engine.answer("packets.view", () => state(2, 7, "dns"));
  await engine.answer("packets.rows", rows);
  assert.equal(list.state.get().view?.filter, "dns");
  const closed = engine.asked.filter(({ method }) => method === "packets.close");
  assert.deepEqual(
    closed.map(({ params }) => params.view),
    [1],
  );
});

test("a filter with a mistake leaves what is shown and says why", async () => {
  const { engine, list } = setUp();
  list.open("", "start");
  await engine.answer("packets.view", () => state(1, 10));
  await engine.answer("packets.rows", rows);
  list.open("ip.addr ==", "start");
  engine.asked.shift()?.fail();
  await settle();
  assert.match(list.state.get().problem ?? "", /expected a value/);
  assert.equal(list.state.get().view?.filter, "");
});

test("closed and opened again, the list keeps what it showed until as much of it is found again", async () => {
  const { engine, list } = setUp();
  list.open("smtp", "start");
  await engine.answer("packets.view", () => state(1, 900, "smtp"));
  await engine.answer("packets.rows", rows);
  list.rows.want(700, 730);
  list.close();
  engine.asked.length = 0;
  assert.equal(list.state.get().view?.matched, 900);
  list.open("smtp", "start");
  await engine.answer("packets.view", () => ({ ...state(2, 0, "smtp"), scanned: 0 }));
  engine.tell({ ...state(2, 100, "smtp"), scanned: 200 });
  await settle();
  assert.deepEqual([engine.asked.length, list.state.get().view?.view], [0, 1]);
  engine.tell(state(2, 900, "smtp"));
  await settle();
  assert.equal(engine.asked[0].params.from, 600, "where one looked");
  await engine.answer("packets.rows", rows);
  assert.deepEqual([list.state.get().view?.view, list.rows.row(700)?.number], [2, 701]);

  list.open("smtp", "start");
  await engine.answer("packets.view", () => ({ ...state(3, 0, "smtp"), scanned: 0 }));
  list.close();
  await settle();
  const closed = engine.asked.filter(({ method }) => method === "packets.close");
  assert.ok(
    closed.some(({ params }) => params.view === 3),
    "what nobody waits for any more",
  );
});

test("what is told of another view is not ours", async () => {
  const { engine, list } = setUp();
  list.open("", "start");
  await engine.answer("packets.view", () => state(1, 10));
  await engine.answer("packets.rows", rows);
  engine.tell(state(9, 500));
  assert.equal(list.state.get().view?.matched, 10);
  engine.tell(state(1, 11));
  assert.equal(list.state.get().view?.matched, 11);
});

test("a list that follows grows when its newest rows are here, however often it is told of more", async () => {
  const { engine, list } = setUp();
  list.open("", "end");
  await engine.answer("packets.view", () => state(1, 200));
  await engine.answer("packets.rows", rows);
  list.following = true;
  engine.tell(state(1, 450));
  engine.tell(state(1, 460));
  assert.equal(list.state.get().view?.matched, 200);
  // The newest rows lie in two pages.
  await engine.answer("packets.rows", rows);
  assert.equal(list.state.get().view?.matched, 200);
  await engine.answer("packets.rows", rows);
  await settle();
  assert.equal(list.state.get().view?.matched, 460);
  assert.equal(list.rows.row(459)?.number, 460);
  engine.tell(state(1, 470));
  list.following = false;
  await settle();
  assert.equal(list.state.get().view?.matched, 470);
});
