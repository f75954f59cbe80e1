/** Begins a lesson: its network is opened, and the guide shows its steps. */

import { useCallback } from "react";
import { useAct } from "../app/act.ts";
import { useNavigation, useRouteStore } from "../app/route-store.ts";
import { useSession } from "../engine/hooks.ts";

export function useBeginLesson(): (id: string) => Promise<void> {
  const act = useAct();
  const session = useSession();
  const route = useRouteStore();
  const { openNetwork, openLesson } = useNavigation();
  return useCallback(
    async (id) => {
      const lesson = await act("lesson.open", { id });
      if (lesson === undefined) return;
      session.lesson.set(lesson);
      openNetwork(lesson.network);
      openLesson(id);
      if (route.get().view === "packets") route.change({ view: "both" });
    },
    [act, session, route, openNetwork, openLesson],
  );
}
