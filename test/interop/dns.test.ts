/**
 * Debian's dig and kdig ask our name servers; our dig and our resolver ask BIND's named; and both servers, given
 * the same zone file, must answer the same.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { dig as ourDig } from "../../src/host/shell/dig.ts";
import { parseCommandLine } from "../../src/host/shell/index.ts";
import { EDU, LOCAL, NAMED, NameServers, parseDig, ROOT, SITE } from "./dns-programs.ts";
import { QUESTIONS, ZONE } from "./dns-zone.ts";
import { isInstalled } from "./programs.ts";

/**
 * The servers' names are written like their addresses: `dig +trace` asks the machine itself for the address of each
 * server, and a machine understands these without a name server.
 */
const ROOT_ZONE = [
  `@ NS ${ROOT}.`,
  `edu NS ${EDU}.`,
  ...[ROOT, EDU, SITE, NAMED].map((address) => `${address}. A ${address}`),
];

/** A root, edu, hamburger.edu (at `site`) and a local name server. */
async function serveAll(servers: NameServers, site: string): Promise<void> {
  await servers.serve(ROOT, { zones: { ".": ROOT_ZONE } });
  const edu = [`@ NS ${EDU}.`, `hamburger NS ${site}.`];
  await servers.serve(EDU, { zones: { edu } });
  if (site === SITE) await servers.serve(SITE, { zones: { "hamburger.edu": ZONE } });
  const rootHints = [`a.root-servers.net ${ROOT}`];
  await servers.serve(LOCAL, { recursive: { rootHints, serverPort: servers.port } });
}

async function withServers(use: (servers: NameServers) => Promise<void>): Promise<void> {
  const servers = await NameServers.start();
  try {
    await use(servers);
  } finally {
    await servers.close();
  }
}

/** Runs our own dig; what it prints. */
async function runOurDig(servers: NameServers, ...words: string[]): Promise<string> {
  let text = "";
  const shell = {
    network: servers.os,
    nameServers: [],
    print: (part: string) => void (text += part),
    printError: (part: string) => void (text += part),
    json: false,
    colour: false,
    *readLine() {
      return null;
    },
  };
  const all = [...words, "-p", String(servers.port)];
  await servers.os.run(ourDig.run(shell, parseCommandLine(ourDig, all)));
  return text;
}

test("dig asks our authoritative server", { timeout: 60_000 }, async (t) => {
  if (!isInstalled(t, "dig", "dnsutils", "-v")) return;
  await withServers(async (servers) => {
    await serveAll(servers, SITE);
    const mx = await servers.dig(SITE, "hamburger.edu", "MX", "+norecurse");
    assert.equal(mx.status, "NOERROR");
    assert.deepEqual(mx.flags, ["qr", "aa"]);
    assert.ok(mx.sections.ANSWER.includes("hamburger.edu. 3600 in mx 10 mail.hamburger.edu."));
    const tcp = await servers.dig(
      SITE,
      "+tcp",
      "+keepopen",
      "hamburger.edu",
      "MX",
      "mail.hamburger.edu",
      "A",
    );
    assert.match(tcp.output, /\(TCP\)/);
    assert.match(tcp.output, /mail\.hamburger\.edu\.\s+300\s+IN\s+A\s+10\.2\.0\.10/);
    const big = await servers.dig(SITE, "big.hamburger.edu", "TXT");
    assert.match(big.output, /\(TCP\)/);
    const cut = await servers.dig(SITE, "big.hamburger.edu", "TXT", "+ignore", "+noedns");
    assert.ok(cut.flags.includes("tc"));
    const orders = new Set<string>();
    for (let i = 0; i < 3; i++) {
      orders.add(
        await servers.run("dig", `@${SITE}`, "-p", `${servers.port}`, "+short", "www.hamburger.edu"),
      );
    }
    assert.equal(orders.size, 3);
  });
});

