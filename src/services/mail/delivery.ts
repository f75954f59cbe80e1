/**
 * Carrying mails to one domain: find its exchangers, open a connection to the first that talks to us, send.
 * Throws nothing expected: whatever fails becomes a `Failure` with the class of RFC 3463 (4: try again, 5: never).
 */

import {
  type Connection,
  HamletError,
  LocalError,
  messageOf,
  type Network,
  NetworkError,
  type Task,
} from "../../net/index.ts";
import {
  describeReply,
  type OutgoingMail,
  type Reply,
  SmtpClient,
  type SmtpClientOptions,
  SmtpRefusedError,
} from "../../protocols/smtp/index.ts";
import { type MailRouting, routeOf } from "./routing.ts";

export interface DeliveryOptions {
  readonly network: Network;
  readonly routing: MailRouting;
  /** What we call ourselves. */
  readonly name: string;
  readonly style: NonNullable<SmtpClientOptions["style"]>;
  /** Where other servers listen; 25 but in tests. */
  readonly port: number;
}

export interface Failure {
  readonly permanent: boolean;
  readonly status: string;
  readonly reason: string;
  readonly remote: { readonly host: string; readonly reply: string } | undefined;
}

/** An open connection to a server that takes a domain's mail. */
export interface Carrier {
  readonly host: string;
  readonly connection: Connection;
  readonly client: SmtpClient;
}

export type Attempt = { readonly address: string } & (
  | { readonly delivered: true; readonly result: string }
  | { readonly delivered: false; readonly failure: Failure }
);

/** Connects to the best exchanger of `domain` that answers; the caller closes the connection. */
export function* openCarrier(options: DeliveryOptions, domain: string): Task<Carrier | Failure> {
  const hosts = yield* hostsOf(options, domain);
  if (!Array.isArray(hosts)) return hosts;
  let failure: Failure | undefined;
  for (const host of hosts) {
    const opened = yield* openHost(options, host);
    if ("client" in opened) return opened;
    // As long as one exchanger may take it later, the mail may wait.
    if (failure === undefined || failure.permanent) failure = opened;
  }
  return failure ?? permanent("5.4.4", `no mail exchanger of ${domain} can be reached`);
}

/** Sends one mail; says for each recipient (as `addresses` names them) what became of it. */
export function* carry(carrier: Carrier, mail: OutgoingMail, addresses: readonly string[]): Task<Attempt[]> {
  try {
    const outcomes = yield* carrier.client.send(mail);
    return outcomes.map(({ outcome, reply }, i) => {
      const result = `${carrier.host} said: ${describeReply(reply)}`;
      if (outcome === "delivered") return { address: addresses[i], delivered: true, result };
      const failure = refused(carrier.host, reply, outcome === "failed", result);
      return { address: addresses[i], delivered: false, failure };
    });
  } catch (error) {
    const failure = failureOf(error, carrier.host);
    return addresses.map((address) => ({ address, delivered: false, failure }));
  }
}

function* hostsOf(options: DeliveryOptions, domain: string): Task<string[] | Failure> {
  const { network, routing, name } = options;
  try {
    const exchangers = domain.startsWith("[") ? [] : yield* routing.mailExchangers(domain);
    const route = routeOf(domain, exchangers, [name, network.hostName], network.random);
    if (route.kind === "hosts") return [...route.hosts];
    // RFC 7505 section 4.2.
    if (route.kind === "null-mx") return permanent("5.1.10", `${domain} takes no mail (null MX)`);
    return permanent("5.4.6", `mail for ${domain} loops back to myself`);
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
    if (error instanceof NetworkError && error.code === "name-not-found") {
      return permanent("5.1.2", `${domain}: there is no such domain`);
    }
    return temporary("4.4.3", `the mail exchangers of ${domain} could not be looked up: ${messageOf(error)}`);
  }
}

function* openHost(options: DeliveryOptions, host: string): Task<Carrier | Failure> {
  const { network, name, style, port } = options;
  let connection: Connection | undefined;
  let opened = false;
  try {
    connection = yield* network.connect(host, port, { timeoutMs: CONNECT_TIMEOUT_MS });
    const client = yield* SmtpClient.start(connection, { helloName: name, style });
    // Another name of ours in DNS: we would receive our own mail and carry it again.
    if (client.serverName.toLowerCase() === name.toLowerCase()) {
      return permanent("5.4.6", `mail loops back to myself: ${host} greeted me with my own name`);
    }
    opened = true;
    return { host, connection, client };
  } catch (error) {
    return failureOf(error, host);
  } finally {
    if (!opened) connection?.abort();
  }
}

function failureOf(error: unknown, host: string): Failure {
  if (error instanceof SmtpRefusedError) {
    return refused(host, error.smtpReply, error.permanent, `${host} said: ${describeReply(error.smtpReply)}`);
  }
  if (error instanceof NetworkError && error.code === "name-not-found") {
    return permanent("5.4.4", `${host}: the exchanger's name has no address`);
  }
  // The content itself cannot be sent, today or ever.
  if (error instanceof LocalError) return permanent("5.6.0", messageOf(error));
  if (!(error instanceof HamletError)) throw error;
  return temporary(error.code === "timed-out" ? "4.4.1" : "4.4.2", `${host}: ${messageOf(error)}`);
}

function refused(host: string, reply: Reply, isPermanent: boolean, reason: string): Failure {
  const status = reply.status ?? (isPermanent ? "5.0.0" : "4.0.0");
  // RFC 5321 section 4.5.3.1.10: 552 to RCPT meant "too many recipients" once: it must be taken as 452. With the
  // status of RFC 3463 (5.3.4: too large) it means what it says.
  const mayWait = reply.code === 552 && reply.status === undefined;
  const remote = { host, reply: describeReply(reply) };
  return { permanent: isPermanent && !mayWait, status: mayWait ? "4.5.3" : status, reason, remote };
}

function permanent(status: string, reason: string): Failure {
  return { permanent: true, status, reason, remote: undefined };
}

function temporary(status: string, reason: string): Failure {
  return { permanent: false, status, reason, remote: undefined };
}

/** RFC 5321 names none; as Postfix: a host that is up answers long before. */
const CONNECT_TIMEOUT_MS = 30_000;
