/**
 * Empties the queue: one task that watches what is due, and for each destination domain a few that carry it.
 * Read first: `run`. What must stay true: a recipient leaves the store's queue only in the transaction that records
 * its delivery or puts a bounce in its place; what is carried now is known here only, so a restart simply
 * begins again with the store.
 */

import { type Log, messageOf, type Network, Signal, type Task, type TaskHandle } from "../../net/index.ts";
import { makeMessageId } from "../../protocols/message/index.ts";
import { parseMailbox, RECIPIENTS_PER_MAIL_MAX } from "../../protocols/smtp/index.ts";
import { composeBounce, type FailedRecipient } from "./bounce.ts";
import {
  type Attempt,
  type Carrier,
  carry,
  type DeliveryOptions,
  type Failure,
  openCarrier,
} from "./delivery.ts";
import { nextAttemptAtMs, type RetryPolicy } from "./retry.ts";
import type { MailStore, NewMail, QueuedMail, Settlement } from "./store.ts";

export interface QueueOptions extends DeliveryOptions {
  readonly store: MailStore;
  readonly retry: RetryPolicy;
  /** Addresses a notification of ours to its recipient: into a mailbox, into the queue, or nowhere (undefined). */
  readonly addressBounce: (to: string) => NewMail["recipients"] | undefined;
}