test("dig's odd and broken queries get the right codes", { timeout: 60_000 }, async (t) => {
  if (!isInstalled(t, "dig", "dnsutils", "-v")) return;
  await withServers(async (servers) => {
    await serveAll(servers, SITE);
    const cases: [string, string[]][] = [
      ["NOERROR", ["+edns=0", "+bufsize=512"]],
      // RFC 8906: unknown versions, options, flags and opcodes.
      ["BADVERS", ["+edns=1", "+noednsneg"]],
      ["BADVERS", ["+edns=100", "+noednsneg", "+ednsopt=65001"]],
      ["NOERROR", ["+ednsopt=65001:deadbeef"]],
      ["NOERROR", ["+ednsflags=0x40"]],
      ["NOERROR", ["+dnssec", "+cd", "+ad", "+zflag"]],
      ["NOERROR", ["+cookie", "+nsid", "+subnet=10.0.0.0/8", "+padding=128"]],
      ["NOTIMP", ["+opcode=15", "+noedns"]],
      ["NOTIMP", ["+opcode=4"]],
      ["FORMERR", ["+header-only"]],
      ["REFUSED", ["-c", "CH", "-t", "TXT"]],
      ["NOTIMP", ["-t", "TYPE250"]],
    ];
    for (const [status, words] of cases) {
      for (const transport of ["+notcp", "+tcp"]) {
        const answer = await servers.dig(SITE, "hamburger.edu", transport, "+norecurse", ...words);
        assert.equal(answer.status, status, `${words.join(" ")} ${transport}\n${answer.output}`);
      }
    }
    const transfer = await servers.run("dig", `@${SITE}`, "-p", `${servers.port}`, "hamburger.edu", "AXFR");
    assert.match(transfer, /Transfer failed/);
  });
});

