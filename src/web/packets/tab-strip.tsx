/** The pages of the packets panel; a conversation that is looked at has one of its own. */

import { Tabs } from "@mantine/core";
import classes from "./packets-panel.module.css";

export function TabStrip({ conversations }: { readonly conversations: readonly number[] }) {
  return (
    <Tabs.List aria-label="Pages of the packets" className={classes.tabs}>
      {PAGES.map(({ value, label }) => (
        <Tabs.Tab key={value} value={value} className={classes.tab}>
          {label}
        </Tabs.Tab>
      ))}
      {conversations.map((conversation) => (
        <Tabs.Tab key={conversation} value={conversationTab(conversation)} className={classes.tab}>
          Conversation {conversation}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  );
}

export function conversationTab(conversation: number): string {
  return `conversation-${conversation}`;
}

export function isConversationTab(tab: string): boolean {
  return tab.startsWith("conversation-");
}

export function conversationOf(tab: string): number {
  return Number(tab.slice("conversation-".length));
}

const PAGES = [
  { value: "packets", label: "Packets" },
  { value: "conversations", label: "Conversations" },
  { value: "protocols", label: "Protocols" },
  { value: "graph", label: "Graph" },
  { value: "summary", label: "Summary" },
];
