import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine } from "./arguments.ts";
import { echo } from "./echo.ts";
import { fetch } from "./fetch.ts";
import { isServer, optionTransports } from "./serve-option.ts";
import { upper } from "./upper.ts";

const words = (line: string): string[] => line.split(" ");

test("a line with --serve is the server's, any other the client's", () => {
  for (const [line, expected] of [
    ["--serve :0", true],
    ["--serve :0 --limit 3 --udp --json", true],
    ["server.test --text hi", false],
    ["server.test --udp", false],
  ] as const)
    assert.equal(
      isServer(echo, parseCommandLine(echo, words(line)), { both: ["tcp", "udp"] }),
      expected,
      line,
    );
});

test("words of both are not passed over", () => {
  for (const [command, line, message] of [
    [upper, "--serve :0 --text hi", "--text does not go with --serve"],
    [upper, "server.test --limit 3", "--limit goes with --serve"],
    [fetch, "server.test poem.txt --root /tmp", "--root goes with --serve"],
    [fetch, "--serve :0 --root /tmp --udp", "--udp does not go with --serve"],
    [fetch, "stray words --serve :0 --root /tmp", '--serve asks nobody: "stray" is one word too many'],
  ] as const)
    assert.throws(() => isServer(command, parseCommandLine(command, words(line)), { own: ["root"] }), {
      code: "usage",
      message,
    });
});

test("a server is for both transports, or for the one that is named", () => {
  const transports = (line: string) => optionTransports(parseCommandLine(echo, words(line)));
  assert.deepEqual(transports("--serve :0"), {});
  assert.deepEqual(transports("--serve :0 --udp"), { transports: ["udp"] });
  assert.throws(() => transports("--serve :0 --udp --tcp"), { code: "usage" });
});
