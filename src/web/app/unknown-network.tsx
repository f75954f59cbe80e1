/** The page's address names a network that does not ship with Hamlet: the page says so, and which one is open instead. */

import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useEngine, useSession } from "../engine/hooks.ts";
import { tellProblem } from "./act.ts";
import { useRouteStore } from "./route-store.ts";

export function UnknownNetwork() {
  const engine = useEngine();
  const { network } = useSession();
  const route = useRouteStore();
  useEffect(() => {
    const wanted = route.get().network;
    if (wanted === undefined) return;
    engine.request("network.shipped", {}).then((shipped) => {
      if (shipped.some(({ id }) => id === wanted)) return;
      route.change({ network: undefined });
      notifications.show({
        color: "orange",
        title: `There is no network "${wanted}"`,
        message: `${network.get()?.name} is open instead. The menu behind its name has all networks.`,
        autoClose: 12_000,
      });
    }, tellProblem);
  }, [engine, network, route]);
  return null;
}
