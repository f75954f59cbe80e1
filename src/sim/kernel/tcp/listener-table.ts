/** The listeners of a host, found by port and address: the one for just this address before the one for all. */

import { NetworkError } from "../../../net/index.ts";
import type { IpAddress } from "../ip-address.ts";
import type { ListenerAddress, ListenerOwner, TcpListener } from "./listener.ts";

export class ListenerTable implements ListenerOwner {
  readonly #byPort = new Map<number, TcpListener[]>();

  /** Throws NetworkError "address-in-use". */
  add(listener: TcpListener): void {
    const { port } = listener.address;
    const sharing = this.#byPort.get(port) ?? [];
    if (sharing.some((other) => overlap(other.address, listener.address)))
      throw new NetworkError("address-in-use", `port ${port} is in use by another listener`);
    this.#byPort.set(port, [...sharing, listener]);
  }

  removeListener(listener: TcpListener): void {
    const { port } = listener.address;
    const left = (this.#byPort.get(port) ?? []).filter((other) => other !== listener);
    if (left.length === 0) this.#byPort.delete(port);
    else this.#byPort.set(port, left);
  }

  /** Who listens at a local address and port. */
  find(local: IpAddress, port: number): TcpListener | undefined {
    const candidates = this.#byPort.get(port);
    if (candidates === undefined) return undefined;
    const { family } = local;
    return (
      candidates.find(({ address }) => address.local === local) ??
      candidates.find(({ address }) => address.local === undefined && (address.family ?? family) === family)
    );
  }

  has(port: number): boolean {
    return this.#byPort.has(port);
  }

  all(): TcpListener[] {
    return [...this.#byPort.values()].flat();
  }

  clear(): void {
    this.#byPort.clear();
  }
}

function overlap(a: ListenerAddress, b: ListenerAddress): boolean {
  if (a.local !== undefined && b.local !== undefined) return a.local === b.local;
  return a.family === undefined || b.family === undefined || a.family === b.family;
}
