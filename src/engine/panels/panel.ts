/**
 * What a protocol brings to the console: a panel of a host, engine side. `registry.ts` lists them all; README.md says
 * how to add one. What must stay true: looking (`appliesTo`, `view`, `revision`, `look`, `refusal`) never changes the world, and
 * what `act` does depends on the host and its arguments alone, for a journey into the past executes it again.
 */

import type { Host } from "../../host/host.ts";
import type { Task } from "../../net/index.ts";

export interface PanelDefinition {
  /** Its kind, by which the page finds the component: "mail". */
  readonly panel: string;
  /** "Mail" */
  readonly title: string;
  readonly tab: "desktop" | "services";
  /** For Services: the services that are steered here instead of in the general panel. */
  readonly services: readonly string[];
  /** Whether this host has it now. */
  appliesTo(host: Host): boolean;
  /** What the panel shows: plain JSON, cheap enough to be made some times a second. */
  view(host: Host): unknown;
  /** Another value when `view` would say something else. */
  revision(host: Host): number | string;
  /** Answers a question that `view` leaves out: one message of a thousand. Throws LocalError. */
  look?(host: Host, question: string, value: unknown): unknown;
  /** The answer to an action that would do nothing, for what was asked for cannot be: it is no change then. It looks only. */
  refusal?(host: Host, action: string, value: unknown): unknown;
  /** Does what a person asks for; what he could have done better is in the result, or thrown as HamletError. */
  act(host: Host, action: string, value: unknown): Task<unknown>;
}
