/** The conversations that have a page of their own, and which part of each is in front. */

import { useCallback, useState } from "react";
import type { ConversationPage } from "./packets-context.ts";
import { conversationOf, conversationTab } from "./tab-strip.tsx";

export interface OpenConversations {
  readonly opened: readonly number[];
  readonly open: (conversation: number, page: ConversationPage) => void;
  readonly close: (conversation: number) => void;
  /** What the page of a tab shows. */
  readonly shown: (tab: string) => ShownConversation;
}

export interface ShownConversation {
  readonly conversation: number;
  readonly page: ConversationPage;
  readonly onPage: (page: ConversationPage) => void;
  readonly onClose: () => void;
}

export function useOpenConversations(setTab: (tab: string) => void): OpenConversations {
  const [opened, setOpened] = useState<readonly { readonly id: number; readonly page: ConversationPage }[]>(
    [],
  );
  const open = useCallback(
    (id: number, page: ConversationPage) => {
      setOpened((before) => [...before.filter((other) => other.id !== id), { id, page }].slice(-OPEN_MAX));
      setTab(conversationTab(id));
    },
    [setTab],
  );
  const close = (id: number): void => {
    setOpened((before) => before.filter((other) => other.id !== id));
    setTab("packets");
  };
  const shown = (tab: string): ShownConversation => {
    const conversation = conversationOf(tab);
    return {
      conversation,
      page: opened.find(({ id }) => id === conversation)?.page ?? "dialogue",
      onPage: (page) =>
        setOpened((before) =>
          before.map((other) => (other.id === conversation ? { ...other, page } : other)),
        ),
      onClose: () => close(conversation),
    };
  };
  return { opened: opened.map(({ id }) => id), open, close, shown };
}

/** Tabs that still fit. */
const OPEN_MAX = 3;
