/** Commands to copy: for each way into a network one that a person can run at once, with names from its file. */

import { joinWords } from "../../host/shell/index.ts";
import type { HostSpec, NetworkFile } from "../../topology/index.ts";
import type { OpenWayIn } from "./ways-in.ts";

/** An example for a way in; the port is the one that it really has. */
export function exampleFor(way: OpenWayIn, file: NetworkFile): string {
  const { address, port } = way.forward.local;
  const host = address.includes(":") ? `[${address}]` : address;
  const place = `${host}:${port}`;
  if (way.to === undefined) return proxyExample(place, file);
  const target = file.hosts.find(({ name }) => name === way.to?.host);
  switch (way.name === "dns" || way.to.port === 53 ? "dns" : serviceAt(target, way.to.port)) {
    case "smtp":
      return mailExample(place, target, file);
    case "pop3":
      return joinWords(["curl", ...credentials(target), `pop3://${place}/1`]);
    case "imap":
      return joinWords(["curl", ...credentials(target), `imap://${place}/INBOX;MAILINDEX=1`]);
    case "dns":
      return joinWords([
        "dig",
        `@${address}`,
        "-p",
        String(port),
        ...(way.kind === "tcp" ? ["+tcp"] : []),
        ...question(file),
      ]);
    case "http":
      return joinWords(["curl", `http://${place}/`]);
    case "webmail":
      return `http://${place}/${forPerson(target)}`;
    default:
      return joinWords(["nc", ...(way.kind === "udp" ? ["-u"] : []), address, String(port)]);
  }
}

/** What a person may type on a host of this network; `exec` is how they call it: "./hamlet exec". */
export function execExample(exec: string, file: NetworkFile): string {
  const host =
    file.hosts.find(({ kind, services }) => kind === "host" && services.length === 0) ?? file.hosts[0];
  return `${exec} ${joinWords([host.name, "help"])}`;
}

function mailExample(place: string, target: HostSpec | undefined, file: NetworkFile): string {
  const recipient = target && mailAddresses(target)[0];
  const sender = file.hosts.filter((host) => host !== target).flatMap(mailAddresses)[0] ?? recipient;
  if (recipient === undefined || sender === undefined) return joinWords(["curl", `smtp://${place}`]);
  const envelope = ["--mail-from", sender, "--mail-rcpt", recipient];
  const curl = joinWords(["curl", ...envelope, "-T", "-", `smtp://${place}`]);
  return `printf 'Subject: hi\\r\\n\\r\\nhello\\r\\n' | ${curl}`;
}

function proxyExample(place: string, file: NetworkFile): string {
  const curl = ["curl", "--socks5-hostname", place];
  const drops = file.hosts.filter((host) => hasService(host, "pop3") && host.users.length > 0);
  // The host that a forwarded port leads to, too: one mailbox, two ways.
  const drop = drops.find(({ name }) => file.forwards.some(({ to }) => to.host === name)) ?? drops[0];
  if (drop !== undefined) return joinWords([...curl, ...credentials(drop), `pop3://${drop.name}/`]);
  const host = file.hosts.find(({ services }) => services.length > 0) ?? file.hosts[0];
  return joinWords([...curl, `telnet://${host.name}:7`]);
}

function question(file: NetworkFile): string[] {
  const domain = file.hosts.flatMap(domainsOf).at(-1);
  return domain === undefined ? [file.hosts[0].name] : [domain, "MX"];
}

function credentials(host: HostSpec | undefined): string[] {
  const user = host?.users[0];
  return user === undefined ? [] : ["-u", `${user.name}:${user.password}`];
}

/** Who may log in, for what is opened in a browser. */
function forPerson(host: HostSpec | undefined): string {
  const user = host?.users[0];
  return user === undefined ? "" : `   # in a browser, as ${user.name} with the password ${user.password}`;
}

/** "bob@hamburger.edu": users of a mail server at its first domain. */
function mailAddresses(host: HostSpec): string[] {
  const [domain] = domainsOf(host);
  return domain === undefined ? [] : host.users.map(({ name }) => `${name}@${domain}`);
}

function domainsOf(host: HostSpec): readonly string[] {
  const smtp = host.services.find(({ name }) => name === "smtp");
  return (smtp?.configuration as { domains?: readonly string[] } | undefined)?.domains ?? [];
}

function hasService(host: HostSpec, name: string): boolean {
  return host.services.some((service) => service.name === name);
}

/** The service of a host that listens at a port: its configured one, or the one that the protocol has. */
function serviceAt(host: HostSpec | undefined, port: number): string | undefined {
  const usual: Readonly<Record<string, number>> = { smtp: 25, pop3: 110, imap: 143, http: 80, webmail: 80 };
  return host?.services.find(({ name, configuration }) => {
    const configured = (configuration as { port?: number } | undefined)?.port;
    return (configured ?? usual[name]) === port;
  })?.name;
}
