/** Stands in until src/engine/packets has them. */
import { LocalError } from "../../net/index.ts";

function notYet(): never {
  throw new LocalError("not-yet", "this is not there yet");
}
export const checkFilter = (..._: unknown[]) => ({ error: undefined, completions: [], from: 0 });
export const detailOf = notYet as (..._: unknown[]) => never;
export const streamOf = notYet as (..._: unknown[]) => never;
export const sequenceOf = notYet as (..._: unknown[]) => never;
export const conversationsOf = notYet as (..._: unknown[]) => never;
export const hierarchyOf = notYet as (..._: unknown[]) => never;
export const summaryOf = notYet as (..._: unknown[]) => never;
export const graphOf = notYet as (..._: unknown[]) => never;
export const exportPiece = notYet as (..._: unknown[]) => { octets: Uint8Array; next: number | undefined };
