/** An entrance to hosts without an engine around them, where nothing is recorded: for tests and measurements. */

import type { Entrance } from "../outside.ts";
import { type VisitedHost, Visits } from "../visits.ts";

export function unrecordedEntrance(
  hosts: { get(name: string): VisitedHost | undefined },
  enter: (action: () => void) => void = (action) => action(),
): Entrance {
  const visits = new Visits(hosts);
  return {
    isOpen: true,
    newVisit: () => visits.newNumber(),
    arrive: (arrival, outside) => enter(() => visits.perform(arrival, outside)),
  };
}
