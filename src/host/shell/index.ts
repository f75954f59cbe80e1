/** Every command of Hamlet: the one place where a new one is entered. In the order in which `help` lists them. */

import type { Command } from "./command.ts";
import { dhcp } from "./dhcp.ts";
import { dig } from "./dig.ts";
import { echo } from "./echo.ts";
import { fetch } from "./fetch.ts";
import { help } from "./help-command.ts";
import { http } from "./http.ts";
import { imap } from "./imap.ts";
import { ipconfig } from "./ipconfig.ts";
import { arp, hostname, ip, route, sockets } from "./machine-commands.ts";
import { mailSend } from "./mail-send.ts";
import { meter } from "./meter.ts";
import { nslookup } from "./nslookup.ts";
import { ping } from "./ping.ts";
import { pop } from "./pop.ts";
import { results } from "./results.ts";
import { service, user } from "./service-commands.ts";
import { telnet } from "./telnet.ts";
import { traceroute } from "./traceroute.ts";
import { upper } from "./upper.ts";
import { voice } from "./voice.ts";

export const commands: readonly Command[] = [
  help,
  hostname,
  ip,
  ipconfig,
  arp,
  route,
  sockets,
  service,
  user,
  dhcp,
  ping,
  traceroute,
  meter,
  voice,
  results,
  echo,
  upper,
  fetch,
  http,
  telnet,
  dig,
  nslookup,
  mailSend,
  pop,
  imap,
];

export * from "./arguments.ts";
export type * from "./command.ts";
export { hanging } from "./hanging.ts";
export * from "./words.ts";
