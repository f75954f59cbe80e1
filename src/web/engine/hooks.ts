/** How components reach the engine. `useEngine().request(…)` for an act; `useRequest` for what is shown; `useWatch` for what is told. */

import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type {
  EventName,
  Events,
  MethodName,
  NetworkView,
  NodeView,
  Parameters,
  Results,
  TimeView,
} from "../../engine/protocol/index.ts";
import type { Connection, EngineClient, EngineError } from "./client.ts";
import type { Session } from "./session.ts";
import type { Store } from "./store.ts";

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("no session: SessionContext is missing");
  return session;
}

export function useEngine(): EngineClient {
  return useSession().client;
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** A part of a store; renders again only when the part changes. `select` must give the same for the same. */
export function useSelected<T, Part>(store: Store<T>, select: (value: T) => Part): Part {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

export function useConnection(): Connection {
  return useStore(useEngine().connection);
}

/** Undefined until the first connection. */
export function useNetwork(): NetworkView | undefined {
  return useStore(useSession().network);
}

export function useNode(name: string): NodeView | undefined {
  return useNetwork()?.nodes.find((node) => node.name === name);
}

export function useSelectedTime<Part>(select: (time: TimeView | undefined) => Part): Part {
  return useSelected(useSession().time, select);
}

/** Another number after each reconnection, undefined without one. */
export function useEpoch(): number | undefined {
  return useSelected(useEngine().connection, (it) => (it.state === "open" ? it.epoch : undefined));
}

/** Of the network that runs: what is known of another lab is void. */
export function useLabId(): number | undefined {
  return useSelected(useSession().network, (network) => network?.labId);
}

export function useEvent<Name extends EventName>(event: Name, listener: (data: Events[Name]) => void): void {
  const engine = useEngine();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => engine.on(event, (data) => latest.current(data)), [engine, event]);
}

export interface Requested<Result> {
  readonly data: Result | undefined;
  readonly error: EngineError | undefined;
  readonly loading: boolean;
  readonly again: () => void;
}

/**
 * The answer to a request, asked again when the parameters, the lab or the connection change. `params` undefined: not
 * now. The last answer stays until the next one is there.
 */
export function useRequest<Method extends MethodName>(
  method: Method,
  params: Parameters<Method> | undefined,
): Requested<Results[Method]> {
  const engine = useEngine();
  const epoch = useEpoch();
  const labId = useLabId();
  const [answer, setAnswer] = useState<{ data?: Results[Method]; error?: EngineError; key?: string }>({});
  const [turn, setTurn] = useState(0);
  const text = params === undefined || epoch === undefined ? undefined : JSON.stringify(params);
  const key = `${method} ${text} ${epoch} ${labId} ${turn}`;
  useEffect(() => {
    if (text === undefined) return;
    let current = true;
    engine.request(method, JSON.parse(text) as Parameters<Method>).then(
      (data) => current && setAnswer({ data, key }),
      (error: EngineError) => current && setAnswer((last) => ({ ...last, error, key })),
    );
    return () => {
      current = false;
    };
  }, [engine, method, text, key]);
  const again = useCallback(() => setTurn((last) => last + 1), []);
  return {
    data: answer.data,
    error: answer.error,
    loading: text !== undefined && answer.key !== key,
    again,
  };
}

type WatchMethod = "traffic.watch" | "host.watch" | "panel.watch";

/** Watches while the component is there, also after a reconnection. */
export function useWatch<Method extends WatchMethod>(
  method: Method,
  params: Omit<Parameters<Method>, "on"> | undefined,
): void {
  const engine = useEngine();
  const epoch = useEpoch();
  const text = params === undefined ? undefined : JSON.stringify(params);
  useEffect(() => {
    if (epoch === undefined || text === undefined) return;
    const send = (on: boolean): void => {
      engine.request(method, { ...JSON.parse(text), on } as Parameters<Method>).catch(() => {});
    };
    send(true);
    return () => send(false);
  }, [engine, method, text, epoch]);
}
