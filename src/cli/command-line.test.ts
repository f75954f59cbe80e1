import assert from "node:assert/strict";
import { test } from "node:test";
import { networkPrograms, programs } from "./catalogue.ts";
import { parseWords } from "./program.ts";
import { runWords, testTerminal } from "./testing/test-terminal.ts";

test("help: of everything, of each program, in each way to ask for it", async () => {
  const overview = await runWords("--help");
  assert.equal(overview.status, 0);
  assert.equal((await runWords("help")).stdout, overview.stdout);
  for (const program of programs) {
    assert.ok(overview.stdout.includes(`  ${program.name} `), program.name);
    const words = program.name.split(" ");
    const asked = await runWords("help", ...words);
    assert.deepEqual(await runWords(...words, "--help"), asked);
    assert.equal(asked.status, 0);
    assert.match(asked.stdout, new RegExp(`^Usage: hamlet ${program.name}( |\n)`));
    for (const option of program.options) assert.ok(asked.stdout.includes(`--${option.name}`), option.name);
    for (const example of program.examples) assert.ok(asked.stdout.includes(example), example);
  }
});

test("no line of a help of ours is wider than a terminal of 120 columns", async () => {
  for (const { name } of networkPrograms) {
    const { stdout } = await runWords("help", name);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 120, line);
  }
});

test("the version comes from the package", async () => {
  const { status, stdout } = await runWords("--version");
  assert.equal(status, 0);
  assert.match(stdout, /^hamlet \d+\.\d+\.\d+ \(Node \d+\./);
});

test("a command line that makes no sense: one line, status 2, nothing on the standard output", async () => {
  const cases: [string[], RegExp][] = [
    [["rnu"], /no command "rnu", did you mean "run"\?$/],
    [["frobnicate"], /no command "frobnicate"; "hamlet --help" lists what there is$/],
    [["mail"], /"mail" is the beginning of "mail send"/],
    [["traceroute", "x"], /typed at a host of a network that is up: \S*hamlet exec HOST traceroute x/],
    [["--frob"], /no option --frob before the command/],
    [["run"], /hamlet run: FILE is missing/],
    [["run", "a", "b"], /hamlet run: "b" is one word too many/],
    [["run", "ketchup", "--sed", "1"], /no option --sed, did you mean --seed\?/],
    [["run", "ketchup", "--seed", "x"], /--seed must be a whole number/],
    [["run", "ketchup", "--until", "soon"], /--until must be a time/],
    [
      ["run", "ketchup", "--conversation", "1"],
      /says what --sequence OUT\.svg or OUT\.txt draws: it is missing/,
    ],
    [
      ["run", "ketchup", "--sequence", "x.png"],
      /--sequence must be a file that ends in \.svg or \.txt, not "x\.png"/,
    ],
    [["up", "--speed", "fast"], /--speed must be a number/],
    [["up", "ketchup", "--forward", "smtp"], /--forward must be NAME=PORT/],
    [["up", "town", "--forward", "smpt=2525"], /no forwarded port "smpt", did you mean "smtp"\?/],
    [["up", "town", "--forward", "smtp=70000"], /the port in --forward smtp=70000 must be/],
    [["serve", "ketchup", "--port", "smpt=25"], /--port: there is no service "smpt", did you mean "smtp"\?/],
    [["serve", "ketchup", "--listen", "localhost"], /--listen must be an IP address/],
    [["serve", "ketchup"], /has several hosts: --host mail/],
    [["serve", "ketchup", "--host", "nobody"], /has no host "nobody"/],
    [["exec", "pc.crepes.fr"], /hamlet exec: CMD is missing/],
  ];
  for (const [words, expected] of cases) {
    const { status, stdout, stderr } = await runWords(...words);
    assert.match(stderr, /^hamlet( \w+)?: [^\n]+\n$/, words.join(" "));
    assert.match(stderr.trimEnd(), expected);
    assert.equal(status, 2, words.join(" "));
    assert.equal(stdout, "");
  }
  const nothing = await runWords();
  assert.equal(nothing.status, 2);
  assert.match(nothing.stderr, /^Usage: hamlet COMMAND/);
});

test("what fails for other reasons has status 1; the stack comes only with --debug", async () => {
  const missing = await runWords("run", "ketchpu");
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /^hamlet: there is no network file "ketchpu", did you mean "ketchup"\?\n$/);
  const debug = await runWords("run", "ketchpu", "--debug");
  assert.match(debug.stderr, /\n {4}at /);
});

test("what follows the command of exec is left to it", () => {
  const exec = networkPrograms.find(({ name }) => name === "exec");
  assert.ok(exec !== undefined);
  const operands = (...words: string[]) => parseWords(exec, words).operands;
  assert.deepEqual(operands("pc", "ping", "-c", "3", "--json"), ["pc", "ping", "-c", "3", "--json"]);
  assert.deepEqual(operands("--control", "x.sock", "pc", "dig", "--help"), ["pc", "dig", "--help"]);
  assert.deepEqual(operands("--", "pc", "dig"), ["pc", "dig"]);
});

test("colours only on a terminal that wants them", () => {
  assert.equal(testTerminal({}, true).context.terminal.colour, true);
  assert.equal(testTerminal({}, false).context.terminal.colour, false);
  assert.equal(testTerminal({ NO_COLOR: "1" }, true).context.terminal.colour, false);
  assert.equal(testTerminal({ NO_COLOR: "" }, true).context.terminal.colour, true);
  assert.equal(testTerminal({ TERM: "dumb" }, true).context.terminal.colour, false);
});
