/** The folders: a column where there is room, a row where there is not. */

import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconFilePencil, IconInbox, IconSend, IconTrash } from "@tabler/icons-react";
import classes from "./mail.module.css";
import { FOLDER_NAMES, type MailPanel } from "./screen.ts";

export function FolderBar({ view, screen, onScreen }: MailPanel) {
  const current = screen.kind === "folder" ? screen.folder : undefined;
  return (
    <nav className={classes.folders} aria-label="Mail folders">
      {view.folders.map(({ folder, total, unread }) => {
        const Icon = ICONS[folder];
        const count = folder === "drafts" ? total : unread;
        return (
          <UnstyledButton
            key={folder}
            className={classes.folder}
            data-current={folder === current || undefined}
            aria-current={folder === current ? "page" : undefined}
            onClick={() => onScreen({ kind: "folder", folder, open: undefined })}
          >
            <Icon size={16} stroke={1.7} aria-hidden />
            <span>{FOLDER_NAMES[folder]}</span>
            {count > 0 && <span className={classes.count}>{count}</span>}
            <VisuallyHidden>
              {folder !== "drafts" && count > 0 && "unread, "}
              {total} in all
            </VisuallyHidden>
          </UnstyledButton>
        );
      })}
    </nav>
  );
}

const ICONS = { inbox: IconInbox, sent: IconSend, drafts: IconFilePencil, trash: IconTrash };
