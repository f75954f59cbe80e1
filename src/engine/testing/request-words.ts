/** What the words of a request may be, and what panels may be asked and told: for requests.ts. */

import fc from "fast-check";
import { anyCharacter } from "../../bytes/testing/any-character.ts";

export type Call = readonly [
  panel: string,
  name: string,
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
];

const small = fc.integer({ min: 0, max: 6 });
const ids = fc.array(small, { maxLength: 4 });
const oneOf = (...values: readonly unknown[]) => fc.constantFrom(...values);
const folder = oneOf("inbox", "sent", "drafts", "trash", "Sent", "Trash", "Recipes");
const mailFolder = oneOf("Recipes", "Recipes/Soups", "K\u00e4se", "inbox", "Sent", "", "*", "/");
const address = oneOf(
  "bob@hamburger.edu",
  "alice@crepes.fr",
  "nobody@nowhere.example",
  "",
  "Bob <bob@>",
  "@",
);
const letter = {
  to: address,
  cc: oneOf("", "", "alice@crepes.fr, bob@hamburger.edu"),
  bcc: oneOf("", "", "bob@hamburger.edu"),
  subject: fc.oneof(oneOf("Hello", ""), fc.string({ unit: anyCharacter })),
  text: fc.oneof(oneOf("Do you like ketchup?", ".\r\n.."), fc.string({ unit: anyCharacter })),
  html: fc.option(oneOf("<p>Hello", "<b"), { nil: undefined }),
  attachments: fc.array(
    fc.oneof(
      fc.record({ message: small, index: small }),
      fc.record({
        name: fc.string({ unit: "grapheme" }),
        type: oneOf("image/png", "text/plain", "", "a b", "message/rfc822"),
        content: oneOf("", "AAECAwQ=", "no base64!"),
      }),
    ),
    { maxLength: 2 },
  ),
  answers: fc.option(small, { nil: undefined }),
  forwards: fc.option(small, { nil: undefined }),
  draft: fc.option(small, { nil: undefined }),
};
const account = {
  name: oneOf("Alice", "", "\u0000"),
  address,
  incomingServer: oneOf(
    "mail.crepes.fr",
    "mail.hamburger.edu",
    "10.1.0.25:110",
    "nowhere",
    "",
    "[::1]:99999",
  ),
  incomingProtocol: oneOf(undefined, "IMAP", "POP3", "JMAP"),
  outgoingServer: oneOf("mail.crepes.fr", "mail.hamburger.edu", "10.1.0.10", "", ":"),
  userName: oneOf("alice", "bob", "", "al ice"),
  password: oneOf("gruyere", "hungry", "wrong", ""),
};
const zone = oneOf("crepes.fr", "hamburger.edu", ".", "", "new.example", "..", "a".repeat(70));
const record = {
  zone,
  name: oneOf("@", "www", "", "..", "*", "a".repeat(64), "x y"),
  ttlSeconds: oneOf(undefined, 0, 5, 2_147_483_647),
  type: oneOf("A", "AAAA", "MX", "TXT", "CNAME", "NS", "SOA", "ZZZ"),
  value: oneOf("10.1.0.99", "10 mail", '"text"', "::1", "", '"', "(", "@ @ 1 2 3 4 5"),
};
const url = oneOf(
  "http://mail.crepes.fr/",
  "mail.hamburger.edu",
  "http://",
  "ftp://x",
  "http://[::1",
  "10.1.0.25:99",
);

export const panelActions: readonly Call[] = [
  ["mail", "account.save", account],
  [
    "mail",
    "account.save",
    { ...account, address: oneOf("alice@crepes.fr"), incomingServer: oneOf("mail.crepes.fr") },
  ],
  [
    "mail",
    "account.save",
    {
      name: oneOf("Alice"),
      address: oneOf("alice@crepes.fr"),
      incomingServer: oneOf("mail.crepes.fr"),
      incomingProtocol: oneOf("IMAP"),
      outgoingServer: oneOf("mail.crepes.fr"),
      userName: oneOf("alice"),
      password: oneOf("gruyere"),
    },
  ],
  ["mail", "account.remove", {}],
  ["mail", "account.check", {}],
  ["mail", "leave-on-server", { on: fc.boolean() }],
  ["mail", "receive", {}],
  ["mail", "send", { ...letter, to: oneOf("bob@hamburger.edu", "alice@crepes.fr") }],
  ["mail", "send", letter],
  ["mail", "stop", {}],
  ["mail", "draft.keep", letter],
  ["mail", "mark", { ids, unread: fc.boolean() }],
  ["mail", "move", { ids, folder }],
  ["mail", "delete", { ids }],
  ["mail", "trash.empty", {}],
  ["mail", "search", { folder, field: oneOf("text", "from", "nothing"), words: oneOf("ketchup", "", '"') }],
  ["mail", "open", { id: small }],
  ["mail", "attachment.fetch", { id: small, index: small }],
  ["mail", "source.fetch", { id: small }],
  ["mail", "folder.open", { folder }],
  ["mail", "folder.create", { name: mailFolder }],
  ["mail", "folder.rename", { folder: mailFolder, name: mailFolder }],
  ["mail", "folder.remove", { folder: mailFolder }],
  [
    "mail-server",
    "domains.set",
    { domains: fc.array(oneOf("crepes.fr", "new.example", "", "-"), { maxLength: 3 }) },
  ],
  ["mail-server", "queue.flush", { id: oneOf(undefined, "1", "nothing") }],
  ["mail-server", "queue.remove", { id: oneOf("1", "nothing") }],
  ["dns", "record.add", record],
  ["dns", "record.remove", { zone, id: oneOf("www.crepes.fr. 3600 IN A 10.1.0.1", "") }],
  ["dns", "zone.add", { zone }],
  ["dns", "zone.remove", { zone }],
  ["dns", "cache.clear", {}],
  ["browser", "go", { url }],
  ["browser", "post", { url, type: oneOf("text/plain", "", "a\r\nb: c"), content: oneOf("", "AAEC", "?") }],
  ["browser", "travel", { pages: oneOf(-1, 0, 1) }],
  ["browser", "stop", {}],
  ["services", "nothing", {}],
  ["__proto__", "constructor", {}],
];
export const panelQuestions: readonly Call[] = [
  ["mail", "list", { folder, search: oneOf("", "ketchup", "["), from: small, count: small }],
  ["mail", "message", { id: small }],
  ["mail", "attachment", { id: small, index: small }],
  ["mail", "source", { id: small }],
  ["mail-server", "mailbox", { name: oneOf("alice", "bob", "postmaster", "", "__proto__") }],
  ["browser", "page", {}],
  ["dns", "nothing", {}],
];

