/**
 * The DNS between hosts, as one suite that runs on the operating system's sockets and on the simulated network:
 *
 *     dnsSuite("the operating system", makeHosts);
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Endpoint, lastly, type Network, type Service, stopAll, type Task } from "../../../net/index.ts";
import { ZoneTable } from "../authority.ts";
import { query } from "../client.ts";
import { parseName } from "../name.ts";
import { nameServer } from "../name-server.ts";
import { parseRootHints } from "../resolver/delegation.ts";
import { describeFinding, type ResolverEvent } from "../resolver/events.ts";
import { RecursiveResolver } from "../resolver/resolver.ts";
import { serveDns } from "../server.ts";
import { StubResolver } from "../stub.ts";
import { formatData } from "../wire/record.ts";
import type { RecordType } from "../wire/record-types.ts";
import { zone } from "./small-internet.ts";

/** Hosts that reach each other, each with an address of its own. */
export interface DnsHosts {
  readonly root: DnsHost;
  readonly edu: DnsHost;
  readonly site: DnsHost;
  readonly local: DnsHost;
  readonly client: DnsHost;
  /** The port of every server. */
  readonly port: number;
  run<T>(task: Task<T>): Promise<T> | T;
  close(): Promise<void> | void;
}

export interface DnsHost {
  readonly network: Network;
  readonly address: string;
}

export function dnsSuite(name: string, makeHosts: () => Promise<DnsHosts> | DnsHosts): void {
  describe(`the DNS suite on ${name}`, () => {
    for (const [title, run] of Object.entries(tests)) {
      test(title, { timeout: 30_000 }, async () => {
        const hosts = await makeHosts();
        try {
          await hosts.run(withServers(hosts, run));
        } finally {
          await hosts.close();
        }
      });
    }
  });
}

/** A small internet that is up, seen from the client. */
class Scene {
  readonly hosts: DnsHosts;
  readonly events: ResolverEvent[] = [];
  readonly resolver: RecursiveResolver;

  constructor(hosts: DnsHosts) {
    this.hosts = hosts;
    this.resolver = new RecursiveResolver(hosts.local.network, {
      rootHints: parseRootHints([`a.root-servers.net ${hosts.root.address}`]),
      port: hosts.port,
      onEvent: (event) => this.events.push(event),
    });
  }

  endpoint(host: DnsHost): Endpoint {
    return { address: host.address, port: this.hosts.port };
  }

  stub(...servers: DnsHost[]): StubResolver {
    const endpoints = servers.map((host) => this.endpoint(host));
    return new StubResolver(this.hosts.client.network, endpoints, { timeoutMs: 300 });
  }

  /** Asks a server and shows code, transport and data. */
  *ask(
    server: DnsHost,
    name: string,
    type: RecordType,
    options: Parameters<typeof query>[3] = {},
  ): Task<string> {
    const question = { name: parseName(name), type, class: "IN" } as const;
    const found = yield* query(this.hosts.client.network, this.endpoint(server), question, options);
    const data = found.message.answers.map((record) => formatData(record.data));
    return [found.transport, found.message.responseCode, ...data].join(" ");
  }
}

