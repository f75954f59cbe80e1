/** HTTP with programs that we did not write: curl and Python ask our server, our client asks Python's, tshark looks on. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Analysis } from "../../src/dissect/index.ts";
import { type Task, toByteString } from "../../src/net/index.ts";
import { fieldValue, HttpClient, httpRequest, startHttpServer } from "../../src/protocols/http/index.ts";
import { testSite } from "../../src/protocols/http/testing/site.ts";
import { Capture, hostNamesOf, writePcapng } from "../../src/sim/capture/index.ts";
import { World } from "../../src/sim/index.ts";
import { type MailBench, withMailBench } from "./mail-bench.ts";
import { isInstalled } from "./programs.ts";
import { fieldsOf, tshark, valuesByKey } from "./tshark.ts";

/** Debian's own. */
const PYTHON = "/usr/bin/python3";

test("curl: methods, content with and without a length, 100-continue, HTTP/1.0, one connection for many", async (t) => {
  if (!isInstalled(t, "curl", "curl")) return;
  await withServer(async (bench, url) => {
    const curl = async (...words: string[]): Promise<string> => {
      const { status, output } = await bench.run("curl", ["-sS", "--max-time", "20", ...words]);
      assert.equal(status, 0, output);
      return output;
    };
    writeFileSync(join(bench.folder, "large"), Buffer.alloc(3_000_000, "x"));
    assert.equal(await curl(`${url}/hello`), "hello\r\n");
    assert.match(await curl("-I", `${url}/hello`), /^HTTP\/1\.1 200 OK\r\nDate: .*\r\n\r\n$/s);
    assert.match(await curl("-0", "-i", `${url}/stream`), /Connection: close\r\n\r\none\r\ntwo\r\n$/);
    assert.match(await curl("-i", `${url}/stream`), /Transfer-Encoding: chunked\r\n\r\none\r\ntwo\r\n$/);
    // Larger than what curl sends unasked: it waits for 100 Continue.
    const large = await curl("-v", "--data-binary", "@large", "-H", "Expect: 100-continue", `${url}/size`);
    assert.match(large, /< HTTP\/1\.1 100 Continue/);
    assert.match(large, /3000000\r\n/);
    assert.equal(await curl("-T", "large", "-H", "Transfer-Encoding: chunked", `${url}/size`), "3000000\r\n");
    const several = await curl("-v", `${url}/hello`, `${url}/size`, `${url}/nothing`);
    assert.equal(several.match(/Connected to/g)?.length, 1, several);
    assert.equal(several.match(/Re-using existing connection/g)?.length, 2, several);
    assert.match(await curl("-i", "-X", "BREW", `${url}/hello`), /^HTTP\/1\.1 501 /);
    assert.match(await curl("-i", "-H", "Host: a b", `${url}/hello`), /^HTTP\/1\.1 400 /);
    assert.match(
      await curl("-i", "-H", "Content-Length: 5", "-H", "Transfer-Encoding: chunked", "-d", "x", `${url}/`),
      / 400 /,
    );
  });
});

test("Python's http.client and urllib ask our server", async (t) => {
  if (!isInstalled(t, PYTHON, "python3")) return;
  await withServer(async (bench, url) => {
    const { status, output } = await bench.run(PYTHON, ["-c", PYTHON_CLIENT, url.slice("http://".length)]);
    assert.equal(status, 0, output);
    assert.deepEqual(JSON.parse(output), [
      [200, "hello\r\n"],
      [200, "one\r\ntwo\r\n"],
      [200, "5\r\n"],
      [200, "9\r\n"],
      [404, "nothing\r\n"],
    ]);
  });
});

test("our client asks Python's http.server: a page, a folder that has moved, nothing, HEAD", async (t) => {
  if (!isInstalled(t, PYTHON, "python3")) return;
  await withMailBench(async (bench) => {
    mkdirSync(join(bench.folder, "menu"));
    writeFileSync(join(bench.folder, "menu", "index.html"), "<h1>Crêpes</h1>");
    for (const protocol of ["HTTP/1.0", "HTTP/1.1"]) {
      const port = await bench.freePort();
      bench.spawn(PYTHON, ["-m", "http.server", "--protocol", protocol, "--bind", "127.0.0.1", String(port)]);
      await bench.waitForPort(port);
      const url = `http://127.0.0.1:${port}`;
      const ask = (method: string, path: string) =>
        bench.os.run(httpRequest(bench.os, url + path, { method }));
      const page = await ask("GET", "/menu/");
      assert.equal(page.status, 200);
      assert.equal(Buffer.from(page.content).toString(), "<h1>Crêpes</h1>");
      const moved = await ask("GET", "/menu");
      assert.deepEqual([moved.status, fieldValue(moved.fields, "Location")], [301, "/menu/"]);
      assert.equal((await ask("GET", "/nothing")).status, 404);
      const head = await ask("HEAD", "/menu/");
      assert.deepEqual([head.status, head.content.length], [200, 0]);
      assert.equal((await ask("POST", "/")).status, 501);
    }
  });
});

