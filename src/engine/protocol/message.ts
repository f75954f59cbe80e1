/**
 * The envelope of everything that a console and its engine say to each other. JSON, one message per WebSocket frame or
 * `postMessage`. A console sends requests, the engine answers each with its `id`, in any order, and tells events.
 * Read next: methods.ts (what can be asked), events.ts (what is told). The whole of it is described in README.md.
 */

import type { EventName, Events } from "./events.ts";
import type { MethodName, Parameters, Results } from "./methods.ts";

/** Raised when an older console would misunderstand. `hello` compares it before anything else. */
export const PROTOCOL_VERSION = 1;

export interface Request<Method extends MethodName = MethodName> {
  /** Of the console's choice; the answer carries it again. */
  readonly id: number;
  readonly method: Method;
  readonly params: Parameters<Method>;
}

export type Answer<Method extends MethodName = MethodName> =
  | { readonly id: number; readonly result: Results[Method] }
  | { readonly id: number; readonly error: Problem };

/** Why a request was not fulfilled: `code` for programs, `message` one line for the person. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}

export type EventMessage = {
  readonly [Name in EventName]: { readonly event: Name; readonly data: Events[Name] };
}[EventName];

export type EngineMessage = Answer | EventMessage;

/** Octets as base64: JSON knows no others. */
export type Base64 = string;
