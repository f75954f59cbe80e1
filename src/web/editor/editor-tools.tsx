/** What can be done with the file as a whole. */

import { Button, FileButton, Menu, Tooltip } from "@mantine/core";
import {
  IconDeviceFloppy,
  IconDownload,
  IconFolderOpen,
  IconPlayerPlay,
  IconRefresh,
  IconShare,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import { useNavigation } from "../app/route-store.ts";
import { useConnection, useEngine, useStore } from "../engine/hooks.ts";
import { type Draft, draft } from "./draft.ts";
import classes from "./editor.module.css";
import { openFile } from "./files.ts";
import { save, savesInPlace } from "./save.ts";
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
      {current !== undefined && <SaveButton file={current} />}
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
      <Button
        variant="subtle"
        color="gray"
        px={6}
        leftSection={<IconX size={15} />}
        onClick={() => show("both")}
      >
        Close
      </Button>
    </div>
  );
}

function SaveButton({ file }: { readonly file: Draft }) {
  const engine = useEngine();
  // Whether there is a place for it is told when the connection opens.
  useConnection();
  const inPlace = savesInPlace(engine, file);
  const Icon = inPlace ? IconDeviceFloppy : IconDownload;
  return (
    <Tooltip label={inPlace ? `Writes ${file.fileName} (Ctrl+S)` : "Downloads it (Ctrl+S)"}>
      <Button variant="default" leftSection={<Icon size={15} />} onClick={() => save(engine, file)}>
        Save
      </Button>
    </Tooltip>
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
