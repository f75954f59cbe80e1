/**
 * Initial sequence numbers: RFC 6528 section 3, ISN = M + F(local, local port, remote, remote port, secret), where
 * M ticks every 4 microseconds and F is HalfSipHash-2-4 (Aumasson and Bernstein), keyed from the host's randomness.
 */

import type { Random } from "../../../net/index.ts";
import type { Schedule } from "../../schedule.ts";
import type { IpAddress } from "../ip-address.ts";

export class InitialSequence {
  readonly #schedule: Schedule;
  readonly #key0: number;
  readonly #key1: number;

  constructor(schedule: Schedule, random: Random) {
    this.#schedule = schedule;
    this.#key0 = random.uint32() | 0;
    this.#key1 = random.uint32() | 0;
  }

  next(local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): number {
    const clock = Math.floor(this.#schedule.nowNs / TICK_NS) | 0;
    return (clock + this.hash(local, localPort, remote, remotePort)) | 0;
  }

  /** F: the same for the same four, different for other connections, unpredictable without the key. */
  hash(local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): number {
    const words = [(localPort << 16) | remotePort, ...wordsOf(local.bytes), ...wordsOf(remote.bytes)];
    return halfSipHash(this.#key0, this.#key1, words);
  }
}

function wordsOf(bytes: Uint8Array): number[] {
  const words: number[] = [];
  for (let at = 0; at + 3 < bytes.length; at += 4)
    words.push((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]);
  return words;
}

/** HalfSipHash-2-4 of whole 32-bit words (which are fed as they are: no byte order is promised to anybody). */
function halfSipHash(key0: number, key1: number, words: readonly number[]): number {
  const v = [key0, key1, key0 ^ 0x6c796765, key1 ^ 0x74656462];
  for (const word of [...words, words.length << 26]) {
    v[3] ^= word;
    rounds(v, 2);
    v[0] ^= word;
  }
  v[2] ^= 0xff;
  rounds(v, 4);
  return v[1] ^ v[3];
}

function rounds(v: number[], count: number): void {
  for (let i = 0; i < count; i++) {
    v[0] = (v[0] + v[1]) | 0;
    v[1] = rotateLeft(v[1], 5) ^ v[0];
    v[0] = rotateLeft(v[0], 16);
    v[2] = (v[2] + v[3]) | 0;
    v[3] = rotateLeft(v[3], 8) ^ v[2];
    v[0] = (v[0] + v[3]) | 0;
    v[3] = rotateLeft(v[3], 7) ^ v[0];
    v[2] = (v[2] + v[1]) | 0;
    v[1] = rotateLeft(v[1], 13) ^ v[2];
    v[2] = rotateLeft(v[2], 16);
  }
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

const TICK_NS = 4000;
