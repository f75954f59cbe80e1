/** The simulated internet. Start at `World`; README.md has the map. */
export type { CallTap, SocketCall } from "./capture/socket-call.ts";
export type { FrameEvent, Tap, TapInterface } from "./capture/tap.ts";
export type { HostOptions, InterfaceOptions, Kernel } from "./host.ts";
export { SimHost } from "./host.ts";
export type { NetworkInterface } from "./kernel/interface.ts";
export type { Neighbour, NeighbourState } from "./kernel/neighbours.ts";
export { describeRoute, type Route } from "./kernel/routes.ts";
export type { TcpOptions, TcpSocket, TcpSocketSnapshot } from "./kernel/tcp/index.ts";
export type { Direction, Link, LinkEnd } from "./link/link.ts";
export type { BurstOptions, FullLinkOptions, LinkOptions } from "./link/options.ts";
export type { LinkPacket, Rule, Verdict } from "./link/rules.ts";
export type { Switch, SwitchPort } from "./link/switch.ts";
export type { SimListener } from "./listener.ts";
export { SimNetwork } from "./network.ts";
export { SeededRandom } from "./random.ts";
export { type MachineTimers, RealTimeDriver, type RealTimeOptions, type TimedWorld } from "./real-time.ts";
export { replayTo, stepTo } from "./replay.ts";
export { type ConnectOptions, World, type WorldOptions } from "./world.ts";
