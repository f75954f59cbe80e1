/**
 * DHCP with programs that we did not write, in network namespaces of their own: udhcpc and ISC's dhclient ask our server,
 * our client asks dnsmasq; tshark looks at an exchange of the lab.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { dissect, type Field } from "../../src/dissect/index.ts";
import { Capture, writePcapng } from "../../src/sim/capture/index.ts";
import { buildNetwork, parseNetworkFile } from "../../src/topology/index.ts";
import { isInstalled } from "./programs.ts";

/** Server and client each in a namespace, joined by a cable: veth0 is the server's, veth1 the client's. */
const CABLE = `
set -e
mkdir -p /run/netns; mount -t tmpfs tmpfs /run/netns
ip netns add client
ip link add veth0 type veth peer name veth1
ip link set veth1 netns client
ip addr add 10.77.0.1/24 dev veth0
ip link set veth0 up
ip netns exec client ip link set veth1 address 02:00:5e:00:00:01 up
for i in $(seq 50); do ip link show veth0 | grep -q LOWER_UP && break; sleep 0.1; done
client() { timeout 30 ip netns exec client "$@"; }
`;
const NAMESPACES = ["-n", "-m", "--propagation", "private", "bash", "-c"];
const OUR_SERVER = `
"$NODE" "$HERE/dhcp-server.ts" veth0 $RESERVED >"$FOLDER/ready" 2>"$FOLDER/log" & server=$!
for i in $(seq 100); do grep -q gives "$FOLDER/ready" && break; sleep 0.1; done
`;

