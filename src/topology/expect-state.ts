/** Expectations about what is the case now: services, power, links, queues, the settings of mail clients. */

import type { Host } from "../host/host.ts";
import type { Task } from "../net/index.ts";
import type { ExpectationResult, Lab, LinkState } from "./lab.ts";
import type {
  AccountExpectation,
  ExpectationSpec,
  HostExpectation,
  QueueExpectation,
} from "./network-file.ts";
import { describeCount, describePattern, matchesPattern } from "./units.ts";

/** Where the facts are. */
export interface StateFacts {
  /** Undefined when it was taken away. */
  host(name: string): Host | undefined;
  isOn(host: string): boolean;
  /** Of all its interfaces, without prefix lengths. */
  addresses(host: string): readonly string[];
  /** Undefined when it was taken away. */
  linkState(name: string): LinkState | undefined;
}

export type Verdict = Omit<ExpectationResult, "expectation">;
type StateSpec = Exclude<ExpectationSpec, { readonly kind: "mailbox" | "step" | "packets" }>;

/** The facts of a lab, as they are whenever they are asked for. */
export function stateFacts(lab: Lab): StateFacts {
  return {
    host: (name) => lab.hosts.get(name),
    isOn: (name) => lab.world.host(name)?.isOn === true,
    addresses: (name) => lab.world.host(name)?.interfaces.flatMap(({ addresses }) => addresses) ?? [],
    linkState: (name) => (lab.links.has(name) ? lab.linkState(name) : undefined),
  };
}

export function* checkState(expectation: StateSpec, facts: StateFacts): Task<Verdict> {
  switch (expectation.kind) {
    case "service": {
      const { service, host, running } = expectation;
      const installed = facts.host(host)?.services.find(({ name }) => name === service);
      const found = installed === undefined ? "not installed" : onOff(installed.running !== undefined);
      return {
        passed: (installed?.running !== undefined) === running,
        description: `service ${service} at ${host}: ${onOff(running)}`,
        found,
      };
    }
    case "host":
      return checkHost(expectation, facts);
    case "link": {
      const { link, state } = expectation;
      const found = facts.linkState(link) ?? "no such link";
      const passed = state === "cut" ? found.startsWith("cut") : found === state;
      return { passed, description: `link ${link}: ${state}`, found };
    }
    case "queue":
      return yield* checkQueue(expectation, facts.host(expectation.host));
    case "mailAccount":
      return checkAccount(expectation, facts.host(expectation.host));
  }
}

function checkHost({ host, on, address }: HostExpectation, facts: StateFacts): Verdict {
  const isOn = facts.isOn(host);
  const power = { description: `power of ${host}: ${onOff(on)}`, found: onOff(isOn) };
  if (address === undefined) return { ...power, passed: isOn === on };
  const addresses = facts.addresses(host);
  return {
    passed: isOn === on && addresses.some((each) => matchesPattern(address, each)),
    description: `${power.description}, address ${describePattern(address)}`,
    found: `${power.found}, ${addresses.join(", ") || "no address"}`,
  };
}

function* checkQueue({ host: name, to, count }: QueueExpectation, host: Host | undefined): Task<Verdict> {
  const mails = host === undefined ? [] : yield* host.stores.mail().queue(QUEUE_SEEN_MAX);
  const waiting = mails.filter(({ recipients }) =>
    recipients.some(({ address }) => matchesPattern(to, address)),
  );
  const whom = to === undefined ? "" : ` to ${describePattern(to)}`;
  return {
    passed: waiting.length >= count.least && waiting.length <= count.most,
    description: `mails${whom} in the queue of ${name}: ${describeCount(count)}`,
    found: host === undefined ? "no such host" : `${waiting.length} of ${mails.length} mails there`,
  };
}

function checkAccount({ host: name, settings }: AccountExpectation, host: Host | undefined): Verdict {
  const account = host?.mailAccount;
  const entries = Object.entries(settings) as [
    keyof typeof settings,
    NonNullable<(typeof settings)["address"]>,
  ][];
  const wrong = entries.filter(([key, pattern]) => !matchesPattern(pattern, account?.[key] ?? ""));
  const wanted = entries.map(([key, pattern]) => `${key} ${describePattern(pattern)}`);
  const found = wrong.map(([key]) => `${key} ${JSON.stringify(account?.[key] ?? "")}`);
  return {
    passed: account !== undefined && wrong.length === 0,
    description: [`mail client of ${name}`, ...wanted].join(", "),
    found: account === undefined ? "not set up" : found.length === 0 ? "set up so" : found.join(", "),
  };
}

function onOff(on: boolean): string {
  return on ? "on" : "off";
}

/** More than this waits nowhere in a lab that one looks at. */
const QUEUE_SEEN_MAX = 1_000;
