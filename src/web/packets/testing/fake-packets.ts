/**
 * An engine with nothing but packets, to measure the page with: `?packets=1000000&rate=2000`. It answers as late as a
 * real one over a WebSocket would, and knows no filter but the name of a protocol.
 */

import type { Answer, EngineMessage, PacketViewState, Request } from "../../../engine/protocol/index.ts";
import type { OpenTransport } from "../../engine/transport.ts";
import { fakeDetail, fakeRow } from "./fake-rows.ts";

const ANSWER_AFTER_MS = 3;
const TICK_MS = 200;

interface View {
  readonly filter: string;
  /** Of a view with a filter: numbers that pass. */
  readonly numbers: number[] | undefined;
}

export const openFakePackets: OpenTransport = (listener) => {
  const wanted = new URLSearchParams(location.search);
  const engine = new FakePackets(Number(wanted.get("packets") ?? 1_000_000), (message) =>
    listener.onMessage(message),
  );
  const timer = setInterval(() => engine.send((Number(wanted.get("rate") ?? 0) * TICK_MS) / 1000), TICK_MS);
  setTimeout(() => listener.onOpen(), 0);
  return {
    send: (request) => {
      // As text and back, which a WebSocket costs, too.
      setTimeout(() => {
        const answer = engine.answer(request);
        listener.onMessage(JSON.parse(JSON.stringify(answer)) as Answer);
      }, ANSWER_AFTER_MS);
    },
    close: () => clearInterval(timer),
  };
};

class FakePackets {
  readonly #tell: (message: EngineMessage) => void;
  readonly #views = new Map<number, View>();
  #total: number;
  #lastView = 0;

  constructor(total: number, tell: (message: EngineMessage) => void) {
    this.#total = total;
    this.#tell = tell;
  }

  /** More packets arrive. */
  send(count: number): void {
    if (count < 1) return;
    this.#total += Math.floor(count);
    for (const [id, { numbers }] of this.#views) {
      if (numbers === undefined) this.#tell({ event: "packets", data: this.#state(id) });
    }
  }

  answer({ id, method, params }: Request): Answer {
    const result = this.#result(method, params as never);
    if (result === undefined) return { id, error: { code: "fake", message: `not known here: ${method}` } };
    return { id, result: result as never };
  }

  #result(
    method: string,
    params: { filter: string; view: number; from: number; count: number; number: number },
  ): unknown {
    switch (method) {
      case "hello":
        return { version: 1, place: "worker", network: NETWORK, time: this.#time() };
      case "packets.view":
        return this.#open(params.filter);
      case "packets.close":
        return this.#views.delete(params.view) ? {} : undefined;
      case "packets.rows":
        return { rows: this.#rows(params.view, params.from, params.count) };
      case "packets.find": {
        const numbers = this.#views.get(params.view)?.numbers;
        const index =
          numbers === undefined ? params.number - 1 : numbers.findIndex((each) => each >= params.number);
        return { index: index === -1 ? numbers?.length : index };
      }
      case "packets.check":
        return { error: undefined, completions: [{ text: "smtp", detail: "a protocol" }], from: 0 };
      case "packets.detail":
        return fakeDetail(params.number);
      case "network.shipped":
      case "lesson.list":
      case "time.inputs":
        return [];
      default:
        return undefined;
    }
  }

  #open(filter: string): PacketViewState {
    const id = ++this.#lastView;
    let numbers: number[] | undefined;
    if (filter !== "") {
      numbers = [];
      for (let number = 1; number <= this.#total; number++) {
        if (fakeRow(number).protocol.toLowerCase() === filter) numbers.push(number);
      }
    }
    this.#views.set(id, { filter, numbers });
    return this.#state(id);
  }

  #state(view: number): PacketViewState {
    const { filter = "", numbers } = this.#views.get(view) ?? {};
    const total = this.#total;
    return {
      view,
      filter,
      matched: numbers?.length ?? total,
      total,
      scanned: total,
      forgotten: 0,
      startUnixMs: 0,
    };
  }

  #rows(view: number, from: number, count: number) {
    const numbers = this.#views.get(view)?.numbers;
    const end = Math.min(from + count, numbers?.length ?? this.#total);
    return Array.from({ length: Math.max(0, end - from) }, (_, at) =>
      fakeRow(numbers?.[from + at] ?? from + at + 1),
    );
  }

  #time() {
    const nowNs = this.#total * 137_000;
    return {
      ...{
        labId: 1,
        nowNs,
        steps: this.#total,
        paused: true,
        speed: 1,
        lagNs: 0,
        seed: 1,
        nextAtNs: undefined,
      },
      ...{ horizonNs: nowNs, unrepeatable: 0, travelling: undefined },
    };
  }
}

const NETWORK = {
  ...{ labId: 1, revision: 1, fileName: "fake.yaml", name: "A million packets", description: "", seed: 1 },
  ...{ story: "none", nodes: [], links: [], waysIn: [] },
};
