/** A few mail sites on one switch of a simulated world, with names and mail exchangers from a table: no DNS needed. */

import {
  type Connection,
  fromByteString,
  type Network,
  NetworkError,
  type Resolver,
  silentLog,
  type Task,
  toByteString,
} from "../../../net/index.ts";
import { Pop3Client } from "../../../protocols/pop3/index.ts";
import { parseMailbox, type RecipientOutcome, SmtpClient } from "../../../protocols/smtp/index.ts";
import { type Link, type SimHost, World } from "../../../sim/index.ts";
import { memoryStores } from "../../../store/memory/index.ts";
import type { HostStores, HostUser, ServiceHost } from "../../service.ts";
import type { SmtpConfiguration } from "../configuration.ts";
import { pop3Service } from "../pop3-service.ts";
import type { MailExchanger, MailRouting } from "../routing.ts";
import { type RunningSmtp, smtpService } from "../smtp-service.ts";
import type { MailStore } from "../store.ts";

export interface Site {
  readonly domain: string;
  readonly sim: SimHost;
  /** From the server to the switch. */
  readonly link: Link;
  readonly network: Network;
  readonly users: HostUser[];
  readonly store: MailStore;
  /** The service as it runs now. */
  smtp: RunningSmtp;
}

export class MailLab implements MailRouting {
  readonly world: World;
  /** MX records by domain; what is missing does not exist. */
  readonly exchangers = new Map<string, MailExchanger[]>();
  /** Lines that the servers logged. */
  readonly log: string[] = [];
  readonly #addresses = new Map<string, string>();
  readonly #switch;
  #count = 0;

  constructor(seed = 1) {
    this.world = new World({ seed });
    this.#switch = this.world.addSwitch("lan");
  }

  /** A host on the switch, known by its name. */
  addHost(name: string): SimHost {
    return this.#addHost(name).sim;
  }

  #addHost(name: string): { sim: SimHost; link: Link } {
    const sim = this.world.addHost(name);
    const address = `10.0.0.${++this.#count}`;
    const nic = sim.addInterface({ addresses: [`${address}/24`] });
    const link = this.world.connect(nic, this.#switch.addPort(), { delayMs: 5 });
    this.#addresses.set(name, address);
    sim.network.resolver = this.#resolver;
    return { sim, link };
  }

  /** A mail server mail.DOMAIN, started, exchanger of its domain. */
  addSite(domain: string, users: readonly string[], configuration: Partial<SmtpConfiguration> = {}): Site {
    const { sim, link } = this.#addHost(`mail.${domain}`);
    const stores = memoryStores();
    const site = {
      domain,
      sim,
      link,
      network: sim.network,
      users: users.map((name) => ({ name, password: `${name}'s` })),
      store: stores.mail(),
      smtp: undefined as unknown as RunningSmtp,
    };
    this.exchangers.set(domain, [{ preference: 10, exchange: `mail.${domain}` }]);
    const start = (): Task =>
      this.#start(site, stores, { domains: [domain], name: domain, ...configuration });
    sim.onPower = (on) => {
      if (on) sim.network.spawn("start", start());
    };
    this.world.finish(sim.network.spawn("start", start()));
    return site;
  }

  *mailExchangers(domain: string): Task<MailExchanger[]> {
    const found = this.exchangers.get(domain);
    if (found === undefined) throw new NetworkError("name-not-found", `${domain}: no such domain`);
    return found;
  }

  /** Sends one mail from a host through the server of a site; what became of each recipient. */
  send(
    from: SimHost,
    site: Site,
    mail: { from: string; to: readonly string[]; text: string },
  ): RecipientOutcome[] {
    return this.world.finish(from.network.spawn("send", sendMail(from.network, `mail.${site.domain}`, mail)));
  }

  /** All mails of a user, fetched by POP3 and deleted. */
  fetch(from: SimHost, site: Site, user: string): string[] {
    return this.world.finish(
      from.network.spawn("fetch", fetchMail(from.network, `mail.${site.domain}`, user, `${user}'s`)),
    );
  }

  /** The mails of a mailbox as the store has them. */
  mailbox(site: Site, name: string): string[] {
    return this.world.run(
      (function* (): Task<string[]> {
        const mails: string[] = [];
        for (const { uid } of yield* site.store.messages(name)) {
          mails.push(toByteString((yield* site.store.readMessage(name, uid))!));
        }
        return mails;
      })(),
    );
  }

  queue(site: Site) {
    return this.world.run(site.store.queue(1000));
  }

  passSeconds(seconds: number): void {
    this.world.runUntil(this.world.nowNs + seconds * 1e9);
  }

  *#start(site: Site, stores: HostStores, configuration: SmtpConfiguration): Task {
    const { network, users, domain } = site;
    const log = (text: string): void => void this.log.push(`${domain}: ${text}`);
    site.sim.network.log = { ...silentLog, info: log, warn: log, error: log };
    const host: ServiceHost = {
      network,
      nameServers: [],
      users,
      stores,
    };
    site.smtp = (yield* smtpService(() => this).start(host, configuration)) as RunningSmtp;
    yield* pop3Service.start(host, { domains: [domain] });
  }

  readonly #resolver: Resolver = {
    addresses: (name) => this.#resolve(name),
  };

  *#resolve(name: string): Task<string[]> {
    const address = /^[\d.]+$/.test(name) ? name : this.#addresses.get(name);
    if (address === undefined) throw new NetworkError("name-not-found", `${name}: no such name`);
    return [address];
  }
}

export function* sendMail(
  network: Network,
  server: string,
  mail: { from: string; to: readonly string[]; text: string },
): Task<RecipientOutcome[]> {
  const connection = yield* network.connect(server, 25, { timeoutMs: 10_000 });
  try {
    const client = yield* SmtpClient.start(connection, { helloName: network.hostName });
    const outcomes = yield* client.send({
      reversePath: mail.from === "" ? null : parseMailbox(mail.from),
      recipients: mail.to.map(parseMailbox),
      content: fromByteString(mail.text),
    });
    yield* client.quit();
    return outcomes;
  } finally {
    connection.abort();
  }
}

function* fetchMail(network: Network, server: string, user: string, password: string): Task<string[]> {
  const connection: Connection = yield* network.connect(server, 110, { timeoutMs: 10_000 });
  try {
    const client = yield* Pop3Client.start(connection);
    yield* client.login(user, password);
    const mails: string[] = [];
    for (const { number } of yield* client.list()) {
      mails.push(toByteString(yield* client.retrieve(number)));
      yield* client.delete(number);
    }
    yield* client.quit();
    return mails;
  } finally {
    connection.abort();
  }
}
