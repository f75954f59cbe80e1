/** What can be done with the file as a whole. */

import { Button, FileButton, Menu, Tooltip } from "@mantine/core";
import {
  IconDownload,
  IconFolderOpen,
  IconPlayerPlay,
  IconRefresh,
  IconShare,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import { useNavigation } from "../app/route-store.ts";
import { useConnection, useStore } from "../engine/hooks.ts";
import { draft } from "./draft.ts";
import classes from "./editor.module.css";
import { openFile } from "./files.ts";
import { ShareDialog } from "./share-dialog.tsx";

interface Props {
  readonly onRun: () => void;
  /** Takes over what runs. */
  readonly onReload: () => void;
}

export function EditorTools({ onRun, onReload }: Props) {
  const current = useStore(draft);
  const [sharing, setSharing] = useState(false);
  const { show } = useNavigation();
  const connection = useConnection();
  const shared = connection.state === "open" && connection.place === "server";
  return (
    <div className={classes.tools}>
      <span className={classes.fileName}>
        {current?.fileName}
        {current?.changed && " (changed)"}
      </span>
      <OpenMenu onReload={onReload} />
      <Button variant="default" leftSection={<IconDownload size={15} />} onClick={save}>
        Save
      </Button>
      <Button variant="default" leftSection={<IconShare size={15} />} onClick={() => setSharing(true)}>
        Share
      </Button>
      <ShareDialog text={sharing ? current?.text : undefined} onClose={() => setSharing(false)} />
      <Tooltip
        label={`Opens it in place of the network that runs${shared ? ", for everybody who looks at it" : ""} (Ctrl+Enter)`}
      >
        <Button leftSection={<IconPlayerPlay size={15} />} onClick={onRun}>
          Run
        </Button>
      </Tooltip>
      <Button variant="subtle" px={6} leftSection={<IconX size={15} />} onClick={() => show("both")}>
        Close
      </Button>
    </div>
  );
}

function OpenMenu({ onReload }: { readonly onReload: () => void }) {
  return (
    <FileButton accept=".yaml,.yml,text/yaml" onChange={(file) => file !== null && openFile(file)}>
      {({ onClick }) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconFolderOpen size={15} />}>
              Open
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconFolderOpen size={16} />} onClick={onClick}>
              A file of this computer…
            </Menu.Item>
            <Menu.Item leftSection={<IconRefresh size={16} />} onClick={onReload}>
              The network that runs, with its changes
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </FileButton>
  );
}

function save(): void {
  const { text = "", fileName = "network.yaml" } = draft.get() ?? {};
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  link.download = fileName;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