export class QueueRunner {
  readonly #options: QueueOptions;
  readonly #network: Network;
  readonly #log: Log;
  readonly #destinations = new Map<string, Destination>();
  /** Mail and domain of what is claimed by a carrying task. */
  readonly #claimed = new Set<string>();
  readonly #changed = new Signal();
  #connections = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#network = options.network;
    this.#log = options.network.log;
  }

  /** Something new is in the queue, or due. */
  wake(): void {
    this.#changed.notify();
  }

  /** Runs until it is cancelled; what it carries then is cut off and stays in the queue. */
  *run(): Task {
    try {
      for (;;) {
        const nowMs = this.#network.clock.unixMs();
        const due = yield* this.#options.store.dueMails(nowMs, this.#claimed.size + DUE_BATCH);
        for (const mail of due) this.#claim(mail, nowMs);
        for (const destination of this.#destinations.values()) this.#startCarrying(destination);
        const nextMs = yield* this.#options.store.nextAttemptAtMs(nowMs);
        const waitMs = nextMs === undefined ? Number.POSITIVE_INFINITY : nextMs - nowMs;
        // The wall clock may be set meanwhile: never trust one long wait.
        yield* this.#changed.wait(
          this.#network.clock,
          waitMs > WAIT_MAX_MS && nextMs !== undefined ? WAIT_MAX_MS : waitMs,
        );
      }
    } finally {
      for (const { carrying } of this.#destinations.values()) for (const handle of carrying) handle.cancel();
    }
  }

  /** Takes what is due of a mail into the lists of its destinations. */
  #claim(mail: QueuedMail, nowMs: number): void {
    const due = mail.recipients.filter((recipient) => recipient.nextAttemptAtMs <= nowMs);
    const domains = new Set(due.map(({ address }) => domainOf(address)));
    for (const domain of domains) {
      const key = `${mail.id} ${domain}`;
      if (this.#claimed.has(key) || this.#claimed.size >= CLAIMED_MAX) continue;
      this.#claimed.add(key);
      const addresses = due.flatMap(({ address }) => (domainOf(address) === domain ? [address] : []));
      const destination = this.#destinations.get(domain) ?? { domain, waiting: [], carrying: new Set() };
      this.#destinations.set(domain, destination);
      destination.waiting.push({ key, mail, addresses });
    }
  }

  #startCarrying(destination: Destination): void {
    const { domain, waiting, carrying } = destination;
    const wanted = Math.min(
      CONNECTIONS_PER_DESTINATION,
      Math.ceil(waiting.length / MAILS_PER_CONNECTION_WANTED),
    );
    while (carrying.size < wanted && this.#connections < CONNECTIONS_MAX) {
      this.#connections++;
      const handle = this.#network.spawn(`smtp to ${domain}`, this.#carryAll(destination));
      carrying.add(handle);
      handle.whenDone(() => {
        this.#connections--;
        carrying.delete(handle);
        if (carrying.size === 0 && waiting.length === 0) this.#destinations.delete(domain);
        this.#changed.notify();
      });
    }
  }

  /** One connection: everything that waits for this destination, one mail after the other. */
  *#carryAll(destination: Destination): Task {
    const carrier = yield* openCarrier(this.#options, destination.domain);
    if (!("client" in carrier)) {
      this.#log.info(`smtp: ${destination.domain}: ${carrier.reason}`);
      for (const claim of destination.waiting.splice(0)) {
        yield* this.#settle(
          claim,
          claim.addresses.map((address) => ({ address, delivered: false, failure: carrier })),
        );
      }
      return;
    }
    let usable = true;
    try {
      for (let sent = 0; usable && sent < MAILS_PER_CONNECTION_MAX; sent++) {
        const claim = destination.waiting.shift();
        if (claim === undefined) break;
        usable = yield* this.#carryOne(carrier, claim);
      }
      if (usable) yield* carrier.client.quit();
    } catch (error) {
      // All is settled; a goodbye that failed is no news.
      this.#log.debug(`smtp: ${carrier.host}: ${messageOf(error)}`);
    } finally {
      carrier.connection.abort();
    }
  }

  /** Sends and settles one mail; false when the connection is of no more use. */
  *#carryOne(carrier: Carrier, claim: Claim): Task<boolean> {
    const content = yield* this.#options.store.readQueued(claim.mail.id);
    if (content === undefined) {
      this.#claimed.delete(claim.key);
      return true;
    }
    const reversePath = claim.mail.reversePath === "" ? null : parseMailbox(claim.mail.reversePath);
    const attempts: Attempt[] = [];
    for (let rest = claim.addresses; rest.length > 0; ) {
      const addresses = rest.slice(0, RECIPIENTS_PER_MAIL_MAX);
      const recipients = addresses.map(parseMailbox);
      const outcomes = yield* carry(carrier, { reversePath, recipients, content }, addresses);
      const next = inAnotherTransaction(outcomes);
      attempts.push(...outcomes.filter(({ address }) => !next.includes(address)));
      rest = [...next, ...rest.slice(RECIPIENTS_PER_MAIL_MAX)];
    }
    yield* this.#settle(claim, attempts, content);
    return attempts.every((attempt) => attempt.delivered || attempt.failure.remote !== undefined);
  }

  /** Records in one transaction what became of each recipient. */
  *#settle(claim: Claim, attempts: readonly Attempt[], content?: Uint8Array): Task {
    const nowMs = this.#network.clock.unixMs();
    const done: string[] = [];
    const deferred: { address: string; nextAttemptAtMs: number; lastResult: string }[] = [];
    const failed: FailedRecipient[] = [];
    for (const attempt of attempts) {
      const { address } = attempt;
      this.#report(claim.mail, attempt);
      const next = attempt.delivered
        ? undefined
        : this.#nextAttempt(claim.mail, address, attempt.failure, nowMs);
      if (next === undefined) done.push(address);
      else deferred.push({ address, nextAttemptAtMs: next, lastResult: reasonOf(attempt) });
      if (next === undefined && !attempt.delivered) failed.push(giveUp(address, attempt.failure));
    }
    const bounce = yield* this.#bounce(claim.mail, failed, nowMs, content);
    const settlement: Settlement = { done, deferred, bounce };
    try {
      yield* this.#options.store.settle(claim.mail.id, settlement);
    } finally {
      this.#claimed.delete(claim.key);
    }
    if (bounce !== undefined) this.#changed.notify();
  }

  #nextAttempt(mail: QueuedMail, address: string, failure: Failure, nowMs: number): number | undefined {
    if (failure.permanent) return undefined;
    const before = mail.recipients.find((recipient) => recipient.address === address)?.attempts ?? 0;
    return nextAttemptAtMs(this.#options.retry, before + 1, mail.arrivedAtMs, nowMs);
  }

  *#bounce(
    mail: QueuedMail,
    failed: readonly FailedRecipient[],
    nowMs: number,
    known: Uint8Array | undefined,
  ): Task<NewMail | undefined> {
    if (failed.length === 0) return undefined;
    const recipients = mail.reversePath === "" ? undefined : this.#options.addressBounce(mail.reversePath);
    if (recipients === undefined) {
      // RFC 5321 section 6.1: a notification that cannot be delivered is not answered.
      this.#log.warn(`smtp: ${mail.id}: given up, and there is nobody to tell`);
      return undefined;
    }
    const { name, network, store } = this.#options;
    const messageId = makeMessageId(nowMs, network.random.bytes(6), name);
    const content = composeBounce({
      reportingName: name,
      to: mail.reversePath,
      messageId,
      nowMs,
      arrivedAtMs: mail.arrivedAtMs,
      queueId: mail.id,
      failed,
      content: known ?? (yield* store.readQueued(mail.id)) ?? new Uint8Array(0),
    });
    const id = messageId.split("@")[0];
    this.#log.info(`smtp: ${mail.id}: returned to ${mail.reversePath} as ${id}`);
    return {
      id,
      reversePath: "",
      content,
      mailboxPrefix: "Return-Path: <>\r\n",
      arrivedAtMs: nowMs,
      recipients,
      doubtKey: undefined,
    };
  }

  #report(mail: QueuedMail, attempt: Attempt): void {
    const what = attempt.delivered ? "delivered" : attempt.failure.permanent ? "failed" : "deferred";
    this.#log.info(`smtp: ${mail.id}: to <${attempt.address}> ${what}: ${reasonOf(attempt)}`);
  }
}