interface Spoken {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs a script with both ends of the cable; false, with a reason, where that cannot be. */
function inNamespaces(t: TestContext, script: string, reserved = ""): Spoken | undefined {
  if (process.getuid?.() !== 0) {
    t.skip("network namespaces and port 67 need root");
    return undefined;
  }
  if (!isInstalled(t, "ip", "iproute2", "-V")) return undefined;
  // Some containers have a root who may not make them.
  const cable = spawnSync("unshare", [...NAMESPACES, CABLE], { encoding: "utf8", timeout: 30_000 });
  if (cable.status !== 0) {
    t.skip(`network namespaces cannot be made here: ${(cable.stderr || String(cable.error)).split("\n")[0]}`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "hamlet-dhcp-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const environment = {
    ...process.env,
    NODE: process.execPath,
    HERE: HERE,
    FOLDER: folder,
    RESERVED: reserved,
  };
  return spawnSync("unshare", [...NAMESPACES, `${CABLE}${script}`], {
    encoding: "utf8",
    timeout: 90_000,
    env: environment,
  });
}

test("udhcpc gets a lease of our server, with all that it needs", (t) => {
  if (!isInstalled(t, "udhcpc", "udhcpc", "--help")) return;
  const said = inNamespaces(
    t,
    `${OUR_SERVER}
printf '#!/bin/sh\\necho "$1 $ip $mask $router $dns $domain $lease $serverid"\\n' >"$FOLDER/told"; chmod +x "$FOLDER/told"
client udhcpc -i veth1 -n -q -f -R -s "$FOLDER/told"; kill $server; cat "$FOLDER/log" >&2`,
  );
  if (said === undefined) return;
  const told = `${said.stdout}\n${said.stderr}`;
  assert.match(
    said.stdout,
    /^bound 10\.77\.0\.100 24 10\.77\.0\.1 10\.77\.0\.53 lab\.example 600 10\.77\.0\.1$/m,
    told,
  );
});

test("ISC's dhclient gets its reserved address, and gives it back", (t) => {
  if (!isInstalled(t, "dhclient", "isc-dhcp-client")) return;
  const said = inNamespaces(
    t,
    `${OUR_SERVER}
printf '#!/bin/sh\\necho "$reason $new_ip_address $new_subnet_mask $new_routers $new_domain_name"\\n' >"$FOLDER/told"; chmod +x "$FOLDER/told"
options="-4 -1 -v -sf $FOLDER/told -lf $FOLDER/leases -pf $FOLDER/pid"
touch "$FOLDER/leases"
client dhclient $options veth1; client ip addr add 10.77.0.42/24 dev veth1; client dhclient -r $options veth1
for i in $(seq 50); do grep -q back "$FOLDER/log" && break; sleep 0.1; done
kill $server; cat "$FOLDER/log" >&2`,
    "02:00:5e:00:00:01",
  );
  if (said === undefined) return;
  const told = `${said.stdout}\n${said.stderr}`;
  assert.match(said.stdout, /^BOUND 10\.77\.0\.42 255\.255\.255\.0 10\.77\.0\.1 lab\.example$/m, told);
  assert.match(said.stderr, /gives 10\.77\.0\.42 back/, told);
});

test("our client gets a lease of dnsmasq", (t) => {
  if (!isInstalled(t, "dnsmasq", "dnsmasq-base")) return;
  const said = inNamespaces(
    t,
    `dnsmasq --no-daemon --port=0 --interface=veth0 --bind-interfaces --log-dhcp --leasefile-ro --conf-file=/dev/null --user=root \\
  --dhcp-range=10.77.0.150,10.77.0.159,1h --dhcp-option=option:router,10.77.0.1 --dhcp-option=option:dns-server,10.77.0.53 \\
  --domain=lab.example 2>"$FOLDER/log" & server=$!
for i in $(seq 50); do grep -q DHCP "$FOLDER/log" && break; sleep 0.1; done
client "$NODE" "$HERE/dhcp-client.ts" veth1 02:00:5e:00:00:01; kill $server; cat "$FOLDER/log" >&2`,
  );
  if (said === undefined) return;
  const lease = JSON.parse(said.stdout.trim().split("\n").at(-1) ?? "null");
  const told = `${said.stdout}\n${said.stderr}`;
  assert.match(lease?.address ?? "", /^10\.77\.0\.15\d$/, told);
  assert.deepEqual(
    [lease.prefixLength, lease.routers, lease.nameServers, lease.domainName, lease.serverIdentifier],
    [24, ["10.77.0.1"], ["10.77.0.53"], "lab.example", "10.77.0.1"],
  );
  assert.match(said.stderr, /DHCPACK\(veth0\) 10\.77\.0\.15\d 02:00:5e:00:00:01 hamlet/, told);
});

test("tshark reads every field of the office's messages as we do, and finds nothing malformed", (t) => {
  if (!isInstalled(t, "tshark", "tshark")) return;
  const { file, errors } = parseNetworkFile(readFileSync(OFFICE, "utf8"), "dhcp.yaml");
  const capture = new Capture();
  const lab = buildNetwork(file ?? assert.fail(JSON.stringify(errors)), { taps: [capture] });
  lab.run();
  const { startUnixMs, interfaces } = lab.world;
  const packets = [...capture.packets()].filter(({ bytes }) => dissect(bytes).protocol === "DHCP");
  const types = new Set(packets.map(({ bytes }) => fieldsOf(bytes).get("dhcp.option.dhcp")?.[0]));
  for (const type of ["1", "2", "3", "5", "6", "7"]) assert.ok(types.has(type), `${type} of ${[...types]}`);
  const folder = mkdtempSync(join(tmpdir(), "hamlet-dhcp-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "office.pcapng");
  writeFileSync(path, writePcapng({ startUnixMs, interfaces, hostNames: [], packets, lostCount: 0 }));
  const tshark = (...words: string[]): string =>
    spawnSync("tshark", ["-r", path, ...words], { encoding: "utf8", timeout: 60_000, maxBuffer: 1e8 }).stdout;
  const rows = tshark(
    "-T",
    "fields",
    "-E",
    "occurrence=a",
    ...KEYS.flatMap((key) => ["-e", key]),
    "-e",
    "_ws.col.Info",
  );
  const theirs = rows
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  assert.equal(theirs.length, packets.length);
  for (const [i, { bytes }] of packets.entries()) {
    const ours = KEYS.map((key) => (fieldsOf(bytes).get(key) ?? []).join(","));
    const info = dissect(bytes).info;
    assert.deepEqual(
      [...ours, info],
      theirs[i].map((each) => each.replace(/ +/g, " ").trimEnd()),
      info,
    );
  }
  assert.equal(tshark("-Y", "_ws.malformed or _ws.expert.severity >= 0x600000 or not dhcp"), "");
  lab.close();
});

/** The values of each field of the DHCP layer, in order. */
function fieldsOf(bytes: Uint8Array): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const visit = (fields: readonly Field[]): void => {
    for (const { key, value, children } of fields) {
      values.set(key, [...(values.get(key) ?? []), value]);
      visit(children ?? []);
    }
  };
  for (const { protocol, fields } of dissect(bytes).layers) if (protocol === "dhcp") visit(fields);
  return values;
}

const KEYS =
  `dhcp.type dhcp.hw.len dhcp.hops dhcp.id dhcp.secs dhcp.ip.client dhcp.ip.your dhcp.ip.server dhcp.ip.relay
  dhcp.hw.mac_addr dhcp.option.length dhcp.option.dhcp dhcp.option.dhcp_server_id
  dhcp.option.requested_ip_address dhcp.option.ip_address_lease_time dhcp.option.renewal_time_value
  dhcp.option.rebinding_time_value dhcp.option.subnet_mask dhcp.option.router dhcp.option.domain_name_server
  dhcp.option.domain_name dhcp.option.hostname dhcp.option.broadcast_address dhcp.option.dhcp_max_message_size
  dhcp.option.request_list_item dhcp.option.message`.split(/\s+/);
const OFFICE = new URL("../../networks/dhcp.yaml", import.meta.url);
const HERE = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");
