/** The expectations: mailboxes, steps and hosts that exist, patterns that can be matched, bounds that can be met. */

import { canonicalAddress } from "../../net/index.ts";
import type { AccountSetting, Count, ExpectationSpec, StepSpec, TextPattern } from "../network-file.ts";
import type { Path } from "../source.ts";
import { parseDuration, parsePattern } from "../units.ts";
import type { ExpectationDocument, NetworkDocument } from "./document.ts";
import { checkTime } from "./limits.ts";
import type { ReadHost, Reading } from "./reading.ts";

export function readExpectations(
  reading: Reading,
  document: NetworkDocument,
  hosts: readonly ReadHost[],
  story: readonly StepSpec[],
  links: readonly string[],
): ExpectationSpec[] {
  const reader = new ExpectationReader(reading, hosts, story, links);
  return (document.expect ?? []).flatMap((each, i) =>
    each === undefined ? [] : reader.read(["expect", i], each),
  );
}

class ExpectationReader {
  readonly #reading: Reading;
  readonly #hosts: ReadonlyMap<string, ReadHost>;
  readonly #steps: ReadonlyMap<string, StepSpec>;
  readonly #links: readonly string[];

  constructor(
    reading: Reading,
    hosts: readonly ReadHost[],
    story: readonly StepSpec[],
    links: readonly string[],
  ) {
    this.#links = links;
    this.#reading = reading;
    this.#hosts = new Map(hosts.map((host) => [host.spec.name, host]));
    this.#steps = new Map(story.map((step) => [step.name, step]));
  }

