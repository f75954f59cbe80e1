/** What was done, in words, for the time line. */

import { formatSize } from "../../host/shell/fetch-progress.ts";
import { joinWords } from "../../host/shell/index.ts";
import { type Endpoint, formatEndpoint } from "../../net/index.ts";
import type { Beginning, Way } from "../outside/arrival.ts";
import type { ChangeName, Parameters } from "../protocol/index.ts";

export function describeChange(method: ChangeName, params: unknown): string {
  return (describers[method] as (params: unknown) => string)(params);
}

/** "from 127.0.0.1:53142 to mail.hamburger.edu:25", "hamlet exec pc.crepes.fr dig hamburger.edu MX" */
export function describeBeginning(beginning: Beginning): string {
  if (beginning.kind === "exec") return `hamlet exec ${joinWords([beginning.host, ...beginning.words])}`;
  return describeWay(beginning.client, beginning.way);
}

/** Of SOCKS, `destination` is what the client has asked for, once it has. */
export function describeWay(client: Endpoint, { to, from, label }: Way, destination?: string): string {
  const start = `from ${formatEndpoint(client)} to ${destination ?? label}`;
  return to === undefined ? `${start}, by SOCKS from ${from}` : start;
}

/** What has come from outside in one visit. */
export interface Volume {
  octets: number;
  datagrams: number;
  lines: number;
}

/** ", 1.2 kB in" */
export function describeVolume({ octets, datagrams, lines }: Volume): string {
  const parts = [
    ...(datagrams > 0 ? [datagrams === 1 ? "1 datagram" : `${datagrams} datagrams`] : []),
    ...(lines > 0 ? [lines === 1 ? "1 line typed" : `${lines} lines typed`] : []),
    ...(octets > 0 ? [`${formatSize(octets)} in`] : []),
  ];
  return parts.map((part) => `, ${part}`).join("");
}

type Describers = { readonly [Name in ChangeName]: (params: Parameters<Name>) => string };

const describers: Describers = {
  "topology.add": ({ kind, name }) => `add the ${kind} ${name ?? ""}`.trimEnd(),
  "topology.remove": ({ node }) => `remove ${node}`,
  "topology.connect": ({ a, b }) => `connect ${a} and ${b}`,
  "topology.disconnect": ({ link }) => `remove the link ${link}`,
  "topology.move": ({ node }) => `move ${node} in the drawing`,
  "link.change": ({ link }) => `change the link ${link}`,
  "link.cut": ({ link, direction }) => `cut the link ${link}${direction === "both" ? "" : `, ${direction}`}`,
  "link.heal": ({ link }) => `heal the link ${link}`,
  "host.power": ({ host, on }) => `switch ${host} ${on ? "on" : "off"}`,
  "host.configure": ({ host }) => `configure ${host}`,
  "service.install": ({ host, service }) => `install ${service} on ${host}`,
  "service.switch": ({ host, service, on }) => `switch ${service} ${on ? "on" : "off"} on ${host}`,
  "user.add": ({ host, user }) => `add the user ${user} on ${host}`,
  "user.remove": ({ host, user }) => `remove the user ${user} on ${host}`,
  "user.password": ({ host, user }) => `change the password of ${user} on ${host}`,
  "panel.act": ({ host, panel, action }) => `${panel} on ${host}: ${action}`,
  "shell.start": ({ host, line }) => `${host} $ ${line}`,
  "shell.input": () => "type a line",
  "shell.end": () => "end the input",
  "shell.interrupt": () => "interrupt the command",
  "file.write": ({ host, name }) => `write ${name} on ${host}`,
  "file.rename": ({ host, name, to }) => `rename ${name} on ${host} to ${to}`,
  "file.remove": ({ host, name }) => `remove ${name} from ${host}`,
  "story.play": () => "play the story",
};
