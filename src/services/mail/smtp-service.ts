/** The service "smtp": server, queue and delivery into mailboxes, assembled. */

import { formatEndpoint, type Service, serve, type Task } from "../../net/index.ts";
import { parseMailbox, refuseSmtp, serveSmtp } from "../../protocols/smtp/index.ts";
import { parsePrefix, prefixProblems } from "../prefix.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";
import { type SmtpConfiguration, smtpSchema } from "./configuration.ts";
import { type Directory, makeDirectory } from "./directory.ts";
import { QueueRunner } from "./queue-runner.ts";
import { MailReceiver } from "./receiver.ts";
import { RETRY_POLICY_DEFAULT, type RetryPolicy } from "./retry.ts";
import type { MailRouting } from "./routing.ts";
import type { NewMail } from "./store.ts";

export interface RunningSmtp extends RunningService {
  /** The domains whose mail ends here, now. */
  readonly domains: readonly string[];
  /** Sets them: the next recipient is judged by it. */
  setDomains(domains: readonly string[]): void;
  /** Tries every mail of the queue (or one) again now. */
  flush(id?: string): Task;
}

/** Makes the definition; `routingOf` says whom a host asks for mail exchangers. */
export function smtpService(
  routingOf: (host: ServiceHost) => MailRouting,
  remotePort = SMTP_PORT,
): ServiceDefinition<SmtpConfiguration> {
  return {
    name: "smtp",
    title: "SMTP",
    summary: "mail server: SMTP, mailboxes, queue",
    schema: smtpSchema,
    problems: ({ relayFor = [] }) => relayFor.flatMap((text, i) => prefixProblems(["relayFor", i], text)),
    // "mail.crepes.fr" takes the mail of crepes.fr, "server" that of itself.
    propose: ({ name }) => ({ domains: [/^[^.]+\.(.+)$/.exec(name)?.[1] ?? name] }),
    start: (host, configuration) => start(host, configuration, routingOf(host), remotePort),
  };
}

function* start(
  host: ServiceHost,
  configuration: SmtpConfiguration,
  routing: MailRouting,
  remotePort: number,
): Task<RunningSmtp> {
  const { network } = host;
  const store = host.stores.mail();
  let domains = configuration.domains;
  const directory = makeDirectory({
    domains: () => domains,
    users: () => host.users,
    postmaster: configuration.postmaster,
  });
  const queue = new QueueRunner({
    network,
    routing,
    store,
    name: configuration.name ?? network.hostName,
    style: configuration.hello ?? "EHLO",
    port: remotePort,
    retry: retryPolicyOf(configuration),
    addressBounce: (to) => bounceRecipients(directory, to),
  });
  const server = yield* startServer(host, configuration, directory, queue);
  const running = network.spawn("smtp queue", queue.run());
  return {
    name: "smtp",
    get description() {
      return `listens on ${formatEndpoint(server.local)} for ${domains.join(", ")}`;
    },
    get domains() {
      return domains;
    },
    setDomains(set) {
      domains = [...set];
    },
    *flush(id) {
      yield* store.flush(network.clock.unixMs(), id);
      queue.wake();
    },
    *stop(graceMs) {
      yield* server.stop(graceMs);
      running.cancel();
    },
  };
}

function* startServer(
  host: ServiceHost,
  configuration: SmtpConfiguration,
  directory: Directory,
  queue: QueueRunner,
): Task<Service> {
  const { network, stores } = host;
  const { name = network.hostName, address, contentMaxOctets, strict, withoutExtensions } = configuration;
  const receiver = new MailReceiver({
    network,
    store: stores.mail(),
    directory,
    name,
    relayFor: (configuration.relayFor ?? []).map(parsePrefix),
    onQueued: () => queue.wake(),
  });
  const options = {
    name,
    ...(contentMaxOctets && { contentMax: contentMaxOctets }),
    ...(strict && { strict }),
    ...(withoutExtensions && { withoutExtensions }),
  };
  return yield* serve(
    network,
    {
      name: "smtp",
      port: configuration.port ?? SMTP_PORT,
      ...(address && { address }),
      connectionsMax: CONNECTIONS_MAX,
      refuse: (connection) => refuseSmtp(connection, name),
    },
    (connection) => serveSmtp(connection, options, receiver),
  );
}

function retryPolicyOf(configuration: SmtpConfiguration): RetryPolicy {
  return {
    retrySeconds: configuration.retrySeconds ?? RETRY_POLICY_DEFAULT.retrySeconds,
    giveUpAfterSeconds: configuration.giveUpAfterSeconds ?? RETRY_POLICY_DEFAULT.giveUpAfterSeconds,
  };
}

function bounceRecipients(directory: Directory, to: string): NewMail["recipients"] | undefined {
  const mailbox = parseMailbox(to);
  if (!directory.isLocalDomain(mailbox.domain)) return [{ address: to }];
  const local = directory.mailboxOf(mailbox);
  return local === undefined ? undefined : [{ address: to, mailbox: local }];
}

const SMTP_PORT = 25;
/** Dialogues at once; each holds at most one mail in memory. */
const CONNECTIONS_MAX = 200;
