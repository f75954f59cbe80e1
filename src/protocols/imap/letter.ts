/** Messages of a folder as FETCH and SEARCH look at them: read once, taken apart only as far as is asked for. */

import type { Task } from "../../net/index.ts";
import { type Entity, type Field, parseEntity, parseMessage } from "../message/index.ts";
import type { OpenFolder } from "./store.ts";

export class Letter {
  readonly content: Uint8Array;
  #header: Entity | undefined;
  #entity: Entity | undefined;

  constructor(content: Uint8Array) {
    this.content = content;
  }

  get fields(): readonly Field[] {
    return this.header.fields;
  }

  /** The message without its parts: all that its header is needed for. */
  get header(): Entity {
    this.#header ??= this.#entity ?? headerOf(this.content);
    return this.#header;
  }

  get entity(): Entity {
    this.#entity ??= parseEntity(this.content);
    return this.#entity;
  }
}

/** Keeps the last one: clients fetch a large message in many pieces. */
export class LetterReader {
  readonly #folder: OpenFolder;
  #uid = 0;
  #letter: Letter | undefined;

  constructor(folder: OpenFolder) {
    this.#folder = folder;
  }

  *read(uid: number): Task<Letter | undefined> {
    if (this.#uid === uid && this.#letter !== undefined) return this.#letter;
    const content = yield* this.#folder.read(uid);
    this.#uid = uid;
    this.#letter = content && new Letter(content);
    return this.#letter;
  }
}

function headerOf(content: Uint8Array): Entity {
  const { fields, bodyAt } = parseMessage(content);
  const position = { start: 0, bodyStart: bodyAt, end: content.length, lines: 0 };
  return {
    fields,
    type: "text",
    subtype: "plain",
    parameters: [],
    ...position,
    parts: undefined,
    message: undefined,
  };
}
