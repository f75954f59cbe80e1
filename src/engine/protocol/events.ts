/** What an engine tells its consoles without being asked. Only what a session has asked to watch (methods.ts). */

import type { HostStateView, PanelView, ShellOutput } from "./host.ts";
import type { LessonView } from "./lesson.ts";
import type { NetworkView } from "./network.ts";
import type { PacketViewState } from "./packets.ts";
import type { HopView, InputView, LoadView, TimeView } from "./time.ts";

export interface Events {
  /** After each structural change; another `labId`: everything known of the last one is void. */
  readonly network: NetworkView;
  /** When time starts, stops, is steered, and some times a second while it goes on. */
  readonly time: TimeView;
  /** The changes on the time line, after each. */
  readonly inputs: readonly InputView[];
  /**
   * While `traffic.watch` is on: packets that left since the last one, some of them one by one, and the load of the links
   * where it is another one than was told.
   */
  readonly traffic: {
    readonly nowNs: number;
    readonly hops: readonly HopView[];
    /** Hops that are not told one by one, because there were too many. */
    readonly omitted: number;
    readonly loads: readonly LoadView[];
  };
  /** A view has more rows, or its filter has looked at more packets. */
  readonly packets: PacketViewState;
  readonly host: HostStateView;
  readonly panel: PanelView;
  readonly shell: { readonly shell: number; readonly output: ShellOutput };
  readonly lesson: LessonView;
  /** Something went wrong in the lab that nobody waits for: a service that did not start. */
  readonly failure: { readonly timeNs: number; readonly host: string; readonly text: string };
}

export type EventName = keyof Events;
