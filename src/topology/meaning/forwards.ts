/** The ports of this machine that lead into the network. */

import { formatEndpoint } from "../../net/index.ts";
import type { ForwardSpec, SocksSpec } from "../network-file.ts";
import type { Path } from "../source.ts";
import { parseHostPort, parseListen } from "../units.ts";
import type { ForwardedPortDocument, NetworkDocument } from "./document.ts";
import type { Reading } from "./reading.ts";

export interface ReadForwards {
  readonly forwards: readonly ForwardSpec[];
  readonly socks: SocksSpec | undefined;
}

export function readForwards(
  reading: Reading,
  document: NetworkDocument,
  hostNames: readonly string[],
): ReadForwards {
  const { forward } = document;
  if (forward === undefined) return { forwards: [], socks: undefined };
  const from = forward.from ?? "";
  if (forward.from !== undefined) checkHost(reading, ["forward", "from"], from, hostNames);
  const taken = new Map<string, number>();
  const forwards: ForwardSpec[] = [];
  let socks: SocksSpec | undefined;
  if (forward.socks !== undefined) {
    const listen = readListen(reading, ["forward", "socks"], forward.socks, ["tcp"], taken);
    if (listen !== undefined) socks = { listen, from };
  }
  for (const [i, port] of (forward.ports ?? []).entries()) {
    if (port !== undefined)
      forwards.push(...readPort(reading, ["forward", "ports", i], port, from, hostNames, taken));
  }
  return { forwards, socks };
}

function readPort(
  reading: Reading,
  path: Path,
  port: ForwardedPortDocument,
  from: string,
  hostNames: readonly string[],
  taken: Map<string, number>,
): ForwardSpec[] {
  const protocols =
    port.protocol === "both" ? (["tcp", "udp"] as const) : [port.protocol ?? ("tcp" as const)];
  const at = [...path, "to"];
  const to = parseHostPort(port.to ?? "");
  if (to !== undefined) checkHost(reading, at, to.host, hostNames);
  else if (port.to !== undefined)
    reading.report(at, `expected HOST:PORT with a port from 1 to 65535, found "${port.to}"`);
  const listen =
    port.listen === undefined
      ? undefined
      : readListen(reading, [...path, "listen"], port.listen, protocols, taken);
  if (to === undefined || listen === undefined) return [];
  return protocols.map((protocol) => ({ protocol, listen, from, to }));
}

function readListen(
  reading: Reading,
  path: Path,
  value: string | number,
  protocols: readonly string[],
  taken: Map<string, number>,
): SocksSpec["listen"] | undefined {
  const listen = parseListen(value);
  if (listen === undefined) {
    reading.report(
      path,
      `expected a port, or an address and a port such as 127.0.0.1:2525, found "${value}"`,
    );
    return undefined;
  }
  for (const protocol of protocols) {
    const key = `${protocol} ${formatEndpoint(listen)}`;
    const line = taken.get(key);
    // Port 0 takes a free one each time.
    if (line !== undefined && listen.port !== 0)
      reading.report(path, `${key} is forwarded already (line ${line})`);
    else taken.set(key, reading.line(path));
  }
  return listen;
}

function checkHost(reading: Reading, path: Path, name: string, hostNames: readonly string[]): void {
  if (!hostNames.includes(name)) reading.reportUnknown(path, "host", name, hostNames);
}
