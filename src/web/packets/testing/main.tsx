/** The packets panel by itself with the fake engine: a page of its own, which is not part of what is shipped. */

import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "../../app/page.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { resolveVariables, theme } from "../../app/theme.ts";
import { SessionContext } from "../../engine/hooks.ts";
import { startSession } from "../../engine/session.ts";
import { PacketsPanel } from "../packets-panel.tsx";
import { openFakePackets } from "./fake-packets.ts";
import { openRealEngine, runLine } from "./real-engine.ts";

const isReal = new URLSearchParams(location.search).get("engine") === "real";
const session = startSession(isReal ? openRealEngine : openFakePackets);
if (isReal) {
  const { client } = session;
  const begin = client.connection.subscribe(() => {
    if (client.connection.get().state !== "open") return;
    begin();
    runLine(client);
  });
}
// For whoever measures.
Object.assign(globalThis, { session });

function TestPage() {
  const [selected, setSelected] = useState<number>();
  const [filter, setFilter] = useState("");
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="auto">
      <Notifications />
      <SessionContext value={session}>
        <main style={{ display: "flex", height: "100%" }}>
          <PacketsPanel
            selected={selected}
            onSelect={setSelected}
            filter={filter}
            onFilter={setFilter}
            onOpenHost={() => {}}
          />
        </main>
      </SessionContext>
    </MantineProvider>
  );
}

createRoot(document.getElementById("root")!).render(<TestPage />);
