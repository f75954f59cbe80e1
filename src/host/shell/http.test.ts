/** `http` on a simulated host: what a person sees, and what programs read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HamletError, type Task } from "../../net/index.ts";
import {
  type HttpRequest,
  type HttpResponse,
  startHttpServer,
  textResponse,
} from "../../protocols/http/index.ts";
import { World } from "../../sim/index.ts";
import { HostFiles } from "../files.ts";
import { parseCommandLine } from "./arguments.ts";
import { http } from "./http.ts";

const SERVER = "10.0.0.2";

test("status, fields and content; an exit status for programs", () => {
  const page = run(["get", `http://${SERVER}/`]);
  assert.equal(page.status, 0);
  assert.match(
    page.printed,
    /^HTTP\/1\.1 200 OK\nDate: .*\nServer: Hamlet\nConnection: close\nContent-Type: text\/plain; charset=utf-8\nContent-Length: 7\n\ncrêpe\n$/,
  );
  assert.deepEqual(run([SERVER, "--content"]), { status: 0, printed: "crêpe\n", files: [] });
  const missing = run([`${SERVER}/nothing`]);
  assert.equal(missing.status, 1);
  assert.match(missing.printed, /^HTTP\/1\.1 404 Not Found\n/);
  const json = JSON.parse(run([SERVER, "--json"]).printed);
  assert.equal(json.status, 200);
  assert.equal(json.content, "crêpe\n");
  assert.deepEqual(json.fields.at(-1), ["Content-Length", "7"]);
});

test("what is sent: method, content, fields", () => {
  const sent = (words: string[]): string => run([...words, "--content"]).printed;
  assert.equal(sent([`${SERVER}/echo`, "-d", "a=ü"]), "POST a=ü - Hamlet\n");
  assert.equal(sent(["put", `${SERVER}/echo`, "-d", "x", "-H", "X-Test: 1"]), "PUT x 1 Hamlet\n");
  assert.equal(sent(["delete", `${SERVER}/echo`, "-H", "User-Agent: me"]), "DELETE  - me\n");
  assert.equal(sent(["head", `${SERVER}/echo`]), "");
});

test("redirects are followed when that is wanted, and circles end", () => {
  assert.match(run([`${SERVER}/old`]).printed, /^HTTP\/1\.1 301 .*\nLocation: \/\n/s);
  const followed = run([`${SERVER}/old`, "--follow", "-H", "X-Test: secret"]);
  assert.match(
    followed.printed,
    /^301 Moved Permanently: goes on at http:\/\/10\.0\.0\.2\/\nHTTP\/1\.1 200 OK\n/,
  );
  assert.match(run([`${SERVER}/circle`, "-L"]).error ?? "", /20 redirects lead to no page/);
});

test("content goes into a file; a terminal is not steered", () => {
  const saved = run([SERVER, "--save", "crepe.txt", "--content"]);
  assert.deepEqual(saved, { status: 0, printed: "(7 octets saved as crepe.txt)\n", files: ["crepe.txt"] });
  assert.equal(run([`${SERVER}/binary`, "--content"]).printed, "(100 octets of binary data)\n");
  assert.equal(run([`${SERVER}/evil`, "--content"]).printed, "a long line of text and ·[2J\n");
});

test("what is wrong is said in one line", () => {
  for (const [words, message] of [
    [[], /URL is missing/],
    [["get", "a", "b"], /"b" is one word too many/],
    [["brew", SERVER], /"BREW" is none of GET/],
    [["https://a/"], /only http:\/\/ is spoken here/],
    [[SERVER, "-H", "no colon"], /is not "NAME: VALUE"/],
    [["post", SERVER, "--follow"], /--follow goes with get and head/],
    [[`${SERVER}:81`], /refused/],
    [["10.0.0.9", "-W", "1s"], /10\.0\.0\.9/],
  ] as const)
    assert.match(run([...words]).error ?? "nothing", message, words.join(" "));
});

interface Result {
  readonly status: number;
  readonly printed: string;
  readonly files: readonly string[];
  readonly error?: string;
}

function run(words: readonly string[]): Result {
  const world = new World({ seed: 1 });
  const [pc, www] = [world.addHost("pc"), world.addHost("www")];
  world.connect(
    pc.addInterface({ addresses: ["10.0.0.1/24"] }),
    www.addInterface({ addresses: [`${SERVER}/24`] }),
    { delayMs: 1 },
  );
  world.computeRoutes();
  world.run(startHttpServer(www.network, { handler: site }));
  let printed = "";
  const files = new HostFiles();
  const plain = words.filter((word) => word !== "--json");
  const shell = {
    network: pc.network,
    nameServers: [],
    print: (text: string) => void (printed += text),
    printError: (text: string) => void (printed += text),
    json: plain.length < words.length,
    colour: false,
    *readLine(): Task<null> {
      return null;
    },
    files,
  };
  try {
    const status = world.finish(pc.network.spawn("http", http.run(shell, parseCommandLine(http, plain))));
    return { status, printed, files: files.names };
  } catch (error) {
    assert.ok(error instanceof HamletError, String(error));
    return { status: 2, printed, files: files.names, error: error.message };
  }
}

function* site({ method, target, fields, content }: HttpRequest): Task<HttpResponse> {
  const field = (name: string): string => fields.find((one) => one.name === name)?.value ?? "-";
  switch (target.path) {
    case "/":
      // What was meant for the page that has moved does not go along.
      return textResponse(field("X-Test") === "-" ? 200 : 500, "crêpe\n");
    case "/echo":
      return textResponse(
        200,
        `${method} ${Buffer.from(content).toString()} ${field("X-Test")} ${field("User-Agent")}\n`,
      );
    case "/old":
      return { status: 301, fields: [{ name: "Location", value: "/" }] };
    case "/circle":
      return { status: 302, fields: [{ name: "Location", value: "circle" }] };
    case "/binary":
      return { status: 200, content: new Uint8Array(100).fill(0x80) };
    case "/evil":
      return textResponse(200, "a long line of text and \x1b[2J\n");
    default:
      return textResponse(404, "nothing\n");
  }
}
