/** TCP for the simulated hosts. */
export { TcpLayer, type TcpSocketSnapshot } from "./layer.ts";
export type { TcpListener } from "./listener.ts";
export { type CongestionControlName, KEEP_ALIVE_DEFAULTS, TCP_DEFAULTS, type TcpOptions } from "./options.ts";
export type { TcpSocket } from "./socket.ts";
export type { TcpState } from "./state.ts";
