/**
 * What a filter may ask of one packet, found when it is asked: the dissection with its fields by key, and what the
 * store knows beside it. One object is used for packet after packet.
 */

import type { Dissection, Field, Layer, Names } from "../../../dissect/index.ts";
import type { PacketBlock } from "../block.ts";
import type { PacketStore } from "../store.ts";
import type { Value } from "./values.ts";

export class Facts {
  readonly store: PacketStore;
  names: Names = new Map();
  #block!: PacketBlock;
  #at = 0;
  #dissection: Dissection | undefined;
  readonly #fields = new Map<string, Field[]>();
  #isCollected = false;

  constructor(store: PacketStore) {
    this.store = store;
  }

  /** From now on it is about this packet. */
  moveTo(block: PacketBlock, at: number): void {
    this.#block = block;
    this.#at = at;
    this.#dissection = undefined;
    if (this.#isCollected) this.#fields.clear();
    this.#isCollected = false;
  }

  get block(): PacketBlock {
    return this.#block;
  }

  get at(): number {
    return this.#at;
  }

  get number(): number {
    return this.#block.firstNumber + this.#at;
  }

  get dissection(): Dissection {
    return (this.#dissection ??= this.store.dissection(this.#block, this.#at));
  }

  /** The fields with this key, those of a quoted packet too. */
  fields(key: string): readonly Field[] {
    if (!this.#isCollected) {
      this.#isCollected = true;
      for (const { fields } of this.dissection.layers) this.#collect(fields);
    }
    return this.#fields.get(key) ?? NONE;
  }

  valueOf(field: Field): Value {
    const { start, end } = field;
    const frame = this.#block.startOf(this.#at);
    return {
      text: field.value,
      note: field.note,
      octets: this.#block.octetsOf(this.#at).subarray(frame + start, frame + end),
    };
  }

  /** The protocol wherever it stands, with all that it carries. */
  layers(protocol: string): Value[] {
    const { layers } = this.dissection;
    const found: { readonly start: number; readonly title: string }[] = layers.filter(
      (layer: Layer) => layer.protocol === protocol,
    );
    const quoted = this.fields(protocol).map(({ start, name }) => ({ start, title: name }));
    const frame = this.#block.startOf(this.#at);
    const padding = layers.find((layer) => layer.protocol === "eth.padding");
    const end = padding === undefined ? this.#block.endOf(this.#at) : frame + padding.start;
    return [...found, ...quoted].map(({ start, title }) => ({
      text: title,
      note: undefined,
      octets: this.#block.octetsOf(this.#at).subarray(frame + start, Math.max(frame + start, end)),
    }));
  }

  /** What TCP or UDP carries; none where it is nothing. */
  payload(protocol: string): Value[] {
    const layer = this.dissection.layers.find((each) => each.protocol === protocol);
    const octets = this.layers(protocol)[0]?.octets?.subarray(
      layer === undefined ? 0 : layer.end - layer.start,
    );
    return layer === undefined || octets === undefined || octets.length === 0
      ? []
      : [{ text: "", note: undefined, octets }];
  }

  #collect(fields: readonly Field[]): void {
    for (const field of fields) {
      const known = this.#fields.get(field.key);
      if (known === undefined) this.#fields.set(field.key, [field]);
      else known.push(field);
      if (field.children !== undefined) this.#collect(field.children);
    }
  }
}

const NONE: readonly Field[] = [];
