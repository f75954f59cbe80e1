/** Where each node stands in the drawing: where the file says, else in a grid. */
import type { NetworkFile } from "../../topology/index.ts";

export function placesOf(file: NetworkFile): ReadonlyMap<string, readonly [number, number]> {
  const nodes = [...file.hosts, ...file.switches];
  const columns = Math.ceil(Math.sqrt(nodes.length));
  return new Map(
    nodes.map(({ name, at }, i) => [name, at ?? [(i % columns) * 200, Math.floor(i / columns) * 160]]),
  );
}
