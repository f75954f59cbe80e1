/** Mails of the swarm, typed as a person would, and where they are at the end. */

import type { Host } from "../../src/host/host.ts";
import { messageOf, type Task, toByteString } from "../../src/net/index.ts";
import type { Lab } from "../../src/topology/lab.ts";
import type { MailPlan } from "./plan.ts";

export interface MailOutcome {
  readonly plan: MailPlan;
  /** "accepted": the server said 250. "failed": the sender cannot know whether the mail was taken. */
  state: "waiting" | "accepted" | "failed";
  remark: string;
}

/** Sends the mail once through the sender's own mail server. */
export function sendMail(host: Host, outcome: MailOutcome): void {
  const { name, from, to } = outcome.plan;
  const server = `mail.${from.split("@")[1]}`;
  const words = [
    "mail",
    "send",
    "--server",
    server,
    "--from",
    from,
    "--to",
    to,
    "--subject",
    name,
    "--body",
    name,
  ];
  const handle = host.exec(words, {
    print() {},
    printError(text) {
      outcome.remark += text;
    },
    *readLine() {
      return null;
    },
  });
  handle.whenDone((ended) => {
    outcome.state = "value" in ended && ended.value === 0 ? "accepted" : "failed";
    if ("error" in ended) outcome.remark += messageOf(ended.error);
  });
}

/** How often the mail lies in the mailbox of its recipient. */
export function countDelivered(lab: Lab, plan: MailPlan): number {
  const [user, domain] = plan.to.split("@");
  const host = lab.hosts.get(`mail.${domain}`)!;
  return lab.world.run(countInMailbox(host, user, plan.name));
}

/** How many mails wait in the queues of all hosts, each with the reason of its last failure. */
export function queued(lab: Lab): string[] {
  const found: string[] = [];
  for (const host of lab.hosts.values()) {
    if (!host.name.startsWith("mail.")) continue;
    for (const mail of lab.world.run(host.stores.mail().queue(QUEUE_LOOK_MAX))) {
      for (const { address, lastResult } of mail.recipients)
        found.push(`${host.name} -> ${address}: ${lastResult}`);
    }
  }
  return found;
}

function* countInMailbox(host: Host, user: string, subject: string): Task<number> {
  const store = host.stores.mail();
  let count = 0;
  for (const { uid } of yield* store.messages(user)) {
    const content = toByteString((yield* store.readMessage(user, uid)) ?? new Uint8Array());
    if (content.includes(`\r\nSubject: ${subject}\r\n`)) count++;
  }
  return count;
}

const QUEUE_LOOK_MAX = 1000;
