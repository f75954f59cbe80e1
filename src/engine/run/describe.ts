/** A change in words, for the time line. */

import type { ChangeName, Parameters } from "../protocol/index.ts";

export function describeChange(method: ChangeName, params: unknown): string {
  return (describers[method] as (params: unknown) => string)(params);
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
  "file.remove": ({ host, name }) => `remove ${name} from ${host}`,
  "story.play": () => "play the story",
};
