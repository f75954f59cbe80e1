/** Every service that a host can install, by the name that the network file uses. */

import { dhcp } from "./dhcp/index.ts";
import { dhcpRelay } from "./dhcp-relay/index.ts";
import { dns } from "./dns/index.ts";
import { echoService } from "./echo/index.ts";
import { fetchService } from "./fetch/index.ts";
import { imap, pop3, smtp } from "./mail/index.ts";
import { meterService } from "./meter/index.ts";
import type { ServiceDefinition } from "./service.ts";
import { upperService } from "./upper/index.ts";
import { webService } from "./web/index.ts";
import { webmailService } from "./webmail/index.ts";

export const services: ReadonlyMap<string, ServiceDefinition> = collect([
  dns,
  dhcp,
  dhcpRelay,
  smtp,
  pop3,
  imap,
  webService,
  webmailService,
  echoService,
  upperService,
  fetchService,
  meterService,
]);

/** A registry of these definitions; two of one name are a mistake of ours. */
export function collect(definitions: readonly ServiceDefinition[]): ReadonlyMap<string, ServiceDefinition> {
  const byName = new Map<string, ServiceDefinition>();
  for (const definition of definitions) {
    if (byName.has(definition.name)) throw new Error(`two services are named "${definition.name}"`);
    byName.set(definition.name, definition);
  }
  return byName;
}
