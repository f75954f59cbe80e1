/** Network above, packets below; or one of them alone; or the editor of the network file. */

import { Center, Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { PacketsPanel } from "../packets/packets-panel.tsx";
import { TopologyPanel } from "../topology/topology-panel.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { useNavigation, useRoute } from "./route-store.ts";
import { Split } from "./split.tsx";

const EditorPanel = lazy(() => import("../editor/editor-panel.tsx"));

export function WorkArea() {
  const view = useRoute((route) => route.view);
  if (view === "network") return <NetworkPane />;
  if (view === "packets") return <PacketsPane />;
  if (view === "editor") return <EditorPane />;
  return (
    <Split
      direction="rows"
      name="work"
      initial={0.55}
      minimum={120}
      label="Between network and packets"
      first={<NetworkPane />}
      second={<PacketsPane />}
    />
  );
}

export function NetworkPane() {
  return (
    <ErrorBoundary what="The network">
      <TopologyPanel />
    </ErrorBoundary>
  );
}

export function PacketsPane() {
  const selected = useRoute((route) => route.packet);
  const filter = useRoute((route) => route.filter);
  const navigation = useNavigation();
  return (
    <ErrorBoundary what="The packets">
      <PacketsPanel
        selected={selected}
        onSelect={navigation.selectPacket}
        filter={filter}
        onFilter={navigation.showPackets}
        onOpenHost={navigation.openHost}
      />
    </ErrorBoundary>
  );
}

export function EditorPane() {
  return (
    <ErrorBoundary what="The editor">
      <Suspense
        fallback={
          <Center flex={1}>
            <Loader size="sm" aria-label="Loading the editor" />
          </Center>
        }
      >
        <EditorPanel />
      </Suspense>
    </ErrorBoundary>
  );
}
