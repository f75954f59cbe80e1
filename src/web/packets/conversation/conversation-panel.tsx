/** One conversation: its dialogue with times, the octets of both sides, its sequence diagram. */

import { Button, SegmentedControl } from "@mantine/core";
import { IconFilter, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type ConversationPage, usePackets } from "../packets-context.ts";
import type { ShownConversation } from "../use-open-conversations.ts";
import classes from "./conversation.module.css";
import { DiagramPage } from "./diagram-page.tsx";
import { DialoguePage } from "./dialogue-page.tsx";
import { StreamPage } from "./stream-page.tsx";

export function ConversationPanel({ conversation, page, onPage, onClose }: ShownConversation) {
  const { setFilter } = usePackets();
  const tools: ReactNode = (
    <>
      <SegmentedControl
        size="xs"
        aria-label="What of the conversation"
        value={page}
        onChange={(value) => onPage(value as ConversationPage)}
        data={[
          { value: "dialogue", label: "Dialogue" },
          { value: "stream", label: "Stream" },
          { value: "diagram", label: "Diagram" },
        ]}
      />
      <Button
        variant="default"
        leftSection={<IconFilter size={14} aria-hidden />}
        onClick={() => setFilter(`conversation == ${conversation}`)}
      >
        Its packets
      </Button>
    </>
  );
  const close = (
    <Button variant="subtle" color="gray" leftSection={<IconX size={14} aria-hidden />} onClick={onClose}>
      Close
    </Button>
  );
  if (page === "stream") return <StreamPage conversation={conversation} tools={tools} close={close} />;
  if (page === "diagram") return <DiagramPage conversation={conversation} tools={tools} close={close} />;
  return <DialoguePage conversation={conversation} tools={tools} close={close} />;
}

export interface PageProps {
  readonly conversation: number;
  /** What all pages of a conversation begin with, and end with. */
  readonly tools: ReactNode;
  readonly close: ReactNode;
}

/** The line of tools above a page of a conversation. */
export function PageTools({
  tools,
  close,
  children,
  title,
}: Omit<PageProps, "conversation"> & { title: string; children: ReactNode }) {
  return (
    <div className={classes.tools}>
      {tools}
      <span className={classes.title} title={title}>
        {title}
      </span>
      {children}
      {close}
    </div>
  );
}
