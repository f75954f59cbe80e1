/**
 * The textbook's socket programs, written anew in Python, and netcat and socat: their clients at our servers, our
 * clients at their servers. The packets of the same exchanges: exchanges.test.ts.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import type { Task } from "../../src/net/index.ts";
import { OsNetwork } from "../../src/os/index.ts";
import { startEchoServer } from "../../src/protocols/echo/index.ts";
import {
  fetchWords,
  generatedText,
  MemoryFileStore,
  startFetchServer,
} from "../../src/protocols/fetch/index.ts";
import { startMeterServer } from "../../src/protocols/meter/index.ts";
import { startUpperServer, UpperClient, upperDatagram } from "../../src/protocols/upper/index.ts";
import { isInstalled } from "./programs.ts";

const SLOW = { timeout: 60_000 };

test("Python's textbook clients at our servers: upper, echo over IPv4 and IPv6, words", SLOW, async (t) => {
  if (!isInstalled(t, "python3", "python3")) return;
  await withServers(async (ports) => {
    const typed = "hello, world\ngrüß Gott\n";
    for (const script of [UPPER_TCP_CLIENT, UPPER_UDP_CLIENT])
      assert.equal(await python(script, [String(ports.upper)], typed), "HELLO, WORLD\nGRÜSS GOTT\n");
    for (const address of ["127.0.0.1", "::1"])
      assert.equal(await python(ECHO_CLIENT, [address, String(ports.echo)], typed), typed);
    const words = [...new TextDecoder().decode(generatedText(2000)).trim().split(/\s+/), ""].join("\n");
    assert.equal(await python(WORDS_CLIENT, [String(ports.fetch), "text"], ""), words);
    assert.equal(await python(WORDS_CLIENT, [String(ports.fetch), "nope"], ""), "404 file not found\n");
    for (const kind of ["SOCK_STREAM", "SOCK_DGRAM"]) {
      const trips = await python(ROUND_TRIPS_CLIENT, [kind, String(ports.meter)], "");
      assert.match(trips, /^100 round trips, \d+ per second\n$/, kind);
    }
  });
});

test("our clients at Python's textbook servers", SLOW, async (t) => {
  if (!isInstalled(t, "python3", "python3")) return;
  const os = new OsNetwork();
  const lines = ["hello", "grüß Gott", "3 %"];
  const expected = lines.map((line) => line.toUpperCase());
  await withPython(UPPER_TCP_SERVER, async (port) => {
    assert.deepEqual(await os.run(askTcp(os, port, lines)), expected);
  });
  await withPython(UPPER_UDP_SERVER, async (port) => {
    assert.deepEqual(await os.run(askUdp(os, port, lines)), expected);
  });
  await withPython(WORDS_SERVER, async (port) => {
    const words: string[] = [];
    const sink = { write: (bytes: Uint8Array) => words.push(Buffer.from(bytes).toString()), restart() {} };
    const source = { host: "127.0.0.1", port, name: "poem" };
    assert.equal(await os.run(fetchWords(os, source, sink, { timeoutMs: 5000 })), 4);
    assert.deepEqual(words, ["a\n", "rose\n", "is\n", "red\n"]);
    const missing = { ...source, name: "prose" };
    await assert.rejects(os.run(fetchWords(os, missing, sink, { timeoutMs: 5000 })), {
      code: "file-not-found",
    });
  });
  await os.close();
});

test("netcat at our servers: upper over TCP and UDP, the words' dialogue", SLOW, async (t) => {
  if (!isInstalled(t, "nc", "netcat-openbsd", "-h")) return;
  await withServers(async (ports) => {
    for (const address of ["127.0.0.1", "::1"]) {
      assert.equal(
        await program("nc", ["-N", address, String(ports.upper)], "hello\r\nthere"),
        "HELLO\r\nTHERE",
      );
      assert.equal(await program("nc", ["-u", "-w", "1", address, String(ports.upper)], "hello"), "HELLO");
    }
    const dialogue = "poem.txt\nWORD_1\nWORD_2\nWORD_3\n";
    assert.equal(
      await program("nc", ["-N", "127.0.0.1", String(ports.fetch)], dialogue),
      "a\nrose\nis\nEOF\n",
    );
  });
});

test("socat at our servers: upper and echo over TCP and UDP", SLOW, async (t) => {
  if (!isInstalled(t, "socat", "socat", "-V")) return;
  await withServers(async (ports) => {
    for (const kind of ["TCP4:127.0.0.1", "TCP6:[::1]", "UDP4:127.0.0.1", "UDP6:[::1]"]) {
      const talk = (port: number): Promise<string> =>
        program("socat", ["-t", "1", "STDIO", `${kind}:${port}`], "hello\n");
      assert.equal(await talk(ports.upper), "HELLO\n", kind);
      assert.equal(await talk(ports.echo), "hello\n", kind);
    }
    for (const kind of ["TCP4:127.0.0.1", "TCP6:[::1]"]) {
      const words = ["-t", "1", "STDIO", `${kind}:${ports.fetch}`];
      assert.equal(await program("socat", words, "poem.txt\nWORD_1\nWORD_2\nWORD_3\n"), "a\nrose\nis\nEOF\n");
    }
  });
});

interface Ports {
  readonly upper: number;
  readonly echo: number;
  readonly fetch: number;
  readonly meter: number;
}

async function withServers(run: (ports: Ports) => Promise<void>): Promise<void> {
  const os = new OsNetwork();
  const contents = new Map([
    ["text", generatedText(2000)],
    ["poem.txt", Buffer.from("a rose\nis\n")],
  ]);
  try {
    const upper = await os.run(startUpperServer(os, { port: 0 }));
    const echo = await os.run(startEchoServer(os, { port: 0 }));
    const fetch = await os.run(startFetchServer(os, { port: 0, files: new MemoryFileStore(contents) }));
    const meter = await os.run(startMeterServer(os, { port: 0 }));
    const [upperPort, echoPort] = [upper.tcp?.port ?? 0, echo.tcp?.port ?? 0];
    await run({ upper: upperPort, echo: echoPort, fetch: fetch.tcp.port, meter: meter.tcp.port });
    for (const server of [upper, echo, fetch, meter]) await os.run(server.stop(0));
  } finally {
    await os.close();
  }
}

function* askTcp(os: OsNetwork, port: number, lines: string[]): Task<string[]> {
  const client = new UpperClient(os, "127.0.0.1", port, { timeoutMs: 5000 });
  const answers: string[] = [];
  for (const line of lines) answers.push(yield* client.ask(line));
  yield* client.finish();
  return answers;
}

function* askUdp(os: OsNetwork, port: number, lines: string[]): Task<(string | undefined)[]> {
  const answers: (string | undefined)[] = [];
  const to = { address: "127.0.0.1", port };
  for (const line of lines)
    answers.push(yield* upperDatagram(os, to, line, { timeoutMs: 2000, triesMax: 3 }));
  return answers;
}

function python(script: string, words: string[], input: string): Promise<string> {
  return program("python3", ["-c", script, ...words], input);
}

/** Runs a server of Python's that prints its port first, and ends it afterwards. */
async function withPython(script: string, run: (port: number) => Promise<void>): Promise<void> {
  const child = spawn("python3", ["-u", "-c", script], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 20_000,
  });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.once("data", (text) => resolve(Number(text)));
      child.once("close", () => reject(new Error("the server ended before it listened")));
    });
    await run(port);
  } finally {
    child.kill();
  }
}

