/** A failure for programs: the one JSON document that `--json` prints instead of a result. */

import { HamletError, messageOf } from "../net/index.ts";

/** `{"error":{"code":"refused","message":"..."}}` and a line end; a mistake of our own has the code "internal". */
export function failureJson(error: unknown): string {
  const code = error instanceof HamletError ? error.code : "internal";
  return `${JSON.stringify({ error: { code, message: messageOf(error) } })}\n`;
}
