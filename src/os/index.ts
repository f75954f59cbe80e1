/** The operating system: sockets, time, randomness. Read first: network.ts. */
export { systemClock } from "./clock.ts";
export { fileProblem } from "./file-problem.ts";
export { diskFiles } from "./files.ts";
export type { Forward, ForwardOptions } from "./forward.ts";
export { forwardTcp } from "./forward-tcp.ts";
export { forwardUdp } from "./forward-udp.ts";
export type { OsListener } from "./listener.ts";
export { OsNetwork, type OsNetworkOptions } from "./network.ts";
export { systemRandom } from "./random.ts";
export { systemNameServers, systemResolver } from "./resolver.ts";
export type { OsStreamSocket } from "./stream-socket.ts";
export { systemTimers } from "./timers.ts";
