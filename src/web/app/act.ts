/** An act of the person: a request whose failure is told in a notification, in the engine's own words. */

import { notifications } from "@mantine/notifications";
import { useCallback } from "react";
import type { MethodName, Parameters, Results } from "../../engine/protocol/index.ts";
import { useEngine } from "../engine/hooks.ts";

/** Resolves to undefined after a failure that was told. */
export type Act = <Method extends MethodName>(
  method: Method,
  params: Parameters<Method>,
) => Promise<Results[Method] | undefined>;

export function useAct(): Act {
  const engine = useEngine();
  return useCallback(
    async (method, params) => {
      try {
        return await engine.request(method, params);
      } catch (error) {
        tellProblem(error);
        return undefined;
      }
    },
    [engine],
  );
}

export function tellProblem(error: unknown): void {
  notifications.show({
    color: "red",
    title: "That did not work",
    message: error instanceof Error ? error.message : String(error),
    autoClose: 8_000,
  });
}
