/** `upper` and `fetch` in a world of two hosts; the progress bar and the preview. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Task } from "../../net/index.ts";
import { generatedText, MemoryFileStore, startFetchServer } from "../../protocols/fetch/index.ts";
import { startUpperServer } from "../../protocols/upper/index.ts";
import { type LinkOptions, World } from "../../sim/index.ts";
import { HostFiles } from "../files.ts";
import { parseCommandLine } from "./arguments.ts";
import type { Command, Shell, ShellTerminal } from "./command.ts";
import { fetch } from "./fetch.ts";
import { formatSize, progressLine } from "./fetch-progress.ts";
import { upper } from "./upper.ts";

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(5000));
const served = new Map([
  ["poem.txt", new TextEncoder().encode("a rose\nis a rose\n")],
  ["big.txt", generatedText(120_000)],
  ["sub/p.png", png],
]);

describe("upper", () => {
  test("lines in, capitals out, over TCP and UDP", () => {
    for (const transport of ["--tcp", "--udp"]) {
      const { status, output } = run({}, upper, ["10.0.1.2", transport], { typed: ["hello", "grüß"] });
      assert.deepEqual([status, output], [0, "HELLO\nGRÜSS\n"]);
    }
  });

  test("a lost line is said to be lost, after three tries", () => {
    const { status, output, nowNs } = run({ loss: 1 }, upper, ["10.0.1.2", "--udp", "--text", "x"]);
    assert.equal(status, 1);
    assert.equal(output, '"x" is lost: no answer from 10.0.1.2:12000 to 3 datagrams, 1000 ms each\n');
    assert.ok(nowNs >= 3e9);
  });

  test("a port where nobody listens", () => {
    const { status, output } = run({}, upper, ["10.0.1.2:9", "--udp", "--text", "x"]);
    assert.deepEqual(
      [status, output],
      [1, `"x" is lost: connection refused: nobody listens on UDP port 9 of 10.0.1.2\n`],
    );
  });
});

describe("fetch", () => {
  test("words, saved one in each line", () => {
    const { status, output, files } = run({}, fetch, ["words", "10.0.1.2", "poem.txt"]);
    assert.deepEqual([status, output], [0, "poem.txt: 5 words, one in each line; saved as poem.txt\n"]);
    assert.equal(new TextDecoder().decode(files.read("poem.txt")), "a\nrose\nis\na\nrose\n");
  });

  test("a missing file is one clear line and leaves nothing", () => {
    assert.throws(() => run({}, fetch, ["words", "10.0.1.2", "nope"]), {
      code: "file-not-found",
      message: "10.0.1.2:12001 says: 404 file not found",
    });
  });

  test("a stream with a bar where a person looks, and none where nobody does", () => {
    const words = ["10.0.1.2", "big.txt", "--stream", "-o", "copy"];
    const terminal = { columns: 80, environment: { TERM: "xterm" } };
    const line = { bandwidthBps: 1e6 };
    const seen = run(line, fetch, words, { terminal });
    assert.equal(Buffer.compare(seen.files.read("copy") ?? png, generatedText(120_000)), 0);
    assert.match(seen.output, /\rbig\.txt +\d+% \[=+> +\] .* left/);
    assert.match(seen.output, /\rbig\.txt 100% \[=+\] 120\.0 kB of 120\.0 kB .*\n/);
    assert.ok(!run(line, fetch, words).output.includes("\r"));
    assert.ok(!run(line, fetch, [...words, "--json"], { terminal }).output.includes("\r"));
    const dumb = { columns: 80, environment: { TERM: "dumb" } };
    assert.ok(!run(line, fetch, words, { terminal: dumb }).output.includes("\r"));
  });

  test("a picture is shown by a terminal that can, and by no other", () => {
    const words = ["image", "10.0.1.2", "sub/p.png"];
    const outputOn = (environment: Record<string, string>): string =>
      run({}, fetch, words, { terminal: { columns: 80, environment } }).output;
    assert.match(escapesShown(outputOn({ TERM: "xterm-kitty" })), /PNG, 5008 octets in .*<ESC>_Ga=T,f=100/s);
    for (const environment of [{ TERM: "vt100" }, { TERM: "xterm-256color" }]) {
      // The second could, if this were a picture behind its signature.
      const plain = outputOn(environment as Record<string, string>);
      assert.ok(!plain.includes("\x1b"));
      assert.match(plain, /This terminal cannot show it; open p\.png with a picture viewer/);
    }
    assert.ok(!run({}, fetch, words).output.includes("viewer"));
  });

  test("datagrams: what was lost is said, and the file is saved with zeros", () => {
    const line = { loss: 0.1, delayMs: 5 };
    const { status, output, files } = run(line, fetch, ["10.0.1.2", "big.txt", "--udp"]);
    assert.equal(status, 1);
    const [, lost] = /damaged: (\d+) parts are lost/.exec(output) ?? [];
    const bytes = files.read("big.txt") ?? png;
    assert.equal(bytes.length, 120_000);
    assert.equal(bytes.filter((octet) => octet === 0).length, Number(lost) * 1200);
    const json = JSON.parse(run(line, fetch, ["10.0.1.2", "big.txt", "--udp", "--json"]).output);
    assert.equal(json.lostOctets, json.lostParts * 1200);
  });

  test("words that make no sense", () => {
    for (const words of [
      ["10.0.1.2"],
      ["sounds", "10.0.1.2", "x"],
      ["image", "10.0.1.2", "x", "--udp"],
      ["10.0.1.2", "/etc/passwd"],
      ["10.0.1.2", "a\nb"],
      ["10.0.1.2", "a/.."],
      ["--serve", ":0"],
    ])
      assert.throws(() => run({}, fetch, words), { code: "usage" }, words.join(" "));
  });
});

describe("the bar", () => {
  const progress = { name: "f", done: 50, size: 100, fresh: 50, elapsedMs: 1000 };

  test("fits, whatever the width, and says rate and time left", () => {
    assert.equal(
      progressLine(progress, 60),
      `f  50% [${"=".repeat(8)}>${" ".repeat(7)}] 50 B of 100 B  50 B/s  0:01 left`,
    );
    for (let columns = 0; columns < 200; columns++)
      assert.ok(progressLine(progress, columns).length < Math.max(1, columns));
    assert.match(progressLine({ ...progress, fresh: 0 }, 60), /-:-- left/);
    assert.match(progressLine({ ...progress, size: 0, done: 0 }, 60), /100%/);
  });

  test("sizes", () => {
    assert.deepEqual([0, 999, 1000, 999_949, 999_951, 2.5e12].map(formatSize), [
      "0 B",
      "999 B",
      "1.0 kB",
      "999.9 kB",
      "1.0 MB",
      "2.5 TB",
    ]);
  });
});

function escapesShown(text = ""): string {
  return text.replaceAll("\u001b", "<ESC>").replaceAll("\u0007", "<BEL>");
}

function run(
  line: LinkOptions,
  command: Command,
  words: string[],
  options: { typed?: string[]; terminal?: ShellTerminal } = {},
) {
  const world = new World({ seed: 1 });
  const [client, server] = [world.addHost("client.test"), world.addHost("server.test")];
  world.connect(
    client.addInterface({ addresses: ["10.0.1.1/24"] }),
    server.addInterface({ addresses: ["10.0.1.2/24"] }),
    line,
  );
  world.computeRoutes();
  world.run(startUpperServer(server.network));
  world.run(startFetchServer(server.network, { files: new MemoryFileStore(served) }));
  let output = "";
  const print = (text: string): void => {
    output += text;
  };
  const files = new HostFiles();
  const typed = [...(options.typed ?? [])];
  const shell: Shell = {
    network: client.network,
    nameServers: [],
    print,
    printError: print,
    json: words.includes("--json"),
    colour: false,
    files,
    *readLine(): Task<string | null> {
      return typed.shift() ?? null;
    },
    ...(options.terminal === undefined ? {} : { terminal: options.terminal }),
  };
  const status = world.run(command.run(shell, parseCommandLine(command, words)));
  return { status, output, files, nowNs: world.nowNs };
}
