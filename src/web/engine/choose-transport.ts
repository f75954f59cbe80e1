/** Where the engine is: index.html says it (`<meta name="hamlet-engine">`), and `hamlet up` changes what it says. */

import { type OpenTransport, openWebSocket, openWorker } from "./transport.ts";

/** `network`: which of the shipped ones a worker opens first; undefined: its own choice. */
export async function chooseTransport(network: string | undefined): Promise<OpenTransport> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).get("engine") === "fake") {
    // Only while the page is being developed; not part of what is built.
    return (await import("../testing/fake-engine.ts")).openFakeEngine;
  }
  const meta = document.querySelector<HTMLMetaElement>('meta[name="hamlet-engine"]');
  if (meta?.content === "server") return openWebSocket;
  return openWorker(
    () =>
      new Worker(new URL("../worker/engine-worker.ts", import.meta.url), {
        type: "module",
        name: network ?? "",
      }),
  );
}
