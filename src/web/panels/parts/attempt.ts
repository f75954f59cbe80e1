/** What a form asks of the engine, one thing at a time: why it was refused is shown until something else is typed. */

import { useState } from "react";
import { useBusy } from "../panel.ts";

export function useAttempt(typed: readonly string[]) {
  const [refused, setRefused] = useState<{ readonly typed: string; readonly problem: string }>();
  const [busy, run] = useBusy();
  const now = JSON.stringify(typed);
  const attempt = (work: () => Promise<unknown>): Promise<void> =>
    run(async () => {
      try {
        await work();
        setRefused(undefined);
      } catch (error) {
        setRefused({ typed: now, problem: (error as Error).message });
      }
    });
  return { busy, attempt, problem: refused?.typed === now ? refused.problem : undefined };
}
