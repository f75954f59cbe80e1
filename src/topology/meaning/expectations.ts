/** The expectations: mailboxes, steps and hosts that exist, patterns that can be matched, bounds that can be met. */

import { canonicalAddress } from "../../net/index.ts";
import type { Count, ExpectationSpec, StepSpec, TextPattern } from "../network-file.ts";
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
): ExpectationSpec[] {
  const reader = new ExpectationReader(reading, hosts, story);
  return (document.expect ?? []).flatMap((each, i) =>
    each === undefined ? [] : reader.read(["expect", i], each),
  );
}

class ExpectationReader {
  readonly #reading: Reading;
  readonly #hosts: ReadonlyMap<string, ReadHost>;
  readonly #steps: ReadonlyMap<string, StepSpec>;

  constructor(reading: Reading, hosts: readonly ReadHost[], story: readonly StepSpec[]) {
    this.#reading = reading;
    this.#hosts = new Map(hosts.map((host) => [host.spec.name, host]));
    this.#steps = new Map(story.map((step) => [step.name, step]));
  }

  read(path: Path, expectation: ExpectationDocument): ExpectationSpec[] {
    const line = this.#reading.line(path);
    if (expectation.mailbox !== undefined)
      return [{ line, ...this.#mailbox(path, expectation.mailbox, expectation) }];
    if (expectation.step !== undefined) return [{ line, ...this.#step(path, expectation.step, expectation) }];
    if (expectation.packets === undefined) return [];
    return [
      {
        line,
        kind: "packets",
        protocol: expectation.packets,
        from: this.#endpoint([...path, "from"], expectation.from),
        to: this.#endpoint([...path, "to"], expectation.to),
        info: this.#pattern([...path, "info"], expectation.info),
        count: this.#count(path, expectation),
        beforeMs: expectation.before === undefined ? undefined : parseDuration(expectation.before),
      },
    ];
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

type Unplaced<Kind> = Omit<Extract<ExpectationSpec, { kind: Kind }>, "line">;
