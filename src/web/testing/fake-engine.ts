/** An engine that only looks like one, to develop the page with (`?engine=fake` under `vite`): a town that talks to itself. */

import type { OpenTransport } from "../engine/transport.ts";
import { FakeLab } from "./fake-lab.ts";

export const openFakeEngine: OpenTransport = (listener) => {
  const lab = new FakeLab((message) => listener.onMessage(message));
  setTimeout(() => listener.onOpen(), 0);
  return {
    send: (request) => queueMicrotask(() => listener.onMessage(lab.answer(request))),
    close: () => lab.stop(),
  };
};
