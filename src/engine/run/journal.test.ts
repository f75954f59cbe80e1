import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Arrival, Way } from "../outside/arrival.ts";
import { type Deed, Journal } from "./journal.ts";

const client = { address: "127.0.0.1", port: 5000 };
const way: Way & { to: typeof client } = {
  ...{ name: "smtp", from: "pc", label: "mail.hamburger.edu:25" },
  to: { address: "10.0.0.1", port: 25 },
};
const cut: Deed = { method: "link.cut", params: { link: "ocean", direction: "both" } };
const connect = (visit: number): Deed => arrived({ kind: "connect", visit, way, local: client, client });
const octets = (visit: number, length: number): Deed =>
  arrived({ kind: "octets", visit, bytes: new Uint8Array(length) });

function arrived(arrival: Arrival): Deed {
  return { arrival };
}

function filled(journal: Journal, deeds: readonly Deed[]): Journal {
  for (const deed of deeds) journal.append({ steps: 0, timeNs: 0, ...deed });
  return journal;
}

test("a visit is one line of the list, however much has come", () => {
  const datagram = arrived({ kind: "datagram", way, client, bytes: new Uint8Array(30) });
  const words = ["mail", "send", "it's"];
  const journal = filled(new Journal(), [
    connect(1),
    cut,
    octets(1, 500),
    datagram,
    arrived({ kind: "exec", visit: 2, host: "pc", words, json: false, colour: false }),
    octets(1, 700),
    datagram,
    arrived({ kind: "line", visit: 2, text: "hello" }),
    arrived({ kind: "room", visit: 1, octets: 9 }),
    arrived({ kind: "end", visit: 1 }),
  ]);
  assert.deepEqual(
    journal.timeline.views(journal.position).map(({ text, method, ahead }) => [method, text, ahead]),
    [
      ["outside", "from 127.0.0.1:5000 to mail.hamburger.edu:25, 1.2 kB in", false],
      ["link.cut", "cut the link ocean", false],
      ["outside", "from 127.0.0.1:5000 to mail.hamburger.edu:25, 2 datagrams, 60 B in", false],
      ["outside", "hamlet exec pc mail send 'it'\\''s', 1 line typed", false],
    ],
  );
  assert.deepEqual(
    journal.timeline.views(2).map(({ ahead }) => ahead),
    [false, false, true, true],
  );
});

test("of a SOCKS client the list says where it goes, once it has said so", () => {
  const proxy = { name: "socks", from: "pc", to: undefined, label: "any host" };
  const say = (...bytes: number[]) => arrived({ kind: "octets", visit: 1, bytes: Uint8Array.from(bytes) });
  const journal = filled(new Journal(), [
    arrived({ kind: "connect", visit: 1, way: proxy, local: client, client }),
    say(5, 1, 0),
    say(5, 1, 0, 3, 4, 109, 97, 105),
  ]);
  const text = () => journal.timeline.views(journal.position)[0].text;
  assert.equal(text(), "from 127.0.0.1:5000 to any host, by SOCKS from pc, 11 B in");
  filled(journal, [say(108, 0, 110, 85, 83), say(1)]);
  assert.equal(text(), "from 127.0.0.1:5000 to mail:110, by SOCKS from pc, 17 B in");
});

test("of many visits the last are listed; changes are all", () => {
  const journal = filled(new Journal(), [cut, ...Array.from({ length: 1000 }, (_, i) => connect(i))]);
  const views = journal.timeline.views(journal.position);
  assert.equal(views.length, 301);
  assert.equal(views[0].text, "cut the link ocean");
});

test("what is done in the past ends what was known, and what was lost of it", () => {
  const whole = filled(new Journal({ arrivedOctetsMax: 1000, changesMax: 2 }), [
    ...[cut, connect(1), octets(1, 100)],
    ...[octets(1, 800), octets(1, 1), connect(2), cut, cut],
  ]);
  assert.equal(whole.isOutsideFull, true);
  assert.equal(
    whole.unrepeatable,
    2,
    "a connection and a change: what goes on in the first one is part of it",
  );
  const past = new Journal({ arrivedOctetsMax: 1000, changesMax: 2 }, whole);
  assert.equal(past.unrepeatable, 2);
  assert.equal(past.timeline.views(0).length, 3);
  past.advance();
  filled(past, [connect(3), octets(3, 100)]);
  assert.equal(past.next, undefined);
  assert.deepEqual([past.unrepeatable, past.isOutsideFull, past.inputs.length], [0, false, 3]);
});

test("a journal holds no more than it may, whatever is done", () => {
  const deed = fc.oneof(
    fc.constant(cut),
    fc.nat(9).map(connect),
    fc.tuple(fc.nat(9), fc.nat(3000)).map(([visit, length]) => octets(visit, length)),
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), fc.nat(20), (deeds, moment) => {
      const limits = { changesMax: 10, arrivedOctetsMax: 8000 };
      let journal = filled(new Journal(limits), deeds);
      journal = new Journal(limits, journal);
      for (let i = 0; i < moment && journal.next !== undefined; i++) journal.advance();
      filled(journal, deeds);
      const { inputs, position } = journal;
      assert.equal(position, inputs.length);
      const changes = inputs.filter((input) => "method" in input);
      assert.ok(changes.length <= 10);
      const came = inputs.flatMap((input) => ("arrival" in input ? [input.arrival] : []));
      const length = came.reduce((sum, arrival) => sum + ("bytes" in arrival ? arrival.bytes.length : 0), 0);
      assert.ok(length <= 8000);
      const begun = came.flatMap((arrival) => (arrival.kind === "connect" ? [arrival.visit] : []));
      assert.equal(journal.timeline.begunBefore(position), changes.length + new Set(begun).size);
    }),
  );
});
