/** Network above, packets below; or one of them alone; or the editor of the network file. */

import { Center, Loader } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import { useSelected, useSession } from "../engine/hooks.ts";
import { TopologyPanel } from "../topology/topology-panel.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { useNavigation, useRoute } from "./route-store.ts";
import { Split } from "./split.tsx";

const PacketsPanel = lazy(async () => ({
  default: (await import("../packets/packets-panel.tsx")).PacketsPanel,
}));
const EditorPanel = lazy(() => import("../editor/editor-panel.tsx"));

export function WorkArea() {
  const view = useRoute((route) => route.view);
  const network = view === "packets" ? undefined : <NetworkPane />;
  return (
    <Split
      direction="rows"
      name="work"
      initial={0.55}
      minimum={120}
      label="Between network and packets"
      first={view === "editor" ? <EditorPane /> : network}
      second={<PacketsPane />}
      secondHidden={view === "editor" || view === "network"}
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
  const fileName = useSelected(useSession().network, (network) => network?.fileName);
  return (
    <Loaded what="The packets">
      <PacketsPanel
        // What was opened of one network's packets says nothing of another's.
        key={fileName}
        selected={selected}
        onSelect={navigation.selectPacket}
        filter={filter}
        onFilter={navigation.showPackets}
        onOpenHost={navigation.openHost}
      />
    </Loaded>
  );
}

export function EditorPane() {
  return (
    <Loaded what="The editor">
      <EditorPanel />
    </Loaded>
  );
}

/** A part that comes with a chunk of its own. */
export function Loaded({ what, children }: { readonly what: string; readonly children: ReactNode }) {
  const waiting = (
    <Center flex={1}>
      <Loader size="sm" role="status" aria-label="Loading" />
    </Center>
  );
  return (
    <ErrorBoundary what={what}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </ErrorBoundary>
  );
}
