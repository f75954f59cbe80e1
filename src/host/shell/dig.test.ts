import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalError } from "../../net/index.ts";
import { nameServer, parseName, ZoneTable } from "../../protocols/dns/index.ts";
import { SmallInternet } from "../../protocols/dns/testing/small-internet.ts";
import { parseCommandLine } from "./arguments.ts";
import { dig } from "./dig.ts";

interface Output {
  readonly text: string;
  readonly errors: string;
  readonly status: number;
}

const LOCAL = "10.0.0.53";

/** Runs `dig` on a host whose name server is a recursive one. */
function run(line: string, internet = withLocalServer(), json = false): Output {
  let text = "";
  let errors = "";
  const shell = {
    network: internet.net.host("10.1.0.10"),
    nameServers: [LOCAL],
    print: (part: string) => void (text += part),
    printError: (part: string) => void (errors += part),
    json,
    colour: false,
    *readLine() {
      return null;
    },
  };
  const words = line.split(" ").filter((word) => word !== "");
  const status = internet.net.run(dig.run(shell, parseCommandLine(dig, words)));
  return { text, errors, status };
}

function withLocalServer(): SmallInternet {
  const internet = new SmallInternet();
  internet.serve(LOCAL, nameServer({ zones: new ZoneTable(), resolver: internet.resolver }));
  return internet;
}

/** Identifiers and dates are what differs from run to run. */
function stable(text: string): string {
  return text.replace(/id: \d+/, "id: N").replace(/WHEN: .*/, "WHEN: T");
}

test("the layout of dig", () => {
  const { text, status } = run("hamburger.edu MX");
  assert.equal(status, 0);
  assert.equal(
    stable(text),
    `;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: N
;; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;hamburger.edu.			IN	MX

;; ANSWER SECTION:
hamburger.edu.		3600	IN	MX	10 mail.hamburger.edu.

;; Query time: 80 msec
;; SERVER: 10.0.0.53#53 (UDP)
;; WHEN: T
;; MSG SIZE  rcvd: 63

`,
  );
});

test("what to ask: servers, types in either place, addresses, nothing at all", () => {
  assert.equal(run("+short mail.hamburger.edu").text, "10.2.0.10\n");
  assert.equal(run("--short MX hamburger.edu").text, "10 mail.hamburger.edu.\n");
  assert.equal(run("-t mx hamburger.edu +short").text, "10 mail.hamburger.edu.\n");
  assert.match(run("@10.0.2.1 hamburger.edu SOA +norecurse").text, /flags: qr aa;/);
  assert.match(run("").text, /\n;\.\t\t\t\tIN\tNS\n/);
  assert.match(run("-x 10.2.0.10").text, /\n;10\.0\.2\.10\.in-addr\.arpa\.\tIN\tPTR\n/);
  assert.match(run("mail.hamburger.edu +tcp").text, /\(TCP\)/);
  assert.match(run("big.hamburger.edu TXT").text, /\(TCP\)/);
  assert.match(run("big.hamburger.edu TXT +ignore").text, /flags: qr tc rd ra; QUERY: 1, ANSWER: 0/);
  assert.doesNotMatch(run("mail.hamburger.edu +noedns").text, /EDNS/);
  assert.match(run("nothing.hamburger.edu").text, /status: NXDOMAIN/);
  assert.match(run("@10.0.2.1 mail.hamburger.edu").text, /recursion requested but not available/);
});

test("a trace shows every step from the root downwards", () => {
  const { text, status } = run("+trace mail.hamburger.edu");
  assert.equal(status, 0);
  const steps = [...text.matchAll(/;; Received \d+ bytes from (\S+)/g)].map(([, server]) => server);
  // Of the two root servers, either.
  assert.match(steps.join(" "), /^10\.0\.0\.53#53 10\.0\.0\.[12]#53 10\.0\.1\.1#53 10\.0\.2\.1#53$/);
  assert.match(text, /hamburger\.edu\.\t\t3600\tIN\tNS\tdns\.hamburger\.edu\.\n/);
  assert.match(text, /mail\.hamburger\.edu\.\t3600\tIN\tA\t10\.2\.0\.10\n;; Received/);
});

test("a trace that leads nowhere says so", () => {
  const internet = withLocalServer();
  for (const address of ["10.0.0.1", "10.0.0.2"]) internet.silence(address);
  internet.resolver.cache.put(
    [{ name: ".", class: "IN", ttlSeconds: 60, data: { type: "NS", host: parseName("a.root-servers.net") } }],
    "answer",
    0,
  );
  const root = { name: parseName("a.root-servers.net"), class: "IN", ttlSeconds: 60 } as const;
  internet.resolver.cache.put([{ ...root, data: { type: "A", address: "10.0.0.1" } }], "answer", 0);
  assert.throws(() => run("+trace mail.hamburger.edu", internet), /the trace led to no answer/);
});

test("JSON says the same", () => {
  const answer = JSON.parse(run("hamburger.edu MX", undefined, true).text);
  assert.equal(answer.status, "NOERROR");
  assert.deepEqual(answer.flags, ["qr", "rd", "ra"]);
  assert.deepEqual(answer.answer, [
    { name: "hamburger.edu.", ttlSeconds: 3600, type: "MX", data: "10 mail.hamburger.edu." },
  ]);
  const steps = JSON.parse(run("+trace mail.hamburger.edu", undefined, true).text);
  assert.equal(steps.length, 4);
});

test("wrong words are refused in one line", () => {
  for (const [line, expected] of [
    ["a..b", /"a\.\.b" is not a domain name/],
    ["hamburger.edu MXX", /"MXX" is not a record type/],
    ["hamburger.edu MX more", /"more" is one word too many/],
    ["-x mail", /"mail" is not an IP address/],
    ["hamburger.edu +fast", /\+fast is not known; there are \+short/],
    ["hamburger.edu -p 0", /--port must be/],
  ] as const) {
    assert.throws(
      () => run(line),
      (error) => error instanceof LocalError && expected.test(error.message) && !error.message.includes("\n"),
      line,
    );
  }
});

test("a server that does not answer is a failure that names it", () => {
  assert.throws(
    () => run("@10.9.9.9 hamburger.edu +time=1 +tries=2"),
    /10\.9\.9\.9:53 did not answer within 1000 ms/,
  );
});