test("tshark sees in a simulated run what our dissector sees", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const folder = mkdtempSync(join(tmpdir(), "hamlet-http-"));
  try {
    const capture = runPages();
    const file = join(folder, "run.pcapng");
    writeFileSync(file, writePcapng(capture, { comment: "pages" }));
    assert.ok(readFileSync(file).length > 1000);
    const options = ["-n", "-o", "http.desegment_body:FALSE", "-o", "http.desegment_headers:FALSE"];
    const theirs = tshark(file, ...options, ...fieldsOf(KEYS));
    const analysis = new Analysis();
    const compared = new Set<string>();
    for (const [i, packet] of capture.packets.entries()) {
      const ours = valuesByKey(packet.bytes, analysis.handle(packet).context);
      for (const [k, value] of theirs[i].split("\t").entries()) {
        const mine = (ours.get(KEYS[k]) ?? []).join("|");
        if (value !== "") compared.add(KEYS[k]);
        assert.equal(mine, value, `packet ${i + 1}, ${KEYS[k]}`);
      }
    }
    assert.deepEqual([...compared].sort(), [...KEYS].sort(), "the run shows every field that is compared");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Some pages over one connection and some over their own, in the simulated world. */
function runPages() {
  const world = new World({ seed: 3 });
  const [pc, www] = [world.addHost("pc"), world.addHost("www")];
  world.connect(
    pc.addInterface({ addresses: ["10.0.0.1/24"] }),
    www.addInterface({ addresses: ["10.0.0.2/24"] }),
    { delayMs: 5 },
  );
  world.computeRoutes();
  const recorder = new Capture({ interfaceName: (id) => world.interfaces[id].name });
  world.addTap(recorder);
  const fields = [
    { name: "User-Agent", value: "Hamlet" },
    { name: "Accept", value: "text/html" },
    { name: "Accept-Language", value: "fr" },
    { name: "Cookie", value: "a=1" },
    { name: "Referer", value: "http://www/" },
  ];
  world.run(
    (function* (): Task {
      yield* startHttpServer(www.network, {
        *handler(request) {
          if (request.target.path !== "/moved") return yield* testSite(request);
          const more = [
            { name: "Location", value: "/hello" },
            { name: "Set-Cookie", value: "a=2; Path=/" },
          ];
          return { status: 302, fields: more };
        },
      });
      const connection = yield* pc.network.connect("10.0.0.2", 80, { timeoutMs: 1000 });
      const client = new HttpClient(connection, pc.network.clock);
      for (const [method, target] of [
        ["GET", "/hello?a=1"],
        ["HEAD", "/hello"],
        ["GET", "/moved"],
        ["GET", "/nothing"],
      ])
        yield* client.exchange({ method, target, host: "www", fields });
      yield* client.exchange({
        method: "POST",
        target: "/size",
        host: "www",
        content: new Uint8Array(20).fill(97),
      });
      connection.close();
      const page = yield* httpRequest(pc.network, "http://10.0.0.2/stream");
      assert.equal(toByteString(page.content), "one\r\ntwo\r\n");
    })(),
  );
  const { startUnixMs, interfaces } = world;
  return {
    startUnixMs,
    interfaces,
    hostNames: hostNamesOf(interfaces),
    packets: [...recorder.packets()],
    lostCount: 0,
  };
}

async function withServer(work: (bench: MailBench, url: string) => Promise<void>): Promise<void> {
  await withMailBench(async (bench) => {
    const options = { handler: testSite, address: "127.0.0.1", port: 0, contentMax: 10_000_000 };
    const server = await bench.os.run(startHttpServer(bench.os, options));
    await work(bench, `http://127.0.0.1:${server.tcp.port}`);
    await bench.os.run(server.stop(0));
  });
}

const PYTHON_CLIENT = `
import http.client, json, sys, urllib.request, urllib.error
out = []
c = http.client.HTTPConnection(sys.argv[1], timeout=20)
def ask(method, path, body=None, **more):
    c.request(method, path, body, **more)
    r = c.getresponse()
    out.append([r.status, r.read().decode()])
ask("GET", "/hello")
ask("GET", "/stream")
ask("POST", "/size", b"12345")
ask("PUT", "/size", iter([b"1234", b"56789"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
try:
    urllib.request.urlopen("http://%s/nothing" % sys.argv[1], timeout=20)
except urllib.error.HTTPError as e:
    out.append([e.code, e.read().decode()])
print(json.dumps(out))
`;

/** Fields that both show. */
const KEYS = `
  http.request.method http.request.uri http.request.version http.response.version http.response.code
  http.response.phrase http.host http.user_agent http.accept http.accept_language http.cookie http.referer
  http.date http.server http.content_type http.location http.set_cookie http.connection http.transfer_encoding
  http.content_length_header
`
  .trim()
  .split(/\s+/);