test("dig +trace walks through our root, top-level domain and site", { timeout: 60_000 }, async (t) => {
  if (!isInstalled(t, "dig", "dnsutils", "-v")) return;
  await withServers(async (servers) => {
    await serveAll(servers, SITE);
    const recursive = await servers.dig(LOCAL, "alias.hamburger.edu");
    assert.deepEqual(recursive.flags, ["qr", "rd", "ra"]);
    assert.equal(recursive.sections.ANSWER.length, 4);
    const words = [`@${LOCAL}`, "-p", `${servers.port}`, "+trace", "+nodnssec", "mail.hamburger.edu"];
    const trace = await servers.run("dig", ...words);
    const steps = [...trace.matchAll(/^;; Received \d+ bytes from (\S+?)#/gm)].map(([, server]) => server);
    assert.deepEqual(steps, [LOCAL, ROOT, EDU, SITE]);
    const own = await runOurDig(servers, `@${LOCAL}`, "+trace", "mail.hamburger.edu");
    const ownSteps = [...own.matchAll(/^;; Received \d+ bytes from (\S+?)#/gm)].map(([, server]) => server);
    // edu's referral brings no glue: ours asks the root for the address, dig asks its machine.
    assert.deepEqual(ownSteps, [LOCAL, ROOT, EDU, ROOT, SITE]);
  });
});

test("kdig agrees", { timeout: 60_000 }, async (t) => {
  if (!isInstalled(t, "kdig", "knot-dnsutils", "-V")) return;
  await withServers(async (servers) => {
    await serveAll(servers, SITE);
    const ask = (...words: string[]) =>
      servers.run("kdig", `@${SITE}`, "-p", `${servers.port}`, "+time=5", "+retry=0", ...words);
    assert.equal(
      await ask("+short", "hamburger.edu", "MX"),
      "10 mail.hamburger.edu.\n20 backup.crepes.fr.\n",
    );
    assert.equal(
      await ask("+short", "+tcp", "_smtp._tcp.hamburger.edu", "SRV"),
      "0 5 25 mail.hamburger.edu.\n",
    );
    assert.match(await ask("nothing.hamburger.edu"), /status: NXDOMAIN/);
    assert.match(await ask("big.hamburger.edu", "TXT"), /\(TCP\)/);
  });
});

test("given the same zone file, named and we answer the same", { timeout: 120_000 }, async (t) => {
  if (!isInstalled(t, "dig", "dnsutils", "-v") || !isInstalled(t, "named", "bind9", "-v")) return;
  await withServers(async (servers) => {
    await servers.serve(SITE, { zones: { "hamburger.edu": ZONE } });
    await servers.startNamed("recursion no; minimal-responses yes;", { "hamburger.edu": ZONE });
    for (const [name, type] of QUESTIONS) {
      const [theirs, ours] = await Promise.all(
        [NAMED, SITE].map((server) => servers.dig(server, name, type, "+norecurse", "+nocookie")),
      );
      const title = `${name} ${type}`;
      assert.equal(ours.status, theirs.status, title);
      assert.deepEqual(ours.flags, theirs.flags, title);
      assert.deepEqual(ours.sections.ANSWER, theirs.sections.ANSWER, title);
      assert.deepEqual(ours.sections.AUTHORITY, theirs.sections.AUTHORITY, title);
    }
  });
});

test("our dig shows of named what BIND's dig shows", { timeout: 60_000 }, async (t) => {
  if (!isInstalled(t, "dig", "dnsutils", "-v") || !isInstalled(t, "named", "bind9", "-v")) return;
  await withServers(async (servers) => {
    await servers.startNamed("recursion no;", { "hamburger.edu": ZONE });
    for (const [name, type] of QUESTIONS) {
      const theirs = await servers.dig(NAMED, name, type, "+norecurse", "+nocookie");
      const ours = parseDig(await runOurDig(servers, `@${NAMED}`, name, type, "+norecurse"));
      assert.equal(ours.status, theirs.status, `${name} ${type}`);
      assert.deepEqual(ours.flags, theirs.flags, `${name} ${type}`);
      assert.deepEqual(ours.sections, theirs.sections, `${name} ${type}`);
    }
  });
});

test("our resolver walks to a zone that named serves", { timeout: 60_000 }, async (t) => {
  if (!isInstalled(t, "named", "bind9", "-v")) return;
  await withServers(async (servers) => {
    await serveAll(servers, NAMED);
    await servers.startNamed("recursion no;", { "hamburger.edu": ZONE });
    const ask = (...words: string[]) => runOurDig(servers, `@${LOCAL}`, "+short", ...words);
    assert.equal(await ask("mail.hamburger.edu"), "10.2.0.10\n");
    assert.equal((await ask("alias.hamburger.edu")).split("\n").length, 5);
    assert.equal((await ask("big.hamburger.edu", "TXT")).length, 20 * 153);
    assert.match(await runOurDig(servers, `@${LOCAL}`, "nothing.hamburger.edu"), /status: NXDOMAIN/);
    assert.match(await runOurDig(servers, `@${LOCAL}`, "loop1.hamburger.edu"), /status: SERVFAIL/);
  });
});

test("named resolves through our root, top-level domain and site", { timeout: 60_000 }, async (t) => {
  if (!isInstalled(t, "named", "bind9", "-v")) return;
  await withServers(async (servers) => {
    await serveAll(servers, SITE);
    const hints = `. 3600 NS a.root-servers.net.\na.root-servers.net. 3600 A ${ROOT}\n`;
    await servers.startNamed("recursion yes; allow-query { any; };", {}, hints);
    const ask = (...words: string[]) => runOurDig(servers, `@${NAMED}`, ...words);
    // named turns sets as it likes.
    const exchangers = (await ask("+short", "hamburger.edu", "MX")).trim().split("\n").sort();
    assert.deepEqual(exchangers, ["10 mail.hamburger.edu.", "20 backup.crepes.fr."]);
    assert.equal((await ask("+short", "alias.hamburger.edu")).split("\n").length, 5);
    assert.equal((await ask("+short", "big.hamburger.edu", "TXT")).length, 20 * 153);
    assert.match(await ask("nothing.hamburger.edu"), /status: NXDOMAIN/);
    assert.match(await ask("a.b.c.deep.hamburger.edu"), /10\.2\.0\.50/);
  });
});
