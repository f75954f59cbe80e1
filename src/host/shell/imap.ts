/** `imap`: a mailbox whose folders stay on the server. What each act does: imap-acts.ts, imap-show.ts. */

import { LocalError, type Task } from "../../net/index.ts";
import { ImapClient } from "../../protocols/imap/index.ts";
import { hasOption, optionText } from "./arguments.ts";
import type { Command, CommandInput } from "./command.ts";
import { type ImapAct, type ImapSession, imapActs } from "./imap-acts.ts";
import { connectIncoming, type IncomingProtocol, incomingLogin, incomingOptions } from "./incoming-mail.ts";
import { printable } from "./printable.ts";

const IMAP: IncomingProtocol = { name: "IMAP", port: 143 };

export const imap: Command = {
  name: "imap",
  summary: "read and order a mailbox that stays on its server (IMAP)",
  operands: `[${Object.keys(imapActs).join("|")}] [WORD ...]`,
  options: [
    ...incomingOptions(IMAP),
    { name: "folder", short: "f", value: "NAME", help: "the folder; absent: INBOX" },
    { name: "header", help: "show: the header only" },
    { name: "structure", help: "show: the parts that it has" },
    { name: "part", value: "N", help: "show: this part only, e.g. 2 or 1.2" },
    { name: "source", help: "show: all of it, as it stands on the server" },
    { name: "save", value: "FILE", help: "show: into a file" },
    { name: "from", value: "TEXT", help: "search: in the sender" },
    { name: "to", value: "TEXT", help: "search: in the recipients" },
    { name: "subject", short: "s", value: "TEXT", help: "search: in the subject" },
    { name: "text", short: "t", value: "TEXT", help: "search: anywhere" },
    { name: "unread", help: "search: what nobody has read" },
    { name: "since", value: "DATE", help: "search: received on 2026-11-21, say, or later" },
    { name: "before", value: "DATE", help: "search: received before that day" },
    { name: "for", value: "TIME", help: "idle: how long; absent: 10m" },
    { name: "verbose", short: "v", help: "show the dialogue with the server" },
  ],
  examples: [
    "imap folders --server mail.hamburger.edu --user bob --password hungry",
    'imap search --from alice --subject "ketchup" --user bob',
    "imap show 3 --header --user bob",
    "imap show 3 --part 2 --save cat.png --user bob",
    "imap move 3 Recipes --user bob",
    "imap idle --for 1h --user bob",
  ],
  *run(shell, input): Task<number> {
    const [name = "list", ...words] = input.operands;
    const act = actOf(name, words, input);
    const login = yield* incomingLogin(shell, input, IMAP);
    const connection = yield* connectIncoming(shell, login);
    try {
      const verbose = hasOption(input, "verbose") && !shell.json;
      const onLine = (from: "C" | "S", line: string): void => shell.print(`${from}: ${printable(line)}\n`);
      const client = yield* ImapClient.start(connection, verbose ? { onLine } : {});
      yield* client.login(login.user, login.password);
      const session: ImapSession = { shell, input, client, folder: optionText(input, "folder") ?? "INBOX" };
      yield* act.run(session, words);
      yield* client.logout();
      return 0;
    } finally {
      connection.abort();
    }
  },
};

/** What makes no sense is said before any server is asked. */
function actOf(name: string, words: readonly string[], input: CommandInput): ImapAct {
  const act = Object.hasOwn(imapActs, name) ? imapActs[name] : undefined;
  if (act === undefined)
    throw new LocalError("usage", `"${name}" is none of: ${imap.operands.replace(/ .*/, "")}`);
  const places = act.words.split(" ").filter((place) => place !== "");
  const required = places.filter((place) => !place.startsWith("["));
  if (words.length < required.length || words.length > places.length) {
    const excess = words.slice(places.length).join(" ");
    const trouble =
      excess === "" ? "something is missing" : `"${excess}" is too much (a server goes with --server)`;
    throw new LocalError("usage", `${trouble}; say: imap ${[name, ...places].join(" ")}`);
  }
  for (const option of OF_ACTS) {
    if (hasOption(input, option) && !act.options.includes(option))
      throw new LocalError("usage", `imap ${name} takes no --${option}`);
  }
  return act;
}

/** Options that belong to one act or some. */
const OF_ACTS = [
  "folder",
  "header",
  "structure",
  "part",
  "source",
  "save",
  "from",
  "to",
  "subject",
  "text",
  "unread",
  "since",
  "before",
  "for",
];
