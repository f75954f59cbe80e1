/** The pretended lab behind fake-engine.ts: a network of sites, time that runs, hops between neighbours. `?nodes=1000` makes it large. */

import type {
  Answer,
  EngineMessage,
  HopView,
  LinkView,
  LoadView,
  NetworkView,
  NodeView,
  QualityView,
  Request,
  TimeView,
} from "../../engine/protocol/index.ts";

const QUALITY: QualityView = {
  delayMs: 10,
  jitterMs: 0,
  bandwidthBps: 1e8,
  queuePackets: 100,
  loss: 0,
  reorder: 0,
  duplicate: 0,
  corrupt: 0,
};
const PROTOCOLS = ["TCP", "SMTP", "DNS", "POP", "TCP", "ARP", "HTTP"];
const TICK_MS = 100;

export class FakeLab {
  readonly #tell: (message: EngineMessage) => void;
  readonly #network: NetworkView;
  readonly #timer: ReturnType<typeof setInterval>;
  #time: TimeView;
  #watched = false;
  #packets = 0;
  #sent: number[] = [];

  constructor(tell: (message: EngineMessage) => void) {
    this.#tell = tell;
    this.#network = fakeNetwork(Number(new URLSearchParams(location.search).get("nodes") ?? 14));
    this.#sent = this.#network.links.map(() => 0);
    this.#time = {
      labId: 1,
      nowNs: 0,
      steps: 0,
      paused: false,
      speed: 0.1,
      lagNs: 0,
      seed: 1,
      nextAtNs: 0,
      horizonNs: 0,
      unrepeatable: 0,
      travelling: undefined,
    };
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  answer({ id, method, params }: Request): Answer {
    const result = this.#result(method, params as never);
    if (result === undefined)
      return { id, error: { code: "fake", message: `The fake engine does not know ${method}.` } };
    return { id, result: result as never };
  }

  #result(method: string, params: { on?: boolean; speed?: number | null }): unknown {
    if (method === "hello") return { version: 1, place: "worker", network: this.#network, time: this.#time };
    if (method === "traffic.watch") this.#watched = params.on === true;
    else if (method === "time.play") this.#setTime({ paused: false });
    else if (method === "time.pause") this.#setTime({ paused: true });
    else if (method === "time.speed") this.#setTime({ speed: params.speed ?? null });
    else if (method === "network.shipped" || method === "lesson.list" || method === "time.inputs") return [];
    else if (method !== "topology.move") return undefined;
    return method.startsWith("time.") ? this.#time : {};
  }

  #setTime(change: Partial<TimeView>): void {
    this.#time = { ...this.#time, ...change };
    this.#tell({ event: "time", data: this.#time });
  }

  #tick(): void {
    if (this.#time.paused) return;
    const nowNs = this.#time.nowNs + TICK_MS * 1e6 * (this.#time.speed ?? 10);
    this.#setTime({ nowNs, horizonNs: nowNs, steps: this.#time.steps + 9 });
    if (!this.#watched) return;
    const hops = Array.from({ length: Math.min(60, this.#network.links.length * 2) }, () => this.#hop(nowNs));
    const loads: LoadView[] = this.#network.links.slice(0, 200).map((link, at) => ({
      link: link.name,
      direction: 0,
      sentPackets: this.#sent[at]!,
      sentOctets: this.#sent[at]! * 800,
      droppedPackets: 0,
      busy: Math.random(),
      queuedPackets: 0,
    }));
    this.#tell({ event: "traffic", data: { nowNs, hops, omitted: 0, loads } });
  }

  #hop(nowNs: number): HopView {
    const at = Math.floor(Math.random() * this.#network.links.length);
    const leftNs = nowNs - Math.random() * TICK_MS * 1e6 * (this.#time.speed ?? 10);
    this.#sent[at]! += 1;
    return {
      packetId: ++this.#packets,
      link: this.#network.links[at]!.name,
      direction: Math.random() < 0.5 ? 0 : 1,
      leftNs,
      arrivesNs: leftNs + 10e6,
      lost: Math.random() < 0.05,
      protocol: PROTOCOLS[this.#packets % PROTOCOLS.length]!,
      octets: 800,
    };
  }
}

/** Sites of a dozen hosts around a switch and a router each; the routers in a ring. */
function fakeNetwork(count: number): NetworkView {
  const nodes: NodeView[] = [];
  const links: LinkView[] = [];
  const sites = Math.max(1, Math.ceil(count / 14));
  const columns = Math.ceil(Math.sqrt(sites));
  for (let site = 0; site < sites; site += 1) {
    const [x, y] = [(site % columns) * 900, Math.floor(site / columns) * 520];
    nodes.push(fakeNode(`r${site}`, "router", x, y), fakeNode(`lan${site}`, "switch", x, y + 120));
    links.push(fakeLink(`r${site}`, `lan${site}`, links.length));
    if (site > 0) links.push(fakeLink(`r${site - 1}`, `r${site}`, links.length));
    for (let at = 0; at < Math.min(12, count - site * 14 - 2); at += 1) {
      const name = `h${at}.s${site}.example`;
      nodes.push(fakeNode(name, "host", x - 330 + (at % 6) * 132, y + 250 + Math.floor(at / 6) * 110));
      links.push(fakeLink(`lan${site}`, name, links.length));
    }
  }
  return {
    labId: 1,
    revision: 1,
    fileName: "fake.yaml",
    name: "Pretended",
    description: "A network that is not there",
    seed: 1,
    story: "none",
    nodes,
    links,
    waysIn: [],
  };
}

function fakeNode(name: string, kind: NodeView["kind"], x: number, y: number): NodeView {
  return {
    name,
    kind,
    description: "",
    x,
    y,
    on: !name.startsWith("h3."),
    interfaces: kind === "switch" ? [] : [{ name: "eth0", addresses: ["10.1.0.10/24", "2001:db8:1::10/64"] }],
    services:
      name.charCodeAt(1) % 3 === 0
        ? [
            { name: "smtp", running: true, description: "listens on [::]:25" },
            { name: "pop3", running: false, description: "" },
          ]
        : [],
    users: [],
    mailAddress: undefined,
  };
}

function fakeLink(a: string, b: string, at: number): LinkView {
  return {
    name: `${a}-${b}`,
    ends: [
      { node: a, interface: "eth0" },
      { node: b, interface: "eth0" },
    ],
    state: at === 3 ? "cut-both" : "up",
    forth: QUALITY,
    back: QUALITY,
  };
}
