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
  /** By a hash of the octets; addresses with the same hash stand together. */
  readonly #ipv6 = new Map<number, IpAddress[]>();
  #count = 0;

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
    const key = readInt32(bytes, at);
    let address = this.#ipv4.get(key);
    if (address === undefined) {
      address = this.#make(bytes.slice(at, at + 4));
      this.#ipv4.set(key, address);
    }
    return address;
  }

  #read6(bytes: Uint8Array, at: number): IpAddress {
    let hash = 0;
    for (let i = 0; i < 16; i += 4) hash = Math.imul(hash ^ readInt32(bytes, at + i), HASH_MULTIPLIER);
    let sameHash = this.#ipv6.get(hash);
    if (sameHash === undefined) {
      sameHash = [];
      this.#ipv6.set(hash, sameHash);
    }
    for (const address of sameHash) if (equals(address.bytes, bytes, at)) return address;
    const address = this.#make(bytes.slice(at, at + 16));
    sameHash.push(address);
    return address;
  }

  #make(bytes: Uint8Array): IpAddress {
    if (this.#count >= ADDRESSES_MAX) {
      throw new Error(`a world holds at most ${ADDRESSES_MAX} different addresses`);
    }
    return new IpAddress(this.#count++, bytes);
  }
}

function readInt32(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

function equals(address: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 15; i >= 0; i--) if (address[i] !== bytes[at + i]) return false;
  return true;
}

/** Odd and without pattern: 2^32 divided by the golden ratio. */
const HASH_MULTIPLIER = 0x9e3779b1;
/** Far more than any world has hosts; only a flood of forged addresses comes here. */
const ADDRESSES_MAX = 1_000_000;