  read(path: Path, expectation: ExpectationDocument): ExpectationSpec[] {
    const { says, mailbox, step } = expectation;
    const common = { line: this.#reading.line(path), ...(says === undefined ? {} : { says }) };
    if (mailbox !== undefined) return [{ ...common, ...this.#mailbox(path, mailbox, expectation) }];
    if (step !== undefined) return [{ ...common, ...this.#step(path, step, expectation) }];
    const state = this.#state(path, expectation);
    if (state !== undefined) return [{ ...common, ...state }];
    if (expectation.packets === undefined) return [];
    return [
      {
        ...common,
        kind: "packets",
        lost: expectation.lost ?? false,
        fresh: expectation.fresh ?? false,
        protocol: expectation.packets,
        from: this.#endpoint([...path, "from"], expectation.from),
        to: this.#endpoint([...path, "to"], expectation.to),
        info: this.#pattern([...path, "info"], expectation.info),
        count: this.#count(path, expectation),
        beforeMs: expectation.before === undefined ? undefined : parseDuration(expectation.before),
      },
    ];
  }

  /** What is the case at the moment, and not what has happened. */
  #state(path: Path, expectation: ExpectationDocument): StateExpectation | undefined {
    const { service, host, link, queue, mailAccount, state } = expectation;
    if (service !== undefined) {
      const [name, at] = [service.split("@")[0], service.split("@")[1] ?? ""];
      const { services } = this.#reading;
      if (!services.has(name))
        this.#reading.reportUnknown([...path, "service"], "service", name, [...services.keys()]);
      this.#requireHost([...path, "service"], at);
      return { kind: "service", service: name, host: at, running: state === "on" };
    }
    if (host !== undefined) {
      this.#requireHost([...path, "host"], host);
      const address = this.#pattern([...path, "address"], expectation.address);
      return { kind: "host", host, on: state === "on", address };
    }
    if (link !== undefined) {
      if (!this.#links.includes(link))
        this.#reading.reportUnknown([...path, "link"], "link", link, this.#links);
      return { kind: "link", link, state: state === "down" || state === "cut" ? state : "up" };
    }
    if (queue !== undefined) {
      this.#requireHost([...path, "queue"], queue);
      const to = this.#pattern([...path, "to"], expectation.to);
      return { kind: "queue", host: queue, to, count: this.#count(path, expectation) };
    }
    if (mailAccount === undefined) return undefined;
    this.#requireHost([...path, "mailAccount"], mailAccount);
    const settings = ACCOUNT_SETTINGS.flatMap((key) => {
      const pattern = this.#pattern([...path, key], expectation[key]);
      return pattern === undefined ? [] : [[key, pattern] as const];
    });
    return { kind: "mailAccount", host: mailAccount, settings: Object.fromEntries(settings) };
  }

  #requireHost(path: Path, name: string): void {
    if (!this.#hosts.has(name)) this.#reading.reportUnknown(path, "host", name, [...this.#hosts.keys()]);
  }

  #mailbox(path: Path, mailbox: string, expectation: ExpectationDocument): Unplaced<"mailbox"> {
    const at = mailbox.indexOf("@");
    const [user, name] = [mailbox.slice(0, at), mailbox.slice(at + 1)];
    const host = this.#hosts.get(name);
    if (host === undefined)
      this.#reading.reportUnknown([...path, "mailbox"], "host", name, [...this.#hosts.keys()]);
    else {
      const users = host.spec.users.map((each) => each.name);
      const isKnown = users.includes(user) || this.#reading.isDamaged(host.path);
      if (!isKnown) this.#reading.reportUnknown([...path, "mailbox"], `user of ${name}`, user, users);
    }
    return {
      kind: "mailbox",
      host: name,
      user,
      from: this.#pattern([...path, "from"], expectation.from),
      subject: this.#pattern([...path, "subject"], expectation.subject),
      body: this.#pattern([...path, "body"], expectation.body),
      count: this.#count(path, expectation),
    };
  }

  #step(path: Path, name: string, expectation: ExpectationDocument): Unplaced<"step"> {
    const isRead = !this.#reading.isDamaged(["story"]);
    if (!this.#steps.has(name) && isRead) {
      this.#reading.reportUnknown([...path, "step"], "step", name, [...this.#steps.keys()]);
    }
    const { prints, exit, equals, within } = expectation;
    checkTime(this.#reading, [...path, "within"], within);
    const patterns = prints === undefined ? [] : typeof prints === "string" ? [prints] : prints;
    const isEmpty =
      exit === undefined && equals === undefined && within === undefined && patterns.length === 0;
    if (isEmpty && !this.#reading.isDamaged(path)) {
      this.#reading.report(
        path,
        "expected one of exit, prints, equals, within: nothing is asserted of the step",
      );
    }
    return {
      kind: "step",
      step: name,
      exit,
      prints: patterns.flatMap((text, i) => {
        const at = typeof prints === "string" ? [...path, "prints"] : [...path, "prints", i];
        return this.#pattern(at, text) ?? [];
      }),
      equals,
      withinMs: within === undefined ? undefined : parseDuration(within),
    };
  }

  #endpoint(path: Path, text: string | undefined): string | undefined {
    if (text === undefined || this.#hosts.has(text)) return text;
    const address = canonicalAddress(text);
    if (address === undefined) this.#reading.reportUnknown(path, "host", text, [...this.#hosts.keys()]);
    return address;
  }

  #pattern(path: Path, text: string | undefined): TextPattern | undefined {
    if (text === undefined) return undefined;
    const pattern = parsePattern(text);
    if (pattern === undefined) this.#reading.report(path, `expected a regular expression, found ${text}`);
    return pattern;
  }

  #count(path: Path, expectation: ExpectationDocument): Count {
    const { count, atLeast, atMost } = expectation;
    if (count !== undefined && (atLeast !== undefined || atMost !== undefined)) {
      this.#reading.report([...path, "count"], "count and atLeast or atMost exclude each other");
    }
    if (count !== undefined) return { least: count, most: count };
    const least = atLeast ?? (atMost === undefined ? 1 : 0);
    const most = atMost ?? Number.POSITIVE_INFINITY;
    if (least > most)
      this.#reading.report([...path, "atMost"], `expected at least ${least} (atLeast), found ${most}`);
    return { least, most };
  }
}

type StateExpectation = Unplaced<"service" | "host" | "link" | "queue" | "mailAccount">;

const ACCOUNT_SETTINGS: readonly AccountSetting[] = [
  "address",
  "incomingServer",
  "outgoingServer",
  "userName",
];

type Unplaced<Kind> = DistributiveOmit<Extract<ExpectationSpec, { kind: Kind }>>;
type DistributiveOmit<T> = T extends unknown ? Omit<T, "line"> : never;
