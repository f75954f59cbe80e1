/** The last octet of who is stopped in the middle of a test: the other side then says why it has ended. */

import { type Connection, HamletError } from "../../net/index.ts";

/** Sends one octet without waiting, on a connection that is closed next and may be gone. */
export function sayAtOnce(control: Connection, octet: number): void {
  const saying = control.write(Uint8Array.of(octet), 1);
  try {
    saying.next();
    saying.return();
  } catch (error) {
    if (!(error instanceof HamletError)) throw error;
  }
}