function program(name: string, words: string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, words, { stdio: ["pipe", "pipe", "inherit"], timeout: 10_000 });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.once("error", reject);
    child.once("close", () => resolve(output));
    child.stdin.on("error", () => {}).end(input);
  });
}

/** One connection and one receive per line, no line end sent: as the textbook has it. */
const UPPER_TCP_CLIENT = `
import sys
from socket import socket, AF_INET, SOCK_STREAM
for line in sys.stdin.buffer:
    s = socket(AF_INET, SOCK_STREAM)
    s.connect(("127.0.0.1", int(sys.argv[1])))
    s.send(line.rstrip(b"\\n"))
    sys.stdout.buffer.write(s.recv(1024) + b"\\n")
    s.close()
`;
const UPPER_UDP_CLIENT = `
import sys
from socket import socket, AF_INET, SOCK_DGRAM
s = socket(AF_INET, SOCK_DGRAM)
s.settimeout(5)
for line in sys.stdin.buffer:
    s.sendto(line.rstrip(b"\\n"), ("127.0.0.1", int(sys.argv[1])))
    answer, server = s.recvfrom(2048)
    sys.stdout.buffer.write(answer + b"\\n")
`;
const ECHO_CLIENT = `
import sys, socket
family, kind, protocol, _, address = socket.getaddrinfo(sys.argv[1], sys.argv[2], type=socket.SOCK_STREAM)[0]
s = socket.socket(family, kind, protocol)
s.connect(address)
f = s.makefile("rwb")
for line in sys.stdin.buffer:
    f.write(line)
    f.flush()
    sys.stdout.buffer.write(f.readline())
`;
const WORDS_CLIENT = `
import sys, socket
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
f = s.makefile("rw", newline="\\n")
def ask(text):
    f.write(text + "\\n")
    f.flush()
    return f.readline().strip()
word, n = ask(sys.argv[2]), 0
while word != "EOF":
    print(word)
    if " " in word:
        break
    n += 1
    word = ask("WORD_%d" % n)
`;
/** The textbook's meter in its echo mode: says hello as our README has it, then counts what comes back. */
const ROUND_TRIPS_CLIENT = `
import sys, socket, time
s = socket.socket(socket.AF_INET, getattr(socket, sys.argv[1]))
s.settimeout(5)
s.connect(("127.0.0.1", int(sys.argv[2])))
def ask(request):
    s.send(request)
    answer = b""
    while len(answer) < len(request):
        answer += s.recv(2048)
    assert answer == request
ask(b"hamlet-round-trips".ljust(37, b"\\0"))
began = time.monotonic()
for i in range(100):
    ask(b"%064d" % i)
print("100 round trips, %d per second" % (100 / (time.monotonic() - began)))
`;
const UPPER_TCP_SERVER = `
from socket import socket, AF_INET, SOCK_STREAM
server = socket(AF_INET, SOCK_STREAM)
server.bind(("127.0.0.1", 0))
server.listen(1)
print(server.getsockname()[1])
while True:
    connection, _ = server.accept()
    connection.send(connection.recv(1024).decode().upper().encode())
    connection.close()
`;
const UPPER_UDP_SERVER = `
from socket import socket, AF_INET, SOCK_DGRAM
server = socket(AF_INET, SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print(server.getsockname()[1])
while True:
    message, client = server.recvfrom(2048)
    server.sendto(message.decode().upper().encode(), client)
`;
const WORDS_SERVER = `
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1])
while True:
    connection, _ = server.accept()
    f = connection.makefile("rw", newline="\\n")
    if f.readline().strip() != "poem":
        f.write("404 file not found\\n")
    else:
        for n, word in enumerate("a rose is red".split()):
            if n > 0:
                assert f.readline() == "WORD_%d\\n" % n
            f.write(word + "\\n")
            f.flush()
        f.readline()
        f.write("EOF\\n")
    f.close()
    connection.close()
`;
