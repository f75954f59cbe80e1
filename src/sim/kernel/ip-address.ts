/**
 * Addresses inside the simulation: each is one object per world, so that equal means identical and a lookup
 * needs no text. `AddressTable` makes them.
 */

import { type AddressFamily, formatAddress, parseAddress } from "../../net/index.ts";

export class IpAddress {
  /** Small and unique within the world: a key for tables. */
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly family: AddressFamily;
  /** Canonical. */
  readonly text: string;

  constructor(id: number, bytes: Uint8Array) {
    this.id = id;
    this.bytes = bytes;
    this.family = bytes.length === 4 ? 4 : 6;
    this.text = formatAddress(bytes);
  }
}

export class AddressTable {
  readonly #ipv4 = new Map<number, IpAddress>();
  readonly #ipv6 = new Map<string, IpAddress>();

  /** The address of `text`; a text that is no address is a mistake of the caller. */
  of(text: string): IpAddress {
    const bytes = parseAddress(text);
    if (bytes === undefined) throw new TypeError(`"${text}" is not an IP address`);
    return this.read(bytes, 0, bytes.length as 4 | 16);
  }

  /** The address in `length` (4 or 16) octets of `bytes`. */
  read(bytes: Uint8Array, at: number, length: 4 | 16): IpAddress {
    return length === 4 ? this.#read4(bytes, at) : this.#read6(bytes, at);
  }

  #read4(bytes: Uint8Array, at: number): IpAddress {
    const key = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    let address = this.#ipv4.get(key);
    if (address === undefined) {
      address = new IpAddress(this.#nextId(), bytes.slice(at, at + 4));
      this.#ipv4.set(key, address);
    }
    return address;
  }

  #read6(bytes: Uint8Array, at: number): IpAddress {
    let key = "";
    for (let i = 0; i < 16; i += 2) key += String.fromCharCode((bytes[at + i] << 8) | bytes[at + i + 1]);
    let address = this.#ipv6.get(key);
    if (address === undefined) {
      address = new IpAddress(this.#nextId(), bytes.slice(at, at + 16));
      this.#ipv6.set(key, address);
    }
    return address;
  }

  #nextId(): number {
    const id = this.#ipv4.size + this.#ipv6.size;
    if (id >= ADDRESSES_MAX) throw new Error(`a world holds at most ${ADDRESSES_MAX} different addresses`);
    return id;
  }
}

/** Far more than any world has hosts; only a flood of forged addresses comes here. */
const ADDRESSES_MAX = 1_000_000;
