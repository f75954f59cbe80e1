/** The page around everything: look, session, route. Read next: shell.tsx. */

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { SessionContext } from "../engine/hooks.ts";
import type { Session } from "../engine/session.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import { RouteContext, type RouteStore } from "./route-store.ts";
import { Shell } from "./shell.tsx";
import { resolveVariables, theme } from "./theme.ts";

export function App({ session, route }: { readonly session: Session; readonly route: RouteStore }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} containerWidth={340} />
      <ErrorBoundary what="The console">
        <SessionContext value={session}>
          <RouteContext value={route}>
            <Shell />
          </RouteContext>
        </SessionContext>
      </ErrorBoundary>
    </MantineProvider>
  );
}
