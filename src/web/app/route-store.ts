/** The route as a store that follows the page's address and writes it, and the acts that move about the page. */

import { createContext, useContext, useMemo } from "react";
import { useSelected } from "../engine/hooks.ts";
import { Store } from "../engine/store.ts";
import {
  formatRoute,
  HOME,
  parseRoute,
  type Route,
  type View,
  withHost,
  withLink,
  withoutHost,
} from "./route.ts";

export class RouteStore extends Store<Route> {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super(parseRoute(location.hash));
    addEventListener("hashchange", () => {
      if (location.hash !== formatRoute(this.get())) super.set(parseRoute(location.hash));
    });
  }

  /** Browsers limit how often an address may change; a selection that follows the arrow keys would exceed that. */
  override set(route: Route): void {
    super.set(route);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      history.replaceState(null, "", formatRoute(this.get()) || location.pathname + location.search);
    }, WRITE_AFTER_MS);
  }

  readonly change = (patch: Partial<Route>): void => this.set({ ...this.get(), ...patch });
}

export const RouteContext = createContext<RouteStore | undefined>(undefined);

export function useRouteStore(): RouteStore {
  const store = useContext(RouteContext);
  if (store === undefined) throw new Error("no route: RouteContext is missing");
  return store;
}

export function useRoute<Part>(select: (route: Route) => Part): Part {
  return useSelected(useRouteStore(), select);
}

export interface Navigation {
  /** Opens a host's window, or brings it to the front; `tab` as the window names it: "desktop", "services"… */
  openHost(name: string, tab?: string): void;
  closeHost(name: string): void;
  /** Shows the packets that a filter lets through. */
  showPackets(filter: string): void;
  selectPacket(number: number | undefined): void;
  show(view: View): void;
  openLesson(id: string | undefined): void;
  openGuide(open: boolean): void;
  /** A link inside the page: "#host=pc.crepes.fr:desktop". */
  follow(hash: string): void;
  /** After another network was opened: `id` of a shipped one. What was open of the last one is closed. */
  openNetwork(id: string | undefined): void;
}

export function useNavigation(): Navigation {
  const store = useRouteStore();
  return useMemo(
    () => ({
      openHost: (name, tab) => store.set(withHost(store.get(), name, tab)),
      closeHost: (name) => store.set(withoutHost(store.get(), name)),
      showPackets: (filter) => {
        const { view } = store.get();
        store.change({ filter, view: view === "packets" ? view : "both" });
      },
      selectPacket: (packet) => store.change({ packet }),
      show: (view) => store.change({ view }),
      openLesson: (lesson) => store.change({ lesson, guide: true }),
      openGuide: (guide) => store.change({ guide }),
      follow: (hash) => store.set(withLink(store.get(), hash)),
      openNetwork: (network) => {
        const { view, guide, lesson } = store.get();
        const shown = view === "editor" ? HOME.view : view;
        store.set({ ...HOME, view: shown, guide, lesson, network });
      },
    }),
    [store],
  );
}

const WRITE_AFTER_MS = 150;
