/** What the kernels of one world share. */

import type { Taps } from "../link/taps.ts";
import type { Schedule } from "../schedule.ts";
import type { AddressTable } from "./ip-address.ts";

export interface KernelWorld {
  readonly schedule: Schedule;
  readonly taps: Taps;
  readonly addresses: AddressTable;
  /** The number of the next packet that somebody makes. */
  nextPacketId(): number;
  /** `length` zero octets for one packet. */
  allocate(length: number): Uint8Array;
}
