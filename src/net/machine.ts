/**
 * The contract of what is driven by packets and timers (TCP, DHCP, a DHT ...): time is an argument, nothing
 * inside waits, and the name of a method says what kind it is: `handle*` (the network or the clock told us),
 * `poll` (what we want done), `wakeAt` (when we want to be called again).
 */
export interface Machine<Input, Output> {
  /** Something arrived at `nowNs`. */
  handle(nowNs: number, input: Input): void;
  /** The instant of `wakeAt()` has come. */
  handleTimeout(nowNs: number): void;
  /** The next thing to do outside, or undefined when there is none. Call until undefined. */
  poll(nowNs: number): Output | undefined;
  /** When `handleTimeout` must be called next, in ns; undefined when no timer runs. */
  wakeAt(): number | undefined;
}
