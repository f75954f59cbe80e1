/**
 * The system calls and the event loop behind fast UDP, by way of node:ffi: Linux on 64-bit little-endian machines.
 * What must stay true: whoever holds a pointer also holds the memory it points into.
 */

import { constants, endianness } from "node:os";
import { getSystemErrorName } from "node:util";
import { isMainThread } from "node:worker_threads";

type Ffi = typeof import("node:ffi");

/** The kernel and libuv, or one sentence on why this process cannot have them. */
export function openKernel(): Kernel | string {
  opened ??= open();
  return opened;
}

/** What fast UDP asks of the machine; pointers are addresses of memory. */
export interface Kernel {
  readonly calls: Calls;
  /** The number of the error that the last call reported; true only right after it. */
  errno(): number;
  /** Where the octets of `memory` are; they stay there as long as it is held. */
  pointerTo(memory: ArrayBuffer): bigint;
  /** Says when a socket can be read or written; holds itself until it is closed. */
  watch(fd: number, onReady: () => void): Watch;
}

export interface Watch {
  /** Calls back in the event loop's own turn, again and again while it is so. */
  start(events: number): void;
  /** `onGone`: the loop has let go of it; the socket itself may be closed at once. */
  close(onGone: () => void): void;
}

export const READABLE = 1;
export const WRITABLE = 2;

/** The Error that Node would make of it: `networkErrorOf` knows its code. */
export function systemError(errno: number, call: string): Error {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${call} ${code}`), { code, errno: -errno, syscall: call });
}

function open(): Kernel | string {
  if (process.platform !== "linux") return `this is ${process.platform}, not Linux`;
  if (!["x64", "arm64"].includes(process.arch) || endianness() !== "LE") {
    return `the processor is ${process.arch}, neither x64 nor arm64`;
  }
  // A worker's loop must have lost all its handles when its thread is ended, which nobody announces.
  if (!isMainThread) return "this is a worker thread";
  try {
    const ffi = loadFfi();
    return ffi === undefined ? "this Node has no node:ffi, or it is switched off" : new LinuxKernel(ffi);
  } catch (error) {
    return `node:ffi: ${error instanceof Error ? error.message : error}`;
  }
}

/** Without the warning that it is experimental: who runs Hamlet cannot do anything about it. */
function loadFfi(): Ffi | undefined {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!rest.includes("ExperimentalWarning")) Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof emitWarning;
  try {
    return process.getBuiltinModule("node:ffi") as Ffi | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

const SIGNATURES = {
  socket: { return: "int32", arguments: ["int32", "int32", "int32"] },
  bind: { return: "int32", arguments: ["int32", "pointer", "uint32"] },
  connect: { return: "int32", arguments: ["int32", "pointer", "uint32"] },
  getsockname: { return: "int32", arguments: ["int32", "pointer", "pointer"] },
  setsockopt: { return: "int32", arguments: ["int32", "int32", "int32", "pointer", "uint32"] },
  recvmmsg: { return: "int32", arguments: ["int32", "pointer", "uint32", "int32", "pointer"] },
  sendmmsg: { return: "int32", arguments: ["int32", "pointer", "uint32", "int32"] },
  close: { return: "int32", arguments: ["int32"] },
  sched_yield: { return: "int32", arguments: [] },
  __errno_location: { return: "pointer", arguments: [] },
  uv_handle_size: { return: "uint64", arguments: ["int32"] },
  uv_poll_init: { return: "int32", arguments: ["pointer", "pointer", "int32"] },
  uv_poll_start: { return: "int32", arguments: ["pointer", "int32", "pointer"] },
  uv_close: { return: "void", arguments: ["pointer", "pointer"] },
} as const;

type Library = ReturnType<typeof openLibrary>;
export type Calls = Library["functions"];

function openLibrary(ffi: Ffi) {
  return ffi.dlopen(null, SIGNATURES);
}

class LinuxKernel implements Kernel {
  readonly calls: Calls;
  readonly #ffi: Ffi;
  readonly #errnoPointer: bigint;
  /** Held for ever: the functions are gone with their library. */
  readonly #library: Library;
  readonly #loop: bigint;
  readonly #handleBytes: number;
  readonly #onEvent: bigint;
  readonly #onClosed: bigint;
  /** By the address of the loop's handle, which is all that a callback is told. */
  readonly #watches = new Map<bigint, Watched>();

  constructor(ffi: Ffi) {
    this.#ffi = ffi;
    this.#library = openLibrary(ffi);
    this.calls = this.#library.functions;
    this.#errnoPointer = this.calls.__errno_location();
    this.#loop = ffi.getCurrentEventLoop();
    this.#handleBytes = Number(this.calls.uv_handle_size(UV_POLL));
    const { lib } = this.#library;
    // Nothing may be thrown into the loop, and promises go on only in turns of Node's own: hence setImmediate,
    // which comes later in the same turn.
    this.#onEvent = lib.registerCallback(
      { return: "void", arguments: ["pointer", "int32", "int32"] },
      (handle, status) => {
        const watched = this.#watches.get(handle as bigint);
        if (watched !== undefined) setImmediate(() => watched.handleEvent(status));
      },
    );
    this.#onClosed = lib.registerCallback({ return: "void", arguments: ["pointer"] }, (handle) => {
      const watched = this.#watches.get(handle as bigint);
      this.#watches.delete(handle as bigint);
      if (watched !== undefined) setImmediate(() => watched.handleGone());
    });
  }

  errno(): number {
    return this.#ffi.getInt32(this.#errnoPointer);
  }

  pointerTo(memory: ArrayBuffer): bigint {
    return this.#ffi.getRawPointer(memory);
  }

  watch(fd: number, onReady: () => void): Watch {
    const memory = new ArrayBuffer(this.#handleBytes);
    const handle = this.pointerTo(memory);
    const failed = this.calls.uv_poll_init(this.#loop, handle, fd);
    if (failed !== 0) throw systemError(-failed, "uv_poll_init");
    let closed = false;
    let events = 0;
    let handleGone = (): void => {};
    const start = (wanted: number): void => {
      events = wanted;
      this.calls.uv_poll_start(handle, wanted, this.#onEvent);
    };
    this.#watches.set(handle, {
      memory,
      handleEvent: (status) => {
        if (closed) return;
        onReady();
        // After an error, which a read has fetched by now, the loop has stopped to look.
        if (status < 0 && !closed) start(events);
      },
      handleGone: () => handleGone(),
    });
    return {
      start,
      close: (onGone) => {
        closed = true;
        handleGone = onGone;
        this.calls.uv_close(handle, this.#onClosed);
      },
    };
  }
}

/** A handle of the loop's: its memory, and who hears of it. */
interface Watched {
  readonly memory: ArrayBuffer;
  handleEvent(status: number): void;
  handleGone(): void;
}

/** The numbers that system calls report, which are the same on both processors. */
export const { EAGAIN, ECONNREFUSED, EINTR } = constants.errno;
/** `uv_handle_type`: UV_POLL. */
const UV_POLL = 8;

let opened: Kernel | string | undefined;
