/** The folders: a column where there is room, a row where there is not. */

import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconFilePencil, IconFolder, IconInbox, IconSend, IconTrash } from "@tabler/icons-react";
import type { FolderView } from "../../../engine/panels/mail/view.ts";
import { NewFolder } from "./folder-menu.tsx";
import classes from "./mail.module.css";
import { folderOf, type MailPanel, openFolder } from "./screen.ts";

export function FolderBar(panel: MailPanel) {
  const { view, screen } = panel;
  const current = screen.kind === "folder" ? folderOf(view, screen.folder).folder : undefined;
  return (
    <nav className={classes.folders} aria-label="Mail folders">
      {view.folders.map((each) => (
        <FolderButton
          key={each.folder}
          view={each}
          isCurrent={each.folder === current}
          onOpen={() => openFolder(panel, each.folder)}
        />
      ))}
      {view.isRemote && <NewFolder {...panel} />}
    </nav>
  );
}

interface Props {
  readonly view: FolderView;
  readonly isCurrent: boolean;
  readonly onOpen: () => void;
}

function FolderButton({ view: { name, role, depth, total, unread }, isCurrent, onOpen }: Props) {
  const Icon = role === undefined ? IconFolder : ICONS[role];
  const count = role === "drafts" ? total : unread;
  return (
    <UnstyledButton
      className={classes.folder}
      style={{ "--depth": Math.min(depth, DEPTH_MAX) }}
      data-current={isCurrent || undefined}
      aria-current={isCurrent ? "page" : undefined}
      onClick={onOpen}
    >
      <Icon size={16} stroke={1.7} aria-hidden />
      <span className={classes.folderName}>{name}</span>
      {count > 0 && <span className={classes.count}>{count}</span>}
      <VisuallyHidden>
        {role !== "drafts" && count > 0 && "unread, "}
        {total} in all
      </VisuallyHidden>
    </UnstyledButton>
  );
}

const ICONS = { inbox: IconInbox, sent: IconSend, drafts: IconFilePencil, trash: IconTrash };
/** Deeper ones stand below each other. */
const DEPTH_MAX = 4;
