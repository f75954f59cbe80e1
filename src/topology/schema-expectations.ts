/** The form of an expectation, one branch per kind; lessons use the same. */

import type { Schema } from "./schema-check.ts";
import { map, pattern, ref, text, whole } from "./schema-parts.ts";

const countKeys: Record<string, Schema> = {
  count: whole(0, 1e9, "Exactly so many."),
  atLeast: whole(0, 1e9, "So many or more; 1 if nothing is said."),
  atMost: whole(0, 1e9, "So many or fewer."),
};

export const expectationSchema: Schema = {
  title: "an expectation",
  oneOf: [
    expectation("a mail", ["mailbox"], {
      mailbox: {
        type: "string",
        pattern: "^[^@\\s]+@[^@\\s]+$",
        patternErrorMessage: "USER@HOST such as bob@mail.hamburger.edu",
        description: "The user and the host on which the mailbox is.",
      },
      from: pattern("Its sender."),
      subject: pattern("Its subject."),
      body: pattern("Its body."),
      ...countKeys,
    }),
    expectation("the end of a step", ["step"], {
      step: { ...ref("name"), description: "Name of a step of the story." },
      exit: whole(0, 255, "Exit status of its command."),
      prints: {
        oneOf: [pattern(""), { type: "array", title: "a list of texts", items: pattern("") }],
        description: "What its output contains.",
      },
      equals: { type: "string", description: "Its whole output, but for white space at the end." },
      within: { ...ref("duration"), description: "The time that it takes at most." },
    }),
    expectation("packets", ["packets"], {
      packets: text("Their protocol as the packet list shows it, e.g. SMTP; any: any protocol."),
      from: { ...ref("endpoint"), description: "Host or address that they come from." },
      to: { ...ref("endpoint"), description: "Host or address that they go to." },
      info: pattern("What the packet list says of them."),
      lost: { type: "boolean", description: "true: only those that were lost, wherever that was." },
      before: { ...ref("duration"), description: "Virtual time before which the first one was seen." },
      fresh: {
        type: "boolean",
        description: "true: in a lesson, only those since the step before was ticked; else since it began.",
      },
      ...countKeys,
    }),
    expectation("a service", ["service", "state"], {
      service: {
        type: "string",
        pattern: "^[^@\\s]+@[^@\\s]+$",
        patternErrorMessage: "SERVICE@HOST such as smtp@mail.hamburger.edu",
        description: "The service and the host that has it.",
      },
      state: { enum: ["on", "off"], description: "Whether it runs." },
    }),
    expectation("the power of a host, and its address", ["host", "state"], {
      host: { ...ref("name"), description: "The host or router." },
      state: { enum: ["on", "off"], description: "Whether it has power." },
      address: pattern("An address that it has, without its prefix length."),
    }),
    expectation("the state of a link", ["link", "state"], {
      link: { ...ref("name"), description: "The link." },
      state: {
        enum: ["up", "down", "cut"],
        description: "down: the cable is out; cut: nothing passes in a direction, and nobody notices.",
      },
    }),
    expectation("mails that wait", ["queue"], {
      queue: { ...ref("name"), description: "The host in whose queue they wait." },
      to: pattern("Somebody to whom they go."),
      ...countKeys,
    }),
    expectation("the settings of a mail client", ["mailAccount"], {
      mailAccount: { ...ref("name"), description: "The machine of the mail client." },
      address: pattern("The own address."),
      incomingServer: pattern("The server that keeps the mailbox."),
      outgoingServer: pattern("The server that takes mail."),
      userName: pattern("The name to log in with."),
    }),
  ],
};

function expectation(title: string, required: string[], keys: Record<string, Schema>): Schema {
  const says = text("What is expected, in words: the guide and the report show them in place of their own.");
  return { title, ...map("", { ...keys, says }), required };
}
