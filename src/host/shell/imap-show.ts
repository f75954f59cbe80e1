/** `imap show`: a message, or only what is wanted of it; and how many octets that took. */

import { decodeUtf8Lossy } from "../../bytes/index.ts";
import { LocalError, type Task } from "../../net/index.ts";
import {
  type BodyPart,
  type FetchedMessage,
  type FetchRequest,
  letterParts,
  partAt,
  partContent,
  partText,
} from "../../protocols/imap/index.ts";
import { exclusiveOption, hasOption, optionText } from "./arguments.ts";
import type { ImapSession } from "./imap-acts.ts";
import { show } from "./output.ts";
import { printable } from "./printable.ts";
import { formatTable } from "./table.ts";

export function* showMessage(session: ImapSession, uid: number): Task {
  const { shell, input, client, folder } = session;
  const way = exclusiveOption(input, ["header", "structure", "part", "source"]);
  if (hasOption(input, "save") && way !== "part" && way !== "source")
    throw new LocalError("usage", "--save goes with --part or --source");
  // Who reads a message has read it; who looks at its header has not.
  const isRead = way === undefined;
  yield* client.select(folder, isRead ? "SELECT" : "EXAMINE");
  const message = new Message(session, uid);
  const shown = yield* WAYS[way ?? "letter"](message);
  if (isRead) yield* client.store([uid], "+", ["\\Seen"]);
  const saved = optionText(input, "save");
  if (saved !== undefined) save(session, saved, shown.octets);
  const { transferred, octets } = message;
  const text = saved === undefined ? shown.text() : `saved as ${saved}\n`;
  show(
    shell,
    { uid, octets, transferred, ...(saved === undefined ? { text } : { saved }) },
    text.endsWith("\n") || text === "" ? text : `${text}\n`,
  );
  if (!shell.json) shell.printError(`${transferred} octets transferred; the message has ${octets}\n`);
}

/** What is shown: its octets, and as text for a person. */
interface Shown {
  readonly octets: Uint8Array;
  text(): string;
}

/** One message, of which only what is asked for is fetched. */
class Message {
  readonly session: ImapSession;
  readonly #uid: number;
  readonly #startOctets: number;
  /** RFC822.SIZE */
  octets = 0;

  constructor(session: ImapSession, uid: number) {
    this.session = session;
    this.#uid = uid;
    this.#startOctets = session.client.octetsReceived;
  }

  /** Octets that the server has sent of it, and around it. */
  get transferred(): number {
    return this.session.client.octetsReceived - this.#startOctets;
  }

  *fetch(request: FetchRequest): Task<FetchedMessage> {
    const { client, folder } = this.session;
    const [message] = yield* client.fetch([this.#uid], { octets: true, ...request });
    if (message === undefined)
      throw new LocalError("no-message", `there is no message with the UID ${this.#uid} in ${folder}`);
    this.octets = message.octets ?? this.octets;
    return message;
  }

  *sections(...sections: string[]): Task<Uint8Array[]> {
    const message = yield* this.fetch({ sections: sections.map((section) => ({ section })) });
    return sections.map((section) => message.sections.get(section) ?? new Uint8Array(0));
  }

  *structure(): Task<BodyPart> {
    const { structure } = yield* this.fetch({ structure: true });
    if (structure === undefined)
      throw new LocalError("no-structure", "the server does not say which parts it has");
    return structure;
  }
}

const WAYS: Readonly<
  Record<"letter" | "header" | "structure" | "part" | "source", (message: Message) => Task<Shown>>
> = {
  *header(message) {
    const [header] = yield* message.sections("HEADER");
    return asText(header);
  },
  *source(message) {
    const [content] = yield* message.sections("");
    return asText(content);
  },
  *structure(message) {
    const structure = yield* message.structure();
    return { octets: new Uint8Array(0), text: () => structureTable(structure) };
  },
  *part(message) {
    const section = optionText(message.session.input, "part") ?? "";
    const part = partAt(yield* message.structure(), section);
    if (part === undefined || section === "") throw new LocalError("no-part", `there is no part ${section}`);
    const isText = part.type.startsWith("text/") || part.type.startsWith("message/");
    if (!isText && !hasOption(message.session.input, "save"))
      throw new LocalError("usage", `part ${section} is ${part.type}: say --save FILE`);
    const [encoded] = yield* message.sections(section);
    return { octets: partContent(part, encoded), text: () => printable(partText(part, encoded)) };
  },
  /** The header and the text; files stay where they are. */
  *letter(message) {
    const { text, html, files } = letterParts(yield* message.structure());
    const [header, ...texts] = yield* message.sections("HEADER", ...text.map(({ section }) => section));
    const body = text.map((part, i) => partText(part, texts[i])).join("\n");
    const shown =
      body === "" && html.length > 0 ? `[this mail is HTML only: part ${html[0].section}]\n` : body;
    const left = files.map(
      ({ name, part, octets }) => `[part ${part.section}: ${name}, ${part.type}, about ${octets} octets]\n`,
    );
    const whole =
      decodeUtf8Lossy(header) + shown + (shown === "" || shown.endsWith("\n") ? "" : "\n") + left.join("");
    return { octets: header, text: () => printable(whole) };
  },
};

function structureTable(structure: BodyPart): string {
  const rows: string[][] = [];
  const { files } = letterParts(structure);
  const walk = (part: BodyPart): void => {
    const file = files.find((each) => each.part === part);
    rows.push([part.section || "-", part.type, part.encoding, `${part.octets}`, printable(file?.name ?? "")]);
    part.parts.forEach(walk);
  };
  walk(structure);
  return formatTable(["Part", "Type", "Encoding", "Octets", "File"], rows);
}

function save({ shell }: ImapSession, name: string, octets: Uint8Array): void {
  const draft = shell.files?.create(name);
  if (draft === undefined) throw new LocalError("no-files", "--save: nothing is kept here");
  try {
    draft.write(octets);
    draft.save();
  } finally {
    draft.discard();
  }
}

function asText(octets: Uint8Array): Shown {
  return { octets, text: () => printable(decodeUtf8Lossy(octets)) };
}