/** The recipients of one mail in one domain. */
interface Claim {
  readonly key: string;
  readonly mail: QueuedMail;
  readonly addresses: readonly string[];
}

interface Destination {
  readonly domain: string;
  readonly waiting: Claim[];
  readonly carrying: Set<TaskHandle>;
}

/**
 * RFC 5321 section 4.5.3.1.10: a server that takes some recipients and answers 452 to others has had enough for one
 * transaction; the others are sent in the next one, at once. Each round needs a recipient who got it, so it ends.
 */
function inAnotherTransaction(attempts: readonly Attempt[]): string[] {
  if (!attempts.some(({ delivered }) => delivered)) return [];
  return attempts.flatMap((attempt) =>
    !attempt.delivered && attempt.failure.remote?.reply.startsWith("452") ? [attempt.address] : [],
  );
}

function giveUp(address: string, failure: Failure): FailedRecipient {
  const { permanent, status, reason, remote } = failure;
  if (permanent) return { address, status, reason, remote };
  // RFC 3463 section 3.5: X.4.7, delivery time expired.
  return {
    address,
    status: "4.4.7",
    reason: `given up after many attempts; the last one: ${reason}`,
    remote,
  };
}

function reasonOf(attempt: Attempt): string {
  return attempt.delivered ? attempt.result : attempt.failure.reason;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

/** Mails that one look at the store takes on. */
const DUE_BATCH = 500;
/** Mails claimed at once: ids in memory, not contents. */
const CLAIMED_MAX = 20_000;
/** Connections to all destinations, and to one: enough to hide its delays, too few to hurt it. */
const CONNECTIONS_MAX = 50;
const CONNECTIONS_PER_DESTINATION = 2;
/** A second connection is worth its handshake only when many mails wait. */
const MAILS_PER_CONNECTION_WANTED = 10;
/** As other servers limit it: after so many a connection is closed and a new one opened. */
const MAILS_PER_CONNECTION_MAX = 100;
/** How far the wall clock may be off before the queue notices. */
const WAIT_MAX_MS = 15 * 60_000;
