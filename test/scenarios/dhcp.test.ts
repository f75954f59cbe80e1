/** DHCP in a whole network: what the file says happens live, and no address is given twice, whatever goes wrong. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NetworkDocument } from "../../src/topology/edit/index.ts";
import { buildNetwork, type Lab, parseNetworkFile } from "../../src/topology/index.ts";

const OFFICE = `
hamlet: 1
name: Office
hosts:
  server:
    addresses: [10.0.0.2/24]
    gateway: 10.0.0.1
    services: { dhcp: { pool: 10.0.0.100-10.0.0.103, leaseSeconds: 60, nameServers: 10.0.0.2 } }
  pc1: { addresses: dhcp }
  pc2: { addresses: dhcp }
  pc3: { addresses: dhcp }
  pc4: { addresses: dhcp }
  pc5: { addresses: dhcp }
  fixed: { addresses: [10.0.0.50/24] }
routers:
  r: { addresses: [10.0.0.1/24] }
switches:
  lan: { connects: [server, pc1, pc2, pc3, pc4, pc5, fixed, r]QUALITY }
`;

function open(text = OFFICE.replace("QUALITY", ""), seed = 1): Lab {
  const { file, errors } = parseNetworkFile(text, "office.yaml");
  assert.deepEqual(errors, undefined);
  const lab = buildNetwork(file ?? assert.fail(), { seed });
  lab.start();
  return lab;
}

function addressesOf(lab: Lab, name: string): readonly string[] {
  return lab.world.host(name)?.interfaces[0].addresses ?? [];
}

test("a PC is switched to DHCP and back while all runs: address, gateway and name server follow", () => {
  const text = OFFICE.replace("QUALITY", "");
  const document = new NetworkDocument(text, "office.yaml");
  const lab = open(text);
  lab.runTo({ timeNs: 5e9 });
  document.configureHost("fixed", { addresses: ["dhcp"] });
  document.removeNode("pc5");
  lab.changeTo(document.file);
  lab.runTo({ timeNs: 90e9 });
  const fixed = lab.hosts.get("fixed") ?? assert.fail();
  assert.match(addressesOf(lab, "fixed").join(), /^10\.0\.0\.10[0-3]$/);
  assert.deepEqual(fixed.nameServers, ["10.0.0.2"]);
  const routes = fixed.machine
    ?.routes()
    .map(({ destination, gateway, origin }) => `${destination} ${gateway} ${origin}`);
  assert.ok(routes?.includes("0.0.0.0/0 10.0.0.1 dhcp"), routes?.join("\n") ?? "");
  document.configureHost("fixed", { addresses: ["10.0.0.51/24"] });
  lab.changeTo(document.file);
  lab.runTo({ timeNs: 92e9 });
  assert.deepEqual(addressesOf(lab, "fixed"), ["10.0.0.51"]);
  assert.deepEqual(fixed.nameServers, []);
  assert.equal(
    fixed.machine?.routes().some(({ origin }) => origin === "dhcp"),
    false,
  );
  lab.close();
});

test("the server's network changes: its clients hear NAK and get addresses of the new one", () => {
  const document = new NetworkDocument(
    OFFICE.replace("QUALITY", "").replace("pool: 10.0.0.100-10.0.0.103, ", ""),
    "office.yaml",
  );
  const lab = open(document.text);
  lab.runTo({ timeNs: 10e9 });
  assert.match(addressesOf(lab, "pc1").join(), /^10\.0\.0\./);
  document.replace(document.text.replaceAll("10.0.0.", "10.9.0."));
  lab.changeTo(document.file);
  lab.runTo({ timeNs: 80e9 });
  for (const name of ["pc1", "pc2", "pc3"]) assert.match(addressesOf(lab, name).join(), /^10\.9\.0\./);
  lab.close();
});

test("somebody took an address by hand: it is not offered, or declined", () => {
  const text = OFFICE.replace("QUALITY", "").replace("10.0.0.50/24", "10.0.0.100/24");
  for (const each of [text, text.replace("leaseSeconds", "ping: false, leaseSeconds")]) {
    const lab = open(each);
    lab.runTo({ timeNs: 60e9 });
    const given = ["pc1", "pc2", "pc3", "pc4", "pc5"].flatMap((name) => addressesOf(lab, name));
    assert.deepEqual(given.sort(), ["10.0.0.101", "10.0.0.102", "10.0.0.103"]);
    lab.close();
  }
});

test("two live leases of one address never exist, whatever is lost, doubled, late, or without power", () => {
  const names = ["server", "pc1", "pc2", "pc3", "pc4", "pc5"];
  const event = fc.record({
    host: fc.constantFrom(...names),
    on: fc.boolean(),
    waitS: fc.integer({ min: 1, max: 40 }),
  });
  const quality = ", loss: 20 %, duplicate: 20 %, reorder: 20 %, reorderBy: 900 ms, jitter: 400 ms";
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 5, maxLength: 25 }),
      fc.integer({ min: 1, max: 1e6 }),
      (events, seed) => {
        // The net must catch what the server lets through: no ping, and no probe that gets through this link for sure.
        const lab = open(
          OFFICE.replace("QUALITY", quality).replace("leaseSeconds", "ping: false, leaseSeconds"),
          seed,
        );
        let nowNs = 0;
        for (const { host, on, waitS } of events) {
          lab.setPower(host, on);
          for (let second = 0; second < waitS; second++) {
            nowNs += 1e9;
            lab.runTo({ timeNs: nowNs });
            const held = names.slice(1).flatMap((name) => addressesOf(lab, name));
            assert.equal(new Set(held).size, held.length, `${nowNs / 1e9} s: ${held.join(" ")}`);
          }
        }
        assert.deepEqual(lab.failures, []);
        lab.close();
      },
    ),
    { numRuns: 12 },
  );
});

test("the same seed gives the same leases at the same instants", () => {
  const times = [1, 2].map(() => {
    const lab = open(OFFICE.replace("QUALITY", ", loss: 10 %, jitter: 50 ms"), 7);
    lab.runTo({ timeNs: 200e9 });
    const seen = ["pc1", "pc2", "pc3", "pc4", "pc5"].map(
      (name) => lab.hosts.get(name)?.machine?.interfaces()[1].dhcp,
    );
    lab.close();
    return seen;
  });
  assert.deepEqual(times[0], times[1]);
});
