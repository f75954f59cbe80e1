/**
 * The network file as it is saved: the text as it was edited, with what panels and command lines have changed on the
 * hosts since: accounts, mail clients, configurations of services. What is running but not written anywhere, mail in
 * mailboxes and the state of connections, is not part of a network file.
 */

import type { Host } from "../../host/index.ts";
import { NetworkDocument } from "../../topology/edit/index.ts";
import type { HostSpec } from "../../topology/index.ts";
import type { Run } from "../run/run.ts";

export function savedText({ lab, document, origin }: Run): string {
  const saved = new NetworkDocument(document.text, origin.fileName);
  for (const spec of document.file.hosts) {
    const host = lab.hosts.get(spec.name);
    if (host !== undefined) saveHost(saved, host, spec);
  }
  return saved.text;
}

function saveHost(saved: NetworkDocument, host: Host, spec: HostSpec): void {
  for (const { name } of spec.users)
    if (!host.users.some((user) => user.name === name)) saved.removeUser(spec.name, name);
  for (const { name, password } of host.users) {
    const before = spec.users.find((user) => user.name === name);
    if (before?.password !== password) saved.setUser(spec.name, name, password);
  }
  if (!isSame(host.mailAccount, spec.mailAccount)) saved.setMailAccount(spec.name, host.mailAccount);
  for (const { name, configuration } of host.services) {
    const before = spec.services.find((service) => service.name === name);
    if (before === undefined || !isSame(before.configuration, configuration))
      saved.installService(spec.name, name, configuration);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
