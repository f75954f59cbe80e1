/** What the whole page knows of its engine: the network, the time, the changes. One per page. */

import type { InputView, LessonView, NetworkView, TimeView } from "../../engine/protocol/index.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { EngineClient } from "./client.ts";
import { Store } from "./store.ts";
import type { OpenTransport } from "./transport.ts";

export interface Session {
  readonly client: EngineClient;
  readonly network: Store<NetworkView | undefined>;
  readonly time: Store<TimeView | undefined>;
  readonly inputs: Store<readonly InputView[]>;
  /** The lesson that is open at the engine. */
  readonly lesson: Store<LessonView | undefined>;
  /** Virtual time between two `time` events. */
  readonly clock: VirtualClock;
}

export function startSession(open: OpenTransport): Session {
  const client = new EngineClient(open);
  const session: Session = {
    client,
    network: new Store<NetworkView | undefined>(undefined),
    time: new Store<TimeView | undefined>(undefined),
    inputs: new Store<readonly InputView[]>([]),
    lesson: new Store<LessonView | undefined>(undefined),
    clock: new VirtualClock(),
  };
  const setTime = (time: TimeView): void => {
    session.clock.observe(time, performance.now());
    session.time.set(time);
  };
  client.onWelcome((welcome) => {
    session.network.set(welcome.network);
    setTime(welcome.time);
    // If one is open it is told of soon.
    session.lesson.set(undefined);
  });
  client.on("network", (network) => {
    // A lesson that goes on over another network is told of anew.
    if (session.network.get()?.fileName !== network.fileName) session.lesson.set(undefined);
    session.network.set(network);
  });
  client.on("time", setTime);
  client.on("inputs", (inputs) => session.inputs.set(inputs));
  client.on("lesson", (lesson) => session.lesson.set(lesson));
  client.connection.subscribe(() => {
    if (client.connection.get().state !== "open") return;
    client.request("time.inputs", {}).then(
      (inputs) => session.inputs.set(inputs),
      () => {},
    );
  });
  client.connect();
  return session;
}
