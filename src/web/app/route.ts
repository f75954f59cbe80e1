/**
 * What the page shows, as the fragment of its address: links and reloads come back to the same place. Pure; the store
 * that follows the address is route-store.ts.
 */

export type View = "both" | "network" | "packets" | "editor";

export interface OpenHost {
  readonly name: string;
  /** Of the host's window; undefined: its first. */
  readonly tab: string | undefined;
}

export interface Route {
  readonly view: View;
  /** In the order of their tabs. */
  readonly hosts: readonly OpenHost[];
  /** Which of them is in front. */
  readonly host: string | undefined;
  /** The selected packet's number. */
  readonly packet: number | undefined;
  /** The display filter. */
  readonly filter: string;
  /** In the guide, where it goes on when the guide is opened again; an address has it only with the guide. */
  readonly lesson: string | undefined;
  /** Whether the guide is open. */
  readonly guide: boolean;
  /** The shipped network that a page with an engine of its own opens when it is loaded again. */
  readonly network: string | undefined;
}

export const HOME: Route = {
  view: "both",
  hosts: [],
  host: undefined,
  packet: undefined,
  filter: "",
  lesson: undefined,
  guide: false,
  network: undefined,
};

/** "#view=network&host=pc.crepes.fr:desktop&front=pc.crepes.fr&packet=12"; unknown or broken parts are left out. */
export function parseRoute(hash: string): Route {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const view = values.get("view");
  const hosts = uniqueHosts(values.getAll("host").slice(0, MAX_HOSTS).map(parseHost));
  const front = values.get("front");
  const packet = Number(values.get("packet") ?? Number.NaN);
  const lesson = values.get("lesson") ?? undefined;
  return {
    view: isView(view) ? view : HOME.view,
    hosts,
    host: hosts.find(({ name }) => name === front)?.name ?? hosts.at(-1)?.name,
    packet: Number.isSafeInteger(packet) && packet >= 0 ? packet : undefined,
    filter: values.get("filter") ?? "",
    lesson,
    guide: lesson !== undefined || values.get("guide") === "1",
    network: values.get("network") ?? undefined,
  };
}

export function formatRoute(route: Route): string {
  const values = new URLSearchParams();
  if (route.network !== undefined) values.set("network", route.network);
  if (route.view !== HOME.view) values.set("view", route.view);
  for (const { name, tab } of route.hosts) values.append("host", tab === undefined ? name : `${name}:${tab}`);
  if (route.host !== undefined && route.host !== route.hosts.at(-1)?.name) values.set("front", route.host);
  if (route.packet !== undefined) values.set("packet", String(route.packet));
  if (route.filter !== "") values.set("filter", route.filter);
  if (route.guide) values.set(route.lesson === undefined ? "guide" : "lesson", route.lesson ?? "1");
  // Colons and at signs need no escape in a fragment, and names read better without.
  const text = values.toString().replaceAll("%3A", ":").replaceAll("%40", "@");
  return text === "" ? "" : `#${text}`;
}

/** With the host's window in front, opened if it was not; the one that was not looked at for longest goes. */
export function withHost(route: Route, name: string, tab?: string): Route {
  const known = route.hosts.some((host) => host.name === name);
  const hosts = known
    ? route.hosts.map((host) => (host.name === name && tab !== undefined ? { name, tab } : host))
    : [...route.hosts, { name, tab }].slice(-MAX_HOSTS);
  return { ...route, hosts, host: name };
}

/** After a link inside the page, "#host=pc.crepes.fr:desktop": what it names is shown, the rest stays. */
export function withLink(route: Route, hash: string): Route {
  const named = new URLSearchParams(hash.replace(/^#/, ""));
  const link = parseRoute(hash);
  const shown = link.hosts.reduce((before, { name, tab }) => withHost(before, name, tab), route);
  return {
    ...shown,
    // What packets are shown must be seen.
    ...(named.has("filter") || named.has("packet")
      ? { view: shown.view === "packets" ? "packets" : "both" }
      : {}),
    ...(named.has("view") ? { view: link.view } : {}),
    ...(named.has("packet") ? { packet: link.packet } : {}),
    ...(named.has("filter") ? { filter: link.filter } : {}),
    ...(named.has("lesson") ? { lesson: link.lesson, guide: true } : {}),
  };
}

export function withoutHost(route: Route, name: string): Route {
  const at = route.hosts.findIndex((host) => host.name === name);
  const hosts = route.hosts.filter((host) => host.name !== name);
  const neighbour = hosts[Math.min(Math.max(at, 0), hosts.length - 1)]?.name;
  return { ...route, hosts, host: route.host === name ? neighbour : route.host };
}

function parseHost(text: string): OpenHost {
  const [, name = text, tab] = /^(.*?)(?::([a-z-]+))?$/.exec(text) ?? [];
  return { name, tab };
}

function uniqueHosts(hosts: readonly OpenHost[]): OpenHost[] {
  return hosts.filter(({ name }, at) => name !== "" && hosts.findIndex((host) => host.name === name) === at);
}

function isView(text: string | null): text is View {
  return text === "both" || text === "network" || text === "packets" || text === "editor";
}

/** Tabs that still fit beside each other. */
const MAX_HOSTS = 8;
