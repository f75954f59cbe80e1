import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseFilter } from "../../../engine/packets/filter/parser.ts";
import type { PacketRowView } from "../../../engine/protocol/index.ts";
import {
  type CellColumn,
  type Combine,
  cellFilter,
  combineFilters,
  fieldFilter,
  quoted,
} from "./filter-text.ts";

const ROW: PacketRowView = {
  number: 7,
  timeNs: 1_500_000_000,
  source: "10.1.0.10",
  destination: "2001:db8:2::25",
  protocol: "SMTP",
  length: 78,
  info: 'C: MAIL FROM:<alice@crepes.fr> "quoted"',
  comment: undefined,
  problems: [],
  mark: undefined,
  conversation: 3,
};

test("a cell becomes a condition of the engine's language", () => {
  assert.equal(cellFilter(ROW, "source"), "ip.src == 10.1.0.10");
  assert.equal(cellFilter(ROW, "destination"), "ipv6.dst == 2001:db8:2::25");
  assert.equal(cellFilter({ ...ROW, source: "02:00:00:00:00:01" }, "source"), "eth.src == 02:00:00:00:00:01");
  assert.equal(cellFilter({ ...ROW, source: "mail.crepes.fr" }, "source"), "host.src == mail.crepes.fr");
  assert.equal(cellFilter(ROW, "protocol"), "protocol == SMTP");
  assert.equal(cellFilter(ROW, "time"), "frame.time_virtual >= 1.5");
  for (const column of [
    "number",
    "time",
    "source",
    "destination",
    "protocol",
    "length",
    "info",
  ] as CellColumn[]) {
    assert.notEqual(parseFilter(cellFilter(ROW, column) as string).expression, undefined);
  }
});

test("a field becomes a comparison, a group or a long value only its presence", () => {
  const field = { key: "tcp.srcport", name: "Source port", value: "49152", start: 0, end: 2 };
  assert.equal(fieldFilter(field), "tcp.srcport == 49152");
  assert.equal(fieldFilter({ ...field, key: "tcp.flags", value: "" }), "tcp.flags");
  assert.equal(
    fieldFilter({ ...field, key: "dns.record", value: "a MX 10 mail" }),
    'dns.record == "a MX 10 mail"',
  );
});

test("a click combines with the filter that applies", () => {
  assert.equal(combineFilters("", "ip.src == 10.0.0.1", "and"), "ip.src == 10.0.0.1");
  assert.equal(combineFilters("smtp", "ip.src == 10.0.0.1", "not"), "!(ip.src == 10.0.0.1)");
  assert.equal(combineFilters("smtp", "tcp", "not"), "!tcp");
  assert.equal(combineFilters("smtp or dns", "lost", "and"), "(smtp or dns) and lost");
  assert.equal(combineFilters("smtp and lost", "dns", "or"), "smtp and lost or dns");
  assert.equal(combineFilters("(smtp or dns)", "lost", "and-not"), "(smtp or dns) and !lost");
  assert.equal(combineFilters('info == "this or that"', "lost", "and"), 'info == "this or that" and lost');
});

test("any value can be asked for, and is found in the engine's tree as it was", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 50 }), (value) => {
      const { expression } = parseFilter(`info == ${quoted(value)}`);
      assert.ok(expression?.kind === "compare" && expression.right.kind === "literal");
      assert.equal(expression.right.text, value);
    }),
  );
});

test("whatever is combined can be read again", () => {
  const clause = fc.constantFrom(
    "smtp",
    "ip.src == 10.0.0.1",
    "lost or resent",
    "!(dns)",
    'info contains "a or b"',
  );
  const step = fc.tuple(clause, fc.constantFrom<Combine>("apply", "not", "and", "or", "and-not"));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      let filter = "";
      for (const [text, combine] of steps) filter = combineFilters(filter, text, combine);
      assert.notEqual(parseFilter(filter).expression, undefined);
    }),
  );
});
