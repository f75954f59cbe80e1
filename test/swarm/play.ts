/**
 * Plays a plan: chaos first, then everything is healed, then time for the rest. What must hold (`invariants.ts`) is
 * checked on the way and at the end; the first thing that does not hold is thrown.
 */

import assert from "node:assert/strict";
import type { Host } from "../../src/host/host.ts";
import { messageOf } from "../../src/net/index.ts";
import type { Link, Tap } from "../../src/sim/index.ts";
import { memoryStores } from "../../src/store/memory/index.ts";
import { buildNetwork, parseNetworkFile } from "../../src/topology/index.ts";
import type { Lab } from "../../src/topology/lab.ts";
import { checkArrived, checkNothingLeft, checkStreams } from "./invariants.ts";
import { type MailOutcome, sendMail } from "./mails.ts";
import { CRASH_MS_MAX, type FaultPlan, type Plan } from "./plan.ts";
import { receiveStream, type StreamRecord, sendStream } from "./streams.ts";

export interface SwarmResult {
  readonly events: number;
  readonly virtualSeconds: number;
  readonly mailsAccepted: number;
  readonly streamOctets: number;
}

/** Plays `plan` to its end. Throws what did not hold. */
export function play(plan: Plan, tap?: Tap): SwarmResult {
  const parsed = parseNetworkFile(plan.networkFile, `swarm-${plan.seed}.json`);
  assert.ok(parsed.file !== undefined, `the network file is wrong: ${JSON.stringify(parsed)}`);
  const stores = new Map(parsed.file.hosts.map(({ name }) => [name, memoryStores()]));
  const lab = buildNetwork(parsed.file, {
    seed: plan.seed,
    stores: (host) => stores.get(host)!,
    taps: tap === undefined ? [] : [tap],
  });
  lab.start();
  const streams = plan.streams.map((stream) => startStream(lab, plan.seed, stream));
  const mails = plan.mails.map((mail) => startMail(lab, mail));
  for (const fault of plan.faults) scheduleFault(lab, fault);
  lab.world.runUntil((plan.healAtMs + CRASH_MS_MAX) * 1e6);
  checkStreams(streams, "during the chaos");

  runUntilDone(lab, plan, streams, mails);
  checkStreams(streams, "at the end");
  const mailsAccepted = checkArrived(lab, streams, mails);
  const failures = lab.failures.map(({ host, task, error }) => `${host}: ${task}: ${messageOf(error)}`);
  assert.deepEqual(failures, [], "tasks that failed");
  const virtualSeconds = lab.world.nowNs / 1e9;
  checkNothingLeft(lab);
  const streamOctets = streams.reduce((sum, stream) => sum + stream.received, 0);
  return { events: lab.world.executed, virtualSeconds, mailsAccepted, streamOctets };
}

function startStream(lab: Lab, seed: number, plan: StreamRecord["plan"]): StreamRecord {
  const record: StreamRecord = { plan, seed, received: 0, mistakeAt: undefined, complete: false, remark: "" };
  const from = hostOf(lab, plan.from).network;
  const to = hostOf(lab, plan.to).network;
  to.spawn(`${plan.name} receiver`, receiveStream(to, record));
  const target = addressOf(lab, plan.to, record.plan.port);
  lab.world.schedule.at(plan.startAtMs * 1e6, () => {
    from.spawn(`${plan.name} sender`, sendStream(from, target, record));
  });
  return record;
}

function startMail(lab: Lab, plan: MailOutcome["plan"]): MailOutcome {
  const outcome: MailOutcome = { plan, state: "waiting", remark: "" };
  lab.world.schedule.at(plan.startAtMs * 1e6, () => sendMail(hostOf(lab, plan.on), outcome));
  return outcome;
}

function scheduleFault(lab: Lab, fault: FaultPlan): void {
  const { schedule } = lab.world;
  if (fault.kind === "crash") {
    schedule.at(fault.startAtMs * 1e6, () => crashInTheMiddle(lab, fault));
    return;
  }
  schedule.at(fault.startAtMs * 1e6, () => setFault(lab, fault, true));
  schedule.at(fault.endAtMs * 1e6, () => setFault(lab, fault, false));
}

/** Waits for the host's n-th packet and takes the power away, so that it happens inside dialogues too. */
function crashInTheMiddle(lab: Lab, fault: FaultPlan & { kind: "crash" }): void {
  const { world } = lab;
  const host = world.host(fault.host)!;
  let left = fault.afterPackets;
  const stop = world.addTap({
    handleFrame({ kind, interfaceId, timeNs }) {
      if (kind !== "origin" || world.interfaces[interfaceId].hostName !== host.name || --left > 0) return;
      stop();
      world.schedule.at(timeNs, () => host.powerOff());
      world.schedule.at(timeNs + fault.forMs * 1e6, () => host.powerOn());
    },
  });
  world.schedule.at(fault.endAtMs * 1e6, stop);
}

function setFault(lab: Lab, fault: Exclude<FaultPlan, { kind: "crash" }>, on: boolean): void {
  switch (fault.kind) {
    case "partition":
      linkOf(lab, fault.link).partition(on ? fault.directions : "none");
      break;
    case "unplug":
      linkOf(lab, fault.link).setUp(!on);
      break;
    case "power": {
      const host = lab.world.host(fault.host)!;
      if (on) host.powerOff();
      else host.powerOn();
      break;
    }
    case "quality":
      linkOf(lab, fault.link).setOptions(on ? fault.quality : HEALTHY);
      break;
  }
}

/** Runs until streams and mails have come to their end, or the time in which they must is over. */
function runUntilDone(
  lab: Lab,
  plan: Plan,
  streams: readonly StreamRecord[],
  mails: readonly MailOutcome[],
): void {
  const limitMs = plan.healAtMs + AFTER_HEAL_MS;
  for (let ms = plan.healAtMs; ms < limitMs; ms += LOOK_EVERY_MS) {
    lab.world.runUntil((ms + LOOK_EVERY_MS) * 1e6);
    const ended =
      streams.every(({ complete }) => complete) && mails.every(({ state }) => state !== "waiting");
    // Once all are sent, the queues get the time of some more attempts.
    if (ended && ms > plan.healAtMs + QUEUE_MS) return;
  }
}

function hostOf(lab: Lab, name: string): Host {
  return lab.hosts.get(name)!;
}

function linkOf(lab: Lab, name: string): Link {
  return lab.links.get(name)!;
}

/** Streams with an odd port go over IPv4, the others over IPv6. */
function addressOf(lab: Lab, host: string, port: number): string {
  const [ipv4, ipv6] = lab.file.hosts.find(({ name }) => name === host)!.interfaces[0].addresses;
  return (port % 2 === 1 ? ipv4 : ipv6).split("/")[0];
}

const HEALTHY = { loss: 0, reorder: 0, duplicate: 0, corrupt: 0, jitterMs: 0, queuePackets: 200 };
/** TCP's longest wait between two attempts is a minute (RFC 6298), the queue's too; some of them may follow. */
const AFTER_HEAL_MS = 30 * 60_000;
const QUEUE_MS = 5 * 60_000;
const LOOK_EVERY_MS = 10_000;
