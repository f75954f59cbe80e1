import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { LocalError } from "../../net/index.ts";
import {
  exclusiveOption,
  help,
  optionDurationMs,
  optionInteger,
  optionText,
  optionTexts,
  parseCommandLine,
  parseDurationMs,
  parseHostAndPort,
  parseInteger,
  parseListenAddresses,
} from "./arguments.ts";
import type { Command } from "./command.ts";
import { commands, splitWords } from "./index.ts";

const command: Command = {
  name: "send",
  summary: "send things",
  operands: "HOST [FILE...]",
  options: [
    { name: "count", short: "c", value: "N", help: "how many" },
    { name: "header", short: "H", value: "LINE", repeatable: true, help: "a header" },
    { name: "ipv4", short: "4", help: "by IPv4" },
    { name: "verbose", short: "v", help: "say more" },
  ],
  examples: ["send server.test a.txt"],
  *run() {
    return 0;
  },
};

/** The result as plain data. */
function parse(...words: string[]): {
  operands: readonly string[];
  options: Record<string, readonly string[]>;
} {
  const input = parseCommandLine(command, words);
  return { operands: input.operands, options: Object.fromEntries(input.options) };
}

describe("parseCommandLine", () => {
  test("takes options in all their forms, before and after operands", () => {
    const expected = { operands: ["host", "file"], options: { count: ["5"], verbose: ["true"] } };
    assert.deepEqual(parse("--count", "5", "--verbose", "host", "file"), expected);
    assert.deepEqual(parse("host", "--count=5", "file", "-v"), expected);
    assert.deepEqual(parse("-vc", "5", "host", "file"), expected);
    assert.deepEqual(parse("host", "file", "-vc5"), expected);
    assert.deepEqual(parse("host", "-v", "-v", "file", "-c=5"), expected);
  });

  test("-- ends the options, - is an operand, and negative numbers are no options", () => {
    assert.deepEqual(parse("host", "--", "-v", "--", "--count"), {
      operands: ["host", "-v", "--", "--count"],
      options: {},
    });
    assert.deepEqual(parse("host", "-", "-5", "-.5").operands, ["host", "-", "-5", "-.5"]);
    assert.deepEqual(parse("host", "-c", "-5").options, { count: ["-5"] });
    assert.deepEqual(
      parse("host", "-4", "-44").options,
      { ipv4: ["true"] },
      "an option of that name goes first",
    );
  });

  test("values may be empty, hold =, or look like options when they are attached", () => {
    assert.deepEqual(
      parse("host", "--header=", "--header=a=b", "-H", "x: y", "-H-v", "--header=--count").options,
      {
        header: ["", "a=b", "x: y", "-v", "--count"],
      },
    );
  });

  test("says in one line what is wrong, and how it is right", () => {
    const cases: [string[], RegExp][] = [
      [["host", "--cuont", "5"], /^send: there is no option --cuont, did you mean --count\?$/],
      [["host", "--zebra"], /^send: there is no option --zebra; "send --help" lists what there is$/],
      [["host", "-x"], /there is no option -x;/],
      [["host", "-verbose"], /there is no option -e, did you mean --verbose\?$/],
      [["host", "--count"], /--count needs a value: --count N/],
      [["host", "--count", "--verbose"], /--count needs a value: --count N/],
      [["host", "-c"], /--count needs a value/],
      [["host", "--verbose=yes"], /--verbose takes no value/],
      [["host", "-c1", "--count=2"], /--count is given twice/],
      [[], /^send: HOST is missing/],
    ];
    for (const [words, message] of cases) {
      assert.throws(
        () => parse(...words),
        (error) => {
          assert.ok(error instanceof LocalError && error.code === "usage");
          assert.match(error.message, message);
          assert.ok(!error.message.includes("\n"));
          return true;
        },
      );
    }
  });

  test("counts the operands", () => {
    const two = { ...command, operands: "HOST[:PORT] [TYPE]" };
    assert.deepEqual(parseCommandLine(two, ["a"]).operands, ["a"]);
    assert.throws(() => parseCommandLine(two, []), /HOST is missing/);
    assert.throws(() => parseCommandLine(two, ["a", "b", "c"]), /"c" is one word too many/);
    assert.deepEqual(parseCommandLine(two, ["--help"]).options.has("help"), true, "help needs no operand");
    const none = { ...command, operands: "" };
    assert.throws(() => parseCommandLine(none, ["a"]), /"a" is one word too many/);
  });

  test("whatever is typed: operands and options, or a usage error", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "--count",
        "-c",
        "-c5",
        "--",
        "-",
        "-v",
        "-4v",
        "--header=x",
        "--help",
        "host",
        "-1",
        "---",
        "--=",
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        try {
          const input = parseCommandLine(command, words);
          const known = new Set(["count", "header", "ipv4", "verbose", "json", "help"]);
          for (const [name, values] of input.options) assert.ok(known.has(name) && values.length > 0);
        } catch (error) {
          assert.ok(error instanceof LocalError && error.code === "usage", String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("help", () => {
  test("shows usage, options in columns, and examples", () => {
    assert.equal(
      help(command),
      [
        "Usage: send HOST [FILE...] [options]",
        "",
        "send things",
        "",
        "Options:",
        "  -c, --count N      how many",
        "  -H, --header LINE  a header",
        "  -4, --ipv4         by IPv4",
        "  -v, --verbose      say more",
        "      --json         print one JSON document instead of text; a failure is one, too",
        "  -h, --help         print this help",
        "",
        "Examples:",
        "  send server.test a.txt",
        "",
      ].join("\n"),
    );
  });

  test("every command can be helped with, its option names differ, and its examples are right", () => {
    for (const one of commands) {
      assert.match(help(one), /^Usage: /);
      const names = one.options.map(({ name }) => name);
      const letters = one.options.flatMap(({ short }) => short ?? []);
      assert.equal(new Set(names).size, names.length, `${one.name}: two options of one name`);
      assert.equal(new Set(letters).size, letters.length, `${one.name}: two options of one letter`);
      for (const example of one.examples) {
        const words = splitWords(example.split(/ [|<>] /)[0]);
        const name = one.name.split(" ");
        const at = words.indexOf(name[0]);
        assert.deepEqual(words.slice(at, at + name.length), name, example);
        parseCommandLine(one, words.slice(at + name.length));
      }
    }
  });
});

describe("values", () => {
  test("durations", () => {
    const good = {
      "1.5s": 1500,
      "200ms": 200,
      "2": 2000,
      "0.25": 250,
      ".5s": 500,
      "1m": 60_000,
      "2 min": 120_000,
      "1h": 3_600_000,
      "500us": 0.5,
    };
    for (const [text, ms] of Object.entries(good)) assert.equal(parseDurationMs(text, "T"), ms, text);
    for (const text of ["", "s", "-1s", "1d", "1.s", "1s2", "1e3", "one", "0x1s"]) {
      assert.throws(() => parseDurationMs(text, "--interval"), {
        code: "usage",
        message: `--interval must be a time, e.g. "1.5s" or "200ms", not "${text}"`,
      });
    }
  });

  test("integers within their range", () => {
    assert.equal(parseInteger("25", "PORT", 1, 65_535), 25);
    assert.equal(parseInteger("-3", "X", -5, 5), -3);
    for (const text of ["", "0", "65536", "1.5", "1e3", " 1", "0x10", "٣", "99999999999999999999"]) {
      assert.throws(
        () => parseInteger(text, "PORT", 1, 65_535),
        /PORT must be a whole number from 1 to 65535, not/,
      );
    }
  });

  test("hosts and ports", () => {
    const good: [string, string, number][] = [
      ["server.test", "server.test", 7],
      ["server.test:25", "server.test", 25],
      ["192.0.2.1", "192.0.2.1", 7],
      ["192.0.2.1:25", "192.0.2.1", 25],
      ["[2001:DB8::1]:25", "2001:db8::1", 25],
      ["[::1]", "::1", 7],
      ["2001:db8::7", "2001:db8::7", 7],
    ];
    for (const [text, host, port] of good)
      assert.deepEqual(parseHostAndPort(text, "HOST", 7), { host, port }, text);
    for (const text of [
      "",
      ":25",
      "a:b:c",
      "[host]:25",
      "[::1",
      "[::1]x",
      "a b",
      "2001:db8::g",
      "[192.0.2.1]",
    ]) {
      assert.throws(() => parseHostAndPort(text, "HOST", 7), { code: "usage" }, text);
    }
    for (const text of ["host:", "host:0", "host:65536", "host:x", "[::1]:"]) {
      assert.throws(() => parseHostAndPort(text, "HOST", 7), /the port in HOST must be a whole number/, text);
    }
    assert.throws(
      () => parseHostAndPort("fe80::1%eth0", "HOST", 7),
      /HOST must be an address without a zone/,
    );
  });

  test("places to listen", () => {
    const own = ["127.0.0.1", "::1"];
    for (const text of [":7007", "7007", "localhost:7007"]) {
      assert.deepEqual(parseListenAddresses(text, "P"), { addresses: own, port: 7007 }, text);
    }
    for (const text of ["*:7", "[::]:7"]) {
      assert.deepEqual(parseListenAddresses(text, "P"), { addresses: ["::"], port: 7 }, text);
    }
    assert.deepEqual(parseListenAddresses("0.0.0.0:7", "P"), { addresses: ["0.0.0.0"], port: 7 });
    assert.deepEqual(parseListenAddresses("127.0.0.1:0", "P"), { addresses: ["127.0.0.1"], port: 0 });
    assert.deepEqual(parseListenAddresses("[2001:DB8::1]:7", "P"), { addresses: ["2001:db8::1"], port: 7 });
    for (const text of [
      "",
      ":",
      "*",
      "*:",
      ":x",
      "host:7",
      "127.0.0.1",
      "::1",
      "[::1]",
      "1.2.3:7",
      "99999",
    ]) {
      assert.throws(() => parseListenAddresses(text, "--serve"), { code: "usage" }, text);
    }
  });

  test("options with defaults, ranges, and those that exclude each other", () => {
    const input = parseCommandLine(command, ["host", "-c", "5", "-H", "a", "-H", "b", "-4"]);
    const range = { least: 1, most: 9 };
    assert.equal(optionInteger(input, "count", range, 1), 5);
    assert.equal(optionInteger(input, "other", range, 1), 1);
    assert.throws(() => optionInteger(input, "count", { least: 6, most: 9 }, 1), /--count must be/);
    assert.deepEqual([optionText(input, "header"), optionTexts(input, "header")], ["b", ["a", "b"]]);
    assert.equal(optionDurationMs(input, "count", { leastMs: 0, mostMs: 5000 }, 1), 5000);
    assert.throws(
      () => optionDurationMs(input, "count", { leastMs: 0, mostMs: 100 }, 1),
      /between 0 ms and 100 ms/,
    );
    assert.equal(exclusiveOption(input, ["ipv4", "ipv6"]), "ipv4");
    assert.equal(exclusiveOption(input, ["tcp", "udp"]), undefined);
    assert.throws(() => exclusiveOption(input, ["ipv4", "count"]), /--ipv4 and --count exclude each other/);
  });
});
