/** The textbook's mail as a capture, judged by tshark: what was spoken is there, and nothing looks wrong. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isInstalled } from "./programs.ts";
import { BAD, CHECKS, tshark } from "./tshark.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hamlet-ketchup-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(seed: number, name: string): string {
  const file = join(folder, name);
  const words = ["src/cli/main.ts", "run", "networks/ketchup.yaml", "--seed", String(seed), "--pcap", file];
  execFileSync(process.execPath, words, { cwd: root, stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  return file;
}

test("the same seed gives the same file byte for byte, another seed another one", () => {
  const first = readFileSync(run(1, "a.pcapng"));
  assert.ok(first.equals(readFileSync(run(1, "b.pcapng"))));
  assert.ok(!first.equals(readFileSync(run(2, "c.pcapng"))));
});

test("tshark sees ARP, DNS, the TCP handshake, SMTP and POP3", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const file = run(1, "seen.pcapng");
  const count = (filter: string): number => tshark(file, "-Y", filter).length;
  assert.ok(count("arp.opcode == 1") > 0 && count("arp.opcode == 2") > 0);
  assert.equal(count('dns.flags.response == 0 && dns.qry.name == "hamburger.edu" && dns.qry.type == 15'), 1);
  assert.equal(count('dns.flags.response == 1 && dns.mx.mail_exchange == "mail.hamburger.edu"'), 1);
  // Three conversations: to the own server, between the servers, and the reader's.
  assert.equal(count("tcp.flags.syn == 1 && tcp.flags.ack == 0"), 3);
  assert.equal(count("tcp.flags.syn == 1 && tcp.flags.ack == 1"), 3);
  assert.equal(count('smtp.req.command == "HELO" && smtp.req.parameter == "crepes.fr"'), 1);
  assert.equal(count('smtp.rsp.parameter == "Message accepted for delivery"'), 1);
  assert.equal(count('pop.request.command == "PASS" && pop.request.parameter == "hungry"'), 1);
  assert.equal(count('pop.response.description == "user successfully logged on"'), 1);
});

test("tshark sees no malformed packet, no wrong checksum, no retransmission and no reset", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const wrong = [BAD, "tcp.analysis.flags", "tcp.flags.reset == 1"].join(" || ");
  assert.deepEqual(tshark(run(1, "clean.pcapng"), ...CHECKS, "-Y", wrong), []);
});
