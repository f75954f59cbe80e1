/**
 * The array of `struct mmsghdr` that recvmmsg and sendmmsg work on, with the addresses and octets it points to, in
 * one piece of memory that never moves. Every entry has its own place for an address; where the octets of an entry
 * stand is the caller's to say.
 */

import type { Endpoint } from "../../net/index.ts";
import type { Kernel } from "./kernel.ts";
import { decodeSocketAddress, SOCKET_ADDRESS_BYTES } from "./socket-address.ts";

export class MessageBatch {
  readonly #pointers: readonly bigint[];
  /** The room for octets. */
  readonly octets: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #count: number;
  readonly #dataPointer: number;
  /** Who was met last: most datagrams come from the same peer as the one before. */
  #last: { words: Uint32Array; endpoint: Endpoint } | undefined;

  constructor(kernel: Kernel, count: number, octets: number) {
    const memory = new ArrayBuffer(count * ENTRY_BYTES + octets);
    this.#count = count;
    this.#bytes = new Uint8Array(memory);
    this.#words = new Uint32Array(memory, 0, (count * ENTRY_BYTES) / 4);
    this.octets = this.#bytes.subarray(count * ENTRY_BYTES);
    const pointer = kernel.pointerTo(memory);
    this.#pointers = Array.from({ length: count }, (_, index) => pointer + BigInt(index * HEADER_BYTES));
    this.#dataPointer = Number(pointer) + count * ENTRY_BYTES;
    for (let index = 0; index < count; index++) {
      this.#setPointer(this.#header(index) + HEADER.name, pointer + BigInt(this.#address(index)));
      this.#setPointer(this.#header(index) + HEADER.vector, pointer + BigInt(this.#vector(index)));
      this.#words[(this.#header(index) + HEADER.vectorCount) / 4] = 1;
      this.#words[(this.#header(index) + HEADER.nameLength) / 4] = SOCKET_ADDRESS_BYTES;
    }
  }

  /** Of entry `index` and those behind it: what the system calls are given. */
  pointerTo(index: number): bigint {
    return this.#pointers[index];
  }

  /** Entry `index` shall read from, or write to, `length` octets at `start`. */
  place(index: number, start: number, length: number): void {
    const at = this.#vector(index) / 4;
    const pointer = this.#dataPointer + start;
    this.#words[at] = pointer % 2 ** 32;
    this.#words[at + 1] = Math.floor(pointer / 2 ** 32);
    this.#words[at + 2] = length;
  }

  setAddress(index: number, address: Uint8Array): void {
    this.#bytes.set(address, this.#address(index));
    this.#words[(this.#header(index) + HEADER.nameLength) / 4] = address.length;
  }

  destinationOf(index: number): Endpoint {
    return decodeSocketAddress(this.#bytes, this.#address(index));
  }

  /** Octets that the kernel put into entry `index`. */
  lengthOf(index: number): number {
    return this.#words[(this.#header(index) + HEADER.length) / 4];
  }

  /** Where the datagram in entry `index` came from; the room for an address is whole again then. */
  sourceOf(index: number): Endpoint {
    this.#words[(this.#header(index) + HEADER.nameLength) / 4] = SOCKET_ADDRESS_BYTES;
    const at = this.#address(index);
    const words = this.#words;
    if (this.#last !== undefined) {
      let same = 0;
      while (same < ADDRESS_WORDS && words[at / 4 + same] === this.#last.words[same]) same++;
      if (same === ADDRESS_WORDS) return this.#last.endpoint;
    }
    const endpoint = decodeSocketAddress(this.#bytes, at);
    this.#last = { words: words.slice(at / 4, at / 4 + ADDRESS_WORDS), endpoint };
    return endpoint;
  }

  #header(index: number): number {
    return index * HEADER_BYTES;
  }

  #vector(index: number): number {
    return this.#count * HEADER_BYTES + index * VECTOR_BYTES;
  }

  #address(index: number): number {
    return this.#count * (HEADER_BYTES + VECTOR_BYTES) + index * SOCKET_ADDRESS_BYTES;
  }

  #setPointer(at: number, pointer: bigint): void {
    this.#words[at / 4] = Number(pointer & 0xffff_ffffn);
    this.#words[at / 4 + 1] = Number(pointer >> 32n);
  }
}

/** Where the fields of `struct mmsghdr` stand on 64-bit Linux; control data is not used. */
const HEADER = { name: 0, nameLength: 8, vector: 16, vectorCount: 24, length: 56 } as const;
const HEADER_BYTES = 64;
/** `struct iovec`: pointer and length. */
const VECTOR_BYTES = 16;
const ENTRY_BYTES = HEADER_BYTES + VECTOR_BYTES + SOCKET_ADDRESS_BYTES;
/** The longer of the two socket addresses has 28 octets; what follows it is always zero. */
const ADDRESS_WORDS = 7;
