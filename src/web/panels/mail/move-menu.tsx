/** Messages into another folder of the server. */

import { ActionIcon, Menu } from "@mantine/core";
import { IconFolder, IconFolderSymlink } from "@tabler/icons-react";
import type { MailPanel } from "./screen.ts";

interface Props extends MailPanel {
  /** The folder where they are. */
  readonly from: string;
  readonly label: string;
  readonly onMove: (folder: string) => void;
}

export function MoveMenu({ view, from, label, onMove }: Props) {
  if (!view.isRemote) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={label}>
          <IconFolderSymlink size={17} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {view.folders
          .filter(({ folder }) => folder !== from)
          .map(({ folder, name, depth }) => (
            <Menu.Item
              key={folder}
              pl={12 + 12 * depth}
              leftSection={<IconFolder size={14} />}
              onClick={() => onMove(folder)}
            >
              {name}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