const tests: Readonly<Record<string, (scene: Scene) => Task>> = {
  *"an authoritative answer over UDP and over TCP"(scene) {
    const { site } = scene.hosts;
    assert.equal(yield* scene.ask(site, "hamburger.edu", "MX"), "udp NOERROR 10 mail.hamburger.edu.");
    const tcp = yield* scene.ask(site, "hamburger.edu", "MX", { transport: "tcp" });
    assert.equal(tcp, "tcp NOERROR 10 mail.hamburger.edu.");
  },

  *"an answer that is too large for a datagram comes over TCP"(scene) {
    const answer = yield* scene.ask(scene.hosts.site, "big.hamburger.edu", "TXT");
    assert.match(answer, /^tcp NOERROR "0+" "1+"/);
    assert.ok(answer.length > 3000);
    const cut = yield* scene.ask(scene.hosts.site, "big.hamburger.edu", "TXT", { acceptTruncated: true });
    assert.equal(cut, "udp NOERROR");
  },

  *"no such name, and not ours"(scene) {
    assert.equal(yield* scene.ask(scene.hosts.site, "nothing.hamburger.edu", "A"), "udp NXDOMAIN");
    assert.equal(yield* scene.ask(scene.hosts.site, "www.crepes.fr", "A"), "udp REFUSED");
  },

  *"recursive: the local server walks from the root to the site, once"(scene) {
    const { local } = scene.hosts;
    for (let i = 0; i < 2; i++) {
      assert.equal(yield* scene.ask(local, "mail.hamburger.edu", "A"), "udp NOERROR 10.2.0.10");
    }
    const steps = scene.events.flatMap((event) =>
      event.kind === "answered" ? [`${event.server.address} ${describeFinding(event.finding)}`] : [],
    );
    assert.deepEqual(steps, [
      `${scene.hosts.root.address} referral to the servers of edu`,
      `${scene.hosts.edu.address} referral to the servers of hamburger.edu`,
      `${scene.hosts.site.address} 1 record`,
    ]);
  },

  *"the stub resolver finds addresses and mail exchangers"(scene) {
    const stub = scene.stub(scene.hosts.local);
    assert.deepEqual(yield* stub.addresses("www.hamburger.edu", 4), ["10.2.0.20"]);
    assert.deepEqual(yield* stub.addresses("www.hamburger.edu"), ["2001:db8::20", "10.2.0.20"]);
    const exchangers = yield* stub.mailExchangers("hamburger.edu");
    assert.deepEqual(exchangers, [{ preference: 10, exchange: "mail.hamburger.edu" }]);
  },

  *"a server that nobody runs is passed over"(scene) {
    const stub = scene.stub(scene.hosts.client, scene.hosts.local);
    assert.deepEqual(yield* stub.addresses("mail.hamburger.edu", 4), ["10.2.0.10"]);
  },

  *"a hundred questions at once"(scene) {
    const { network } = scene.hosts.client;
    const asking = Array.from({ length: 100 }, (_, i) =>
      network.spawn(`ask ${i}`, scene.ask(scene.hosts.local, `n${i}.wild.hamburger.edu`, "A")),
    );
    for (const handle of asking) assert.equal(yield* handle.join(), "udp NOERROR 10.2.0.40");
  },
};

function* withServers(hosts: DnsHosts, run: (scene: Scene) => Task): Task {
  const scene = new Scene(hosts);
  const { root, edu, site, local, port } = hosts;
  const plans: [DnsHost, ZoneTable, RecursiveResolver | undefined][] = [
    [root, tableOf(".", `edu NS ns.edu\nns.edu A ${edu.address}\n`), undefined],
    [edu, tableOf("edu", `hamburger NS dns.hamburger\ndns.hamburger A ${site.address}\n`), undefined],
    [site, tableOf("hamburger.edu", SITE), undefined],
    [local, new ZoneTable(), scene.resolver],
  ];
  const services: Service[] = [];
  try {
    for (const [{ network, address }, zones, resolver] of plans) {
      const answerer = nameServer({ zones, ...(resolver && { resolver }) });
      services.push(yield* serveDns(network, { address, port }, answerer));
    }
    yield* run(scene);
  } finally {
    yield* lastly(stopAll(services, 0));
  }
}

function tableOf(origin: string, text: string): ZoneTable {
  const table = new ZoneTable();
  table.put(zone(origin, `@ SOA ns hostmaster 1 7200 900 1209600 300\n@ NS ns\nns A 10.9.9.9\n${text}`));
  return table;
}

const SITE = `@ MX 10 mail
mail A 10.2.0.10
www A 10.2.0.20
www AAAA 2001:db8::20
*.wild A 10.2.0.40
big TXT ${Array.from({ length: 16 }, (_, i) => `"${i.toString(16).repeat(200)}"`).join(" ")}
`;
