/**
 * The plain page of a network that is up, until the console is there: what runs, as HTML that asks nothing of
 * anybody. What must stay true: everything that comes from a network file passes `escapeHtml`.
 */

import { formatDuration } from "../format.ts";

export interface PageView {
  readonly networkName: string;
  readonly description: string;
  readonly virtualNs: number;
  readonly speed: number;
  readonly hosts: readonly HostView[];
  readonly ports: readonly PortView[];
  /** A command on a host, to copy. */
  readonly execExample: string;
}

export interface HostView {
  readonly name: string;
  readonly description: string;
  readonly addresses: readonly string[];
  readonly services: readonly {
    readonly name: string;
    readonly running: boolean;
    readonly description: string;
  }[];
}

export interface PortView {
  /** "127.0.0.1:2525" */
  readonly local: string;
  readonly leadsTo: string;
  /** The command to copy. */
  readonly example: string;
  readonly clientCount: number;
}

export function renderPage(view: PageView): string {
  const title = escapeHtml(view.networkName);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Hamlet</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${escapeHtml(view.description)}</p>
<p>Virtual time ${escapeHtml(formatDuration(view.virtualNs))}, ${escapeHtml(describeSpeed(view.speed))}. Load the page again to see what has changed.</p>
<h2>Ways in</h2>
${view.ports.length === 0 ? "<p>No port leads into this network.</p>" : portTable(view.ports)}
<h2>Hosts</h2>
${hostTable(view.hosts)}
<p>A command on a host: <code>${escapeHtml(view.execExample)}</code></p>
</main>
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** "at 2 times the speed of the clock" */
export function describeSpeed(speed: number): string {
  if (speed === 0) return "paused";
  if (speed === 1) return "in real time";
  return Number.isFinite(speed) ? `at ${speed} times real time` : "as fast as it can";
}

function portTable(ports: readonly PortView[]): string {
  const rows = ports.map(
    ({ local, leadsTo, example, clientCount }) =>
      `<tr><td>${escapeHtml(local)}</td><td>${escapeHtml(leadsTo)}</td><td><code>${escapeHtml(example)}</code></td><td>${clientCount}</td></tr>`,
  );
  return table(["On this machine", "Leads to", "Try", "Clients now"], rows);
}

function hostTable(hosts: readonly HostView[]): string {
  const rows = hosts.map((host) => {
    const services = host.services.map(
      ({ name, running, description }) =>
        `<li>${escapeHtml(name)}${running ? `: ${escapeHtml(description)}` : " (off)"}</li>`,
    );
    const list = services.length === 0 ? "" : `<ul>${services.join("")}</ul>`;
    const description = host.description === "" ? "" : `<br>${escapeHtml(host.description)}`;
    const addresses = host.addresses.map(escapeHtml).join("<br>");
    return `<tr><th scope="row">${escapeHtml(host.name)}${description && `<small>${description}</small>`}</th><td>${addresses}</td><td>${list}</td></tr>`;
  });
  return table(["Host", "Addresses", "Services"], rows);
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid #8886; }
small { font-weight: normal; }
ul { margin: 0; padding-left: 1.2rem; }
code { font-size: .9em; }
`;
