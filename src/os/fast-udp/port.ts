/**
 * A UDP socket that passes many datagrams in one system call (recvmmsg, sendmmsg) within the event loop. Read
 * first: kernel.ts, message-batch.ts, ../udp-port.ts.
 *
 * A round reads a batch, lets the tasks work on it, and sends what they answered, also in one call. While the next
 * datagram mostly comes within microseconds, a round waits for it instead of sleeping: falling asleep and being
 * woken takes the kernel longer than that.
 */

import { type Endpoint, familyOf } from "../../net/index.ts";
import type { UdpHandler, UdpPort } from "../udp-port.ts";
import {
  EAGAIN,
  ECONNREFUSED,
  EINTR,
  type Kernel,
  READABLE,
  systemError,
  type Watch,
  WRITABLE,
} from "./kernel.ts";
import { MessageBatch } from "./message-batch.ts";
import { AF_INET, AF_INET6, decodeSocketAddress, encodeSocketAddress } from "./socket-address.ts";

/**
 * Binds a socket, to the interface `nic` if one is named, and connects it to `peer` if there is one. `runTasks` runs every task that is ready. Throws an
 * Error with the system's code.
 */
export function bindFastUdp(
  kernel: Kernel,
  runTasks: () => void,
  address: string,
  port: number,
  peer?: Endpoint,
  nic?: string,
): UdpPort {
  const { calls } = kernel;
  const family = familyOf(address) === 4 ? 4 : 6;
  const fd = calls.socket(family === 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw systemError(kernel.errno(), "socket");
  try {
    if (family === 6) setOption(kernel, fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    // As much as the system allows: the default holds less than a hundred datagrams of full size.
    for (const option of [SO_RCVBUF, SO_SNDBUF]) setOption(kernel, fd, SOL_SOCKET, option, KERNEL_BUFFER);
    if (nic !== undefined) bindToInterface(kernel, fd, nic);
    const name = encodeSocketAddress({ address, port }, family);
    if (calls.bind(fd, name, name.length) < 0) throw systemError(kernel.errno(), "bind");
    if (peer !== undefined) {
      const to = encodeSocketAddress(peer, family);
      if (calls.connect(fd, to, to.length) < 0) throw systemError(kernel.errno(), "connect");
    }
    return new FastUdpPort(kernel, fd, family, peer !== undefined, runTasks);
  } catch (error) {
    calls.close(fd);
    throw error;
  }
}

class FastUdpPort implements UdpPort {
  readonly local: Endpoint;
  readonly family: 4 | 6;
  readonly #kernel: Kernel;
  readonly #fd: number;
  readonly #isConnected: boolean;
  readonly #runTasks: () => void;
  readonly #incoming: MessageBatch;
  readonly #outgoing: MessageBatch;
  readonly #watch: Watch;
  #handler: UdpHandler | undefined;
  #onGone: () => void = () => {};
  #closed = false;
  /** Datagrams, and their octets, that wait in #outgoing; those before #sent have gone. */
  #count = 0;
  #octets = 0;
  #sent = 0;
  /** Somebody is going to call #flush anyway. */
  #flushing = false;
  /** The kernel's buffer is full. */
  #blocked = false;
  #lastTo: Endpoint | undefined;
  #lastAddress: Uint8Array = new Uint8Array(0);
  /** How many times in a row the next datagram came while waiting for it was worth while. */
  #quickArrivals = 0;
  #lastRoundAtMs = 0;

  constructor(kernel: Kernel, fd: number, family: 4 | 6, isConnected: boolean, runTasks: () => void) {
    this.#kernel = kernel;
    this.#fd = fd;
    this.#isConnected = isConnected;
    this.family = family;
    this.#runTasks = runTasks;
    this.local = localEndpoint(kernel, fd);
    this.#outgoing = new MessageBatch(kernel, BATCH, OUTGOING_OCTETS);
    this.#incoming = sharedIncoming(kernel);
    this.#watch = kernel.watch(fd, () => this.#handleReady());
  }

  get isFull(): boolean {
    return this.#blocked;
  }

  start(handler: UdpHandler): void {
    this.#handler = handler;
    this.#watch.start(READABLE);
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.#count === BATCH || this.#octets + bytes.length > OUTGOING_OCTETS) this.#flush();
    // Still no room: lost, as in any full queue of UDP.
    if (this.#count === BATCH || this.#octets + bytes.length > OUTGOING_OCTETS) return;
    // A connected socket names nobody: the kernel then need not look for the way to each datagram's address.
    if (to !== this.#lastTo && !this.#isConnected) {
      this.#lastAddress = encodeSocketAddress(to, this.family);
      this.#lastTo = to;
    }
    this.#outgoing.octets.set(bytes, this.#octets);
    this.#outgoing.place(this.#count, this.#octets, bytes.length);
    this.#outgoing.setAddress(this.#count, this.#lastAddress);
    this.#count++;
    this.#octets += bytes.length;
    if (this.#flushing || this.#blocked) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  close(): void {
    this.#flush();
    this.#closed = true;
    this.#watch.close(() => this.#onGone());
    this.#kernel.calls.close(this.#fd);
  }

  whenGone(callback: () => void): void {
    this.#onGone = callback;
  }

  #handleReady(): void {
    if (this.#closed) return;
    if (this.#blocked) {
      this.#blocked = false;
      this.#watch.start(READABLE);
      this.#flush();
      if (!this.#blocked) this.#handler?.handleRoom();
    }
    const beganMs = performance.now();
    const isQuick = beganMs - this.#lastRoundAtMs < QUICK_MS;
    this.#quickArrivals = isQuick ? Math.min(this.#quickArrivals + 1, QUICK_ENOUGH) : 0;
    let nowMs = beganMs;
    while (!this.#closed && this.#round()) {
      nowMs = performance.now();
      if (nowMs - beganMs > TURN_MAX_MS) break;
    }
    this.#lastRoundAtMs = nowMs;
  }

  /** Receives, works, answers; false when nothing came, not even within the time it was worth to wait. */
  #round(): boolean {
    const count = this.#receive() || (this.#quickArrivals >= QUICK_ENOUGH ? this.#receivePatiently() : 0);
    if (count === 0) return false;
    this.#flushing = true;
    try {
      for (let index = 0; index < count; index++) {
        const start = index * INCOMING_OCTETS_EACH;
        const bytes = this.#incoming.octets.slice(start, start + this.#incoming.lengthOf(index));
        this.#handler?.handleDatagram(bytes, this.#incoming.sourceOf(index));
      }
      this.#runTasks();
    } finally {
      this.#flush();
    }
    return true;
  }

  #receivePatiently(): number {
    const endMs = performance.now() + PATIENCE_MS;
    do {
      // The peer may need this very processor to answer.
      this.#kernel.calls.sched_yield();
      const count = this.#receive();
      if (count > 0) return count;
    } while (performance.now() < endMs);
    this.#quickArrivals = 0;
    return 0;
  }

  /** How many datagrams stand in #incoming now. */
  #receive(): number {
    const count = this.#kernel.calls.recvmmsg(this.#fd, this.#incoming.pointerTo(0), BATCH, 0, 0n);
    if (count >= 0) return count;
    const errno = this.#kernel.errno();
    if (errno !== EAGAIN && errno !== EINTR) this.#handler?.handleError(systemError(errno, "recvmmsg"));
    return 0;
  }

  /** Gives the kernel what waits; what it refuses for good is reported and passed over. */
  #flush(): void {
    this.#flushing = false;
    if (this.#closed || this.#blocked) return;
    const { calls } = this.#kernel;
    while (this.#sent < this.#count) {
      const pointer = this.#outgoing.pointerTo(this.#sent);
      const count = calls.sendmmsg(this.#fd, pointer, this.#count - this.#sent, 0);
      if (count > 0) {
        this.#sent += count;
        continue;
      }
      const errno = this.#kernel.errno();
      if (errno === EINTR) continue;
      if (errno === EAGAIN) {
        this.#blocked = true;
        this.#watch.start(READABLE | WRITABLE);
        return;
      }
      // The peer refused an earlier datagram; this one has not gone yet, and to have heard of it clears the way.
      const isOld = this.#isConnected && errno === ECONNREFUSED;
      const to = this.#isConnected ? undefined : this.#outgoing.destinationOf(this.#sent);
      if (!isOld) this.#sent++;
      this.#handler?.handleError(systemError(errno, "sendmmsg"), to);
    }
    this.#sent = 0;
    this.#count = 0;
    this.#octets = 0;
  }
}

function localEndpoint(kernel: Kernel, fd: number): Endpoint {
  const name = new Uint8Array(28);
  const length = new Uint32Array([name.length]);
  if (kernel.calls.getsockname(fd, name, length) < 0) throw systemError(kernel.errno(), "getsockname");
  return decodeSocketAddress(name, 0);
}

/** It sends and hears by this interface alone, broadcasts too; another interface may have a socket of the same port. */
function bindToInterface(kernel: Kernel, fd: number, nic: string): void {
  const name = new TextEncoder().encode(`${nic}\0`);
  if (kernel.calls.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length) < 0)
    throw systemError(kernel.errno(), "setsockopt");
  setOption(kernel, fd, SOL_SOCKET, SO_BROADCAST, 1);
}

function setOption(kernel: Kernel, fd: number, level: number, option: number, value: number): void {
  const memory = new Int32Array([value]);
  if (kernel.calls.setsockopt(fd, level, option, memory, 4) < 0)
    throw systemError(kernel.errno(), "setsockopt");
}

/** One for all sockets: what is read is handed on before anybody reads again. */
function sharedIncoming(kernel: Kernel): MessageBatch {
  if (incoming === undefined) {
    incoming = new MessageBatch(kernel, BATCH, BATCH * INCOMING_OCTETS_EACH);
    for (let index = 0; index < BATCH; index++) {
      incoming.place(index, index * INCOMING_OCTETS_EACH, INCOMING_OCTETS_EACH);
    }
  }
  return incoming;
}

let incoming: MessageBatch | undefined;

/** Datagrams of one system call: what the call itself costs is by then a small part. */
const BATCH = 64;
/** The largest datagram; memory that nothing was ever written to costs nothing. */
const INCOMING_OCTETS_EACH = 65_536;
/** A full batch of Ethernet's size, or a few of the largest. */
const OUTGOING_OCTETS = 262_144;
/** What is asked of the kernel for each direction; it gives less where the administrator says so. */
const KERNEL_BUFFER = 4 << 20;
/** How long a round waits for the next datagram: a little more than the peer needs to be woken and to answer. */
const PATIENCE_MS = 0.05;
/** What comes so soon after a round that slept would have come within PATIENCE_MS if it had not: two wakings less. */
const QUICK_MS = 0.15;
/** Before waiting is tried again, so many rounds in a row must have been quick: one alone may be chance. */
const QUICK_ENOUGH = 2;
/** After so long others have their turn. */
const TURN_MAX_MS = 1;

/** Numbers of Linux's headers, the same on x64 and arm64. */
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_BROADCAST = 6;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_BINDTODEVICE = 25;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
