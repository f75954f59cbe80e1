/** On a phone: one part at a time, chosen below. */

import { IconBook, IconDeviceDesktop, IconListDetails, IconTopologyStar3 } from "@tabler/icons-react";
import { useState } from "react";
import { Guide } from "../guide/guide.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { HostDock } from "./host-dock.tsx";
import { Kept } from "./kept.tsx";
import type { Route } from "./route.ts";
import { useRoute } from "./route-store.ts";
import classes from "./shell.module.css";
import { EditorPane, NetworkPane, PacketsPane } from "./work-area.tsx";

const PARTS = [
  { id: "network", label: "Network", Icon: IconTopologyStar3 },
  { id: "packets", label: "Packets", Icon: IconListDetails },
  { id: "hosts", label: "Hosts", Icon: IconDeviceDesktop },
  { id: "guide", label: "Guide", Icon: IconBook },
] as const;
type Part = (typeof PARTS)[number]["id"];

export function PhoneTabs() {
  const route = useRoute((it) => it);
  const [part, setPart] = useState<Part>(() => firstPart(route));
  // What was asked for comes to the front: a host that was opened, a lesson, packets of a link.
  const [seen, setSeen] = useState(route);
  if (seen !== route) {
    setSeen(route);
    if (route.guide && !seen.guide) setPart("guide");
    else if (route.hosts !== seen.hosts && route.hosts.length > 0) setPart("hosts");
    else if (route.filter !== seen.filter) setPart("packets");
  }
  return (
    <>
      <main className={classes.phonePart}>
        {part === "network" && (route.view === "editor" ? <EditorPane /> : <NetworkPane />)}
        <Kept shown={part === "packets"}>
          <PacketsPane />
        </Kept>
        {part === "hosts" && <HostDock />}
        {part === "guide" && (
          <ErrorBoundary what="The guide">
            <Guide />
          </ErrorBoundary>
        )}
      </main>
      <nav aria-label="Parts of the console">
        <div className={classes.phoneBar} role="tablist" aria-label="Parts of the console">
          {PARTS.map(({ id, label, Icon }) => (
            <button
              key={id}
              type="button"
              role="tab"
              aria-selected={part === id}
              className={classes.phoneTab}
              onClick={() => setPart(id)}
            >
              <Icon size={20} stroke={1.6} aria-hidden />
              {label}
            </button>
          ))}
        </div>
      </nav>
    </>
  );
}

function firstPart({ guide, hosts, view }: Route): Part {
  if (guide) return "guide";
  if (hosts.length > 0) return "hosts";
  return view === "packets" ? "packets" : "network";
}
