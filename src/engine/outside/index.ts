/** Clients from outside: arrival.ts first. */

export type { Arrival, Beginning, News, Way } from "./arrival.ts";
export {
  type Entrance,
  type Outside,
  type OutsidePort,
  type OutsideStream,
  type OutsideTerminal,
  ROOM_MAX,
} from "./outside.ts";
export { type VisitedHost, Visits } from "./visits.ts";
