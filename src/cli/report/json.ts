/** The report of `hamlet run --json`: one object. Times are whole nanoseconds of virtual time. */

import { summaryOf } from "../../dissect/index.ts";
import { type Endpoint, messageOf } from "../../net/index.ts";
import { nameOf, type Observations } from "./observations.ts";

export function reportJson(seen: Observations): object {
  const { lab, report, names, contents } = seen;
  const end = (endpoint: Endpoint): object => ({ name: nameOf(endpoint, names), ...endpoint });
  return {
    network: lab.file.name,
    seed: lab.seed,
    passed: report.passed,
    end: report.end,
    endedAtNs: report.endedAtNs,
    lookups: seen.lookups,
    dialogues: seen.dialogues.map(({ conversation, lines, omittedCount }) => ({
      protocol: conversation.protocol,
      application: conversation.application ?? null,
      client: end(conversation.client),
      server: end(conversation.server),
      lines,
      omittedCount,
    })),
    steps: report.steps.map(({ step, startedAtNs, endedAtNs, exit, output }) => ({
      name: step.name,
      action: step.action,
      startedAtNs: startedAtNs ?? null,
      endedAtNs: endedAtNs ?? null,
      exit: exit ?? null,
      output,
    })),
    expectations: report.expectations.map(({ passed, description, found, expectation }) => ({
      ...{ passed, description, found },
      line: expectation.line,
    })),
    failures: report.failures.map(({ timeNs, host, task, error }) => ({
      ...{ timeNs, host, task },
      message: messageOf(error),
    })),
    capture: { ...summaryOf(contents.packets), lostPackets: contents.lostCount },
  };
}
