/** A meter of throughput, loss and delay that speaks iperf3's protocol. */
export * from "./client.ts";
export type { Interval } from "./intervals.ts";
export * from "./latency.ts";
export { BLOCK_SIZE_MAX, DATAGRAM_SIZE_MAX, DATAGRAM_SIZE_MIN, PARALLEL_MAX } from "./messages.ts";
export { measureRoundTrips, type RoundTripOptions, type RoundTripReport } from "./round-trips.ts";
export * from "./server.ts";
export type { DatagramTotals, Totals } from "./summary.ts";
export { describe, METER_PORT } from "./wire.ts";
