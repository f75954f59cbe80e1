/** How a panel talks to its half in the engine. Read first: src/engine/panels/README.md. */

import { useCallback, useMemo, useState } from "react";
import { tellProblem } from "../app/act.ts";
import type { EngineClient } from "../engine/client.ts";
import { useEngine, useEvent, useLabId, useRequest, useWatch } from "../engine/hooks.ts";

/** What every panel and every program of the Desktop is given. */
export interface PanelProps {
  readonly host: string;
  /** Shows packets in the packets panel. */
  readonly onShowPackets: (filter: string) => void;
  /** Opens another program of this host: "browser". */
  readonly onOpen: (tab: string) => void;
}

export interface PanelPort {
  /** Does something; throws EngineError. */
  act<Result>(action: string, value?: object): Promise<Result>;
  /** Does something; a failure is told in a notification, and the result is undefined. */
  tryTo<Result>(action: string, value?: object): Promise<Result | undefined>;
  /** Asks for what the view leaves out; throws EngineError. */
  look<Result>(question: string, value?: object): Promise<Result>;
}

export function usePanelPort(host: string, panel: string): PanelPort {
  const engine = useEngine();
  return useMemo(() => portOf(engine, host, panel), [engine, host, panel]);
}

/** What the panel shows now; undefined until it is known. */
export function usePanelView<View>(host: string, panel: string): View | undefined {
  const labId = useLabId();
  const asked = useRequest("panel.view", { host, panel });
  const [told, setTold] = useState<{ readonly labId: number | undefined; readonly data: unknown }>();
  useWatch("panel.watch", { host, panel });
  useEvent("panel", (event) => {
    if (event.host === host && event.panel === panel) setTold({ labId, data: event.data });
  });
  const isFresh = told !== undefined && told.labId === labId;
  return (isFresh ? told.data : asked.data?.data) as View | undefined;
}

/** The answer to a question, asked again when `revision` is another one. The last answer stays until the next is there. */
export function usePanelLook<Answer>(
  host: string,
  panel: string,
  question: string,
  value: object | undefined,
  revision: unknown = 0,
): { readonly answer: Answer | undefined; readonly problem: string | undefined; readonly again: () => void } {
  const asked = useRequest("panel.look", value && { host, panel, question, value });
  const { again } = asked;
  const [seen, setSeen] = useState(revision);
  if (seen !== revision) {
    setSeen(revision);
    // State of the hook below, set while rendering this one: React renders once more before it shows anything.
    again();
  }
  return { answer: asked.data as Answer | undefined, problem: asked.error?.message, again };
}

/** Runs one thing at a time: `busy` while it does. */
export function useBusy(): [boolean, <T>(work: () => Promise<T>) => Promise<T>] {
  const [count, setCount] = useState(0);
  const run = useCallback(async <T>(work: () => Promise<T>): Promise<T> => {
    setCount((last) => last + 1);
    try {
      return await work();
    } finally {
      setCount((last) => last - 1);
    }
  }, []);
  return [count > 0, run];
}

function portOf(engine: EngineClient, host: string, panel: string): PanelPort {
  const act = async <Result>(action: string, value: object = {}): Promise<Result> =>
    (await engine.request("panel.act", { host, panel, action, value })) as Result;
  return {
    act,
    async tryTo<Result>(action: string, value?: object) {
      try {
        return await act<Result>(action, value);
      } catch (error) {
        tellProblem(error);
        return undefined;
      }
    },
    look: async <Result>(question: string, value: object = {}) =>
      (await engine.request("panel.look", { host, panel, question, value })) as Result,
  };
}
