/** Holds the expectations of a network file against what happened, and says for each what was found. */

import { decodeUtf8Lossy } from "../bytes/index.ts";
import type { Host } from "../host/host.ts";
import { fromByteString, type Task } from "../net/index.ts";
import { fieldValue, parseMessage } from "../protocols/message/index.ts";
import { checkState, type StateFacts, type Verdict } from "./expect-state.ts";
import type { ExpectationResult, StepResult } from "./lab.ts";
import type {
  ExpectationSpec,
  MailboxExpectation,
  PacketExpectation,
  StepExpectation,
} from "./network-file.ts";
import type { PacketWatch } from "./packet-watch.ts";
import { printedText } from "./story.ts";
import { describeCount, describePattern, formatTime, matchesPattern } from "./units.ts";

/** Where the facts are. */
export interface Facts extends StateFacts {
  readonly steps: readonly StepResult[];
  readonly packets: PacketWatch;
}

export function* checkExpectation(expectation: ExpectationSpec, facts: Facts): Task<ExpectationResult> {
  const verdict = yield* verdictOf(expectation, facts);
  return { expectation, ...verdict, description: expectation.says ?? verdict.description };
}

function* verdictOf(expectation: ExpectationSpec, facts: Facts): Task<Verdict> {
  switch (expectation.kind) {
    case "mailbox":
      return yield* checkMailbox(expectation, facts.host(expectation.host));
    case "step":
      return checkStep(expectation, facts.steps);
    case "packets":
      return checkPackets(expectation, facts.packets);
    default:
      return yield* checkState(expectation, facts);
  }
}

function* checkMailbox(expectation: MailboxExpectation, host: Host | undefined): Task<Verdict> {
  if (host === undefined)
    return { passed: false, description: describeMailbox(expectation), found: "no such host" };
  const mails = yield* readMailbox(host, expectation.user);
  const matching = mails.filter(
    (mail) =>
      (expectation.from === undefined ||
        mail.senders.some((sender) => matchesPattern(expectation.from, sender))) &&
      matchesPattern(expectation.subject, mail.subject) &&
      matchesPattern(expectation.body, mail.body),
  );
  const { least, most } = expectation.count;
  const found = mails
    .slice(-SHOWN_MAX)
    .map((mail) => `${mail.subject || "(no subject)"} from ${mail.senders[0]}`);
  const list = found.length === 0 ? "" : `: ${found.join("; ")}`;
  return {
    passed: matching.length >= least && matching.length <= most,
    description: describeMailbox(expectation),
    found: `${matching.length} of ${mails.length} mails there${list}`,
  };
}

function describeMailbox(expectation: MailboxExpectation): string {
  const conditions = (["from", "subject", "body"] as const).flatMap((key) => {
    const pattern = expectation[key];
    return pattern === undefined ? [] : `${key} ${describePattern(pattern)}`;
  });
  const which = conditions.length === 0 ? "" : ` with ${conditions.join(", ")}`;
  const { user, host, count } = expectation;
  return `mails in the mailbox of ${user} at ${host}${which}: ${describeCount(count)}`;
}

interface FoundMail {
  /** From the header and from the envelope. */
  readonly senders: readonly string[];
  readonly subject: string;
  readonly body: string;
}

function* readMailbox(host: Host, user: string): Task<FoundMail[]> {
  const store = host.stores.mail();
  const mails: FoundMail[] = [];
  for (const { uid } of yield* store.messages(user)) {
    const content = yield* store.readMessage(user, uid);
    if (content === undefined) continue;
    const { fields, bodyAt } = parseMessage(content);
    const value = (name: string): string => decodeUtf8Lossy(fromByteString(fieldValue(fields, name) ?? ""));
    mails.push({
      senders: [value("From"), value("Return-Path")].filter((sender) => sender !== ""),
      subject: value("Subject"),
      body: decodeUtf8Lossy(content.subarray(bodyAt)).replaceAll("\r\n", "\n"),
    });
  }
  return mails;
}

function checkStep(expectation: StepExpectation, steps: readonly StepResult[]): Verdict {
  const result = steps.find((each) => each.step.name === expectation.step);
  const conditions: string[] = [];
  const found: string[] = [];
  let passed = result?.endedAtNs !== undefined;
  const demand = (condition: string, holds: boolean, instead: string): void => {
    conditions.push(condition);
    if (holds) return;
    passed = false;
    found.push(instead);
  };
  const printed = result === undefined ? "" : printedText(result);
  const shown = `printed ${JSON.stringify(shorten(printed.trimEnd()))}`;
  const { exit, equals, withinMs } = expectation;
  if (exit !== undefined)
    demand(`exit status ${exit}`, result?.exit === exit, `exit status ${result?.exit ?? "none"}`);
  for (const pattern of expectation.prints) {
    demand(`prints ${describePattern(pattern)}`, matchesPattern(pattern, printed), shown);
  }
  if (equals !== undefined) {
    demand(
      `prints exactly ${JSON.stringify(shorten(equals))}`,
      printed.trimEnd() === equals.trimEnd(),
      shown,
    );
  }
  const tookNs = durationNs(result);
  if (withinMs !== undefined) {
    const took = tookNs === undefined ? "not ended" : `took ${formatTime(tookNs)}`;
    demand(`within ${formatTime(withinMs * 1e6)}`, tookNs !== undefined && tookNs <= withinMs * 1e6, took);
  }
  const ending = tookNs === undefined ? "it has not ended" : `ended after ${formatTime(tookNs)}`;
  return {
    passed,
    description: `${expectation.step}: ${conditions.join(", ")}`,
    found: found.length === 0 ? ending : [...new Set(found)].join("; "),
  };
}

function checkPackets(expectation: PacketExpectation, watch: PacketWatch): Verdict {
  const { protocol, from, to, info, count, beforeMs } = expectation;
  const seen = watch.countOf(expectation);
  const packets = expectation.lost ? "lost packets" : "packets";
  const conditions = [
    protocol.toLowerCase() === "any" ? packets : `${protocol} ${packets}`,
    from === undefined ? "" : `from ${from}`,
    to === undefined ? "" : `to ${to}`,
    info === undefined ? "" : `with ${describePattern(info)}`,
    beforeMs === undefined ? "" : `before ${formatTime(beforeMs * 1e6)}`,
  ].filter((condition) => condition !== "");
  const inTime = beforeMs === undefined || (seen.firstAtNs !== undefined && seen.firstAtNs < beforeMs * 1e6);
  const isAbsent = count.most === 0 && seen.count === 0;
  const samples =
    seen.samples.length === 0
      ? ""
      : `: ${seen.count === 0 ? "instead " : "first "}${seen.samples.join("; ")}`;
  return {
    passed: seen.count >= count.least && seen.count <= count.most && (inTime || isAbsent),
    description: `${conditions.join(" ")}: ${describeCount(count)}`,
    found: `${seen.count} of ${watch.packetCount} packets${samples}`,
  };
}

function durationNs(result: StepResult | undefined): number | undefined {
  if (result?.startedAtNs === undefined || result.endedAtNs === undefined) return undefined;
  return result.endedAtNs - result.startedAtNs;
}

function shorten(text: string): string {
  return text.length <= TEXT_SHOWN_MAX ? text : `${text.slice(0, TEXT_SHOWN_MAX)}…`;
}

/** Mails that a report names: the newest. */
const SHOWN_MAX = 3;
/** Characters of an output that a report shows. */
const TEXT_SHOWN_MAX = 400;
