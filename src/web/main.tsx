/** The console: starts the page. Read next: app/app.tsx, engine/client.ts. */

import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/page.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { RouteStore } from "./app/route-store.ts";
import { chooseTransport } from "./engine/choose-transport.ts";
import { startSession } from "./engine/session.ts";

const route = new RouteStore();
const session = startSession(await chooseTransport(route.get().network));
createRoot(document.getElementById("root")!).render(<App session={session} route={route} />);
