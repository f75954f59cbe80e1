/** Fast UDP: many datagrams in one system call. Read first: port.ts. */
export { type Kernel, openKernel } from "./kernel.ts";
export { bindFastUdp } from "./port.ts";