/** What stands in the networks that are tried, and what is in none. */
export const words: Readonly<Record<string, readonly string[]>> = {
  host: [
    "pc.crepes.fr",
    "mail.crepes.fr",
    "mail.hamburger.edu",
    "ns.example.net",
    "new1",
    "r-crepes",
    "__proto__",
  ],
  node: ["pc.crepes.fr", "mail.hamburger.edu", "ns.example.net", "crepes-lan", "new1", "new2", "constructor"],
  name: [
    "new1",
    "new2",
    "pc.crepes.fr",
    "a b",
    "__proto__",
    "x:y",
    "",
    "notes.txt",
    "1",
    "null",
    "é",
    "#",
    "- a",
  ],
  a: ["new1", "new2", "pc.crepes.fr", "r-crepes", "pc.crepes.fr:eth9", "new1:", ":", "new1:a b"],
  b: ["crepes-lan", "hamburger-lan", "mail.hamburger.edu", "r-hamburger:wan", "new2", "new2:eth1"],
  link: ["ocean", "crepes-lan--pc.crepes.fr", "crepes-lan--new1", "nowhere", "constructor"],
  interface: ["eth0", "eth1", "", "a b", "toString"],
  addresses: ["10.1.0.77/24", "10.1.0.25/24", "2001:db8::7/64", "10.1.0.77", "999.1.1.1/99", ""],
  gateways: ["10.1.0.1", "10.9.9.9", "fe80::1", "", "x"],
  nameServers: ["10.3.0.53", "2001:db8::53", "", "x"],
  service: ["smtp", "pop3", "dns", "echo", "upper", "nothing", "__proto__"],
  user: ["alice", "bob", "carol", "", "a b", "__proto__", "'"],
  password: ["gruyere", "", "# no comment", "x: y", "\u0000"],
  filter: [
    "",
    "smtp",
    "tcp.port == 25",
    "dns and not lost",
    "(",
    'ip.src == "',
    "host == pc.crepes.fr",
    'frame matches "a.*b"',
  ],
  packet: ["smtp", "", "(", "tcp.flags.syn == 1"],
  line: [
    ...["", " ", "help", "no such command", "ping -c 2 mail.hamburger.edu", "ping pc.crepes.fr"],
    ...["dig hamburger.edu MX", "mail send --to bob@hamburger.edu --subject Hello --body text", "pop fetch"],
    ...[
      "telnet mail.crepes.fr 25",
      "EHLO x",
      "QUIT",
      '"',
      "\u0000\u001b[2J",
      "ipconfig",
      "--",
      "traceroute 10.2.0.25",
    ],
    ...[
      "ping -c 99999999 -i 0 10.2.0.25",
      "meter mail.crepes.fr -t 1",
      "echo mail.crepes.fr",
      "upper --udp 10.2.0.25",
    ],
  ],
  content: ["", "AAEC", "not base64", "SGVsbG8="],
  text: [
    "",
    "hamlet: 1\nname: x\nhosts:\n  a: { addresses: [10.0.0.1/24] }\n",
    "{",
    "hosts: &a [*a]",
    "hosts:\n  a:\n    ",
  ],
  fileName: ["mine.yaml", ""],
  id: ["ketchup", "nothing", "__proto__"],
  sort: ["packets", "startNs", "nothing", "constructor", ""],
};

/** What comes where something else is expected. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    -1,
    1.5,
    1e300,
    Number.MAX_SAFE_INTEGER,
    "",
    "\ud800",
    "\r\n",
    "x".repeat(5_000),
    [],
    {},
  ),
);
