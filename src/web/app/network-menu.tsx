/** The network's name, and behind it: open another one, edit the file, share it. */

import { Kbd, Menu } from "@mantine/core";
import { IconChevronDown, IconDeviceFloppy, IconFileCode, IconShare } from "@tabler/icons-react";
import { useState } from "react";
import type { NetworkView } from "../../engine/protocol/index.ts";
import { saveShown } from "../editor/save.ts";
import { ShareDialog } from "../editor/share-dialog.tsx";
import { useEngine, useRequest } from "../engine/hooks.ts";
import { useAct } from "./act.ts";
import classes from "./header.module.css";
import { useNavigation, useRouteStore } from "./route-store.ts";

export function NetworkMenu({ network }: { readonly network: NetworkView }) {
  const { data: shipped } = useRequest("network.shipped", {});
  const act = useAct();
  const engine = useEngine();
  const route = useRouteStore();
  const [shared, setShared] = useState<string>();
  const { show, openNetwork } = useNavigation();
  const open = async (id: string): Promise<void> => {
    if ((await act("network.open", { source: { id } })) !== undefined) openNetwork(id);
  };
  const share = async (): Promise<void> => setShared((await act("network.text", {}))?.text);
  return (
    <>
      <ShareDialog text={shared} onClose={() => setShared(undefined)} />
      <Menu position="bottom-start" width={340}>
        <Menu.Target>
          <button type="button" className={classes.network} title={network.description}>
            <span>{network.name}</span>
            <IconChevronDown size={14} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown className={classes.networks ?? ""}>
          <Menu.Item leftSection={<IconFileCode size={16} />} onClick={() => show("editor")}>
            Edit the network file…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDeviceFloppy size={16} />}
            rightSection={<Kbd size="xs">Ctrl S</Kbd>}
            onClick={() => saveShown(engine, route.get().view)}
          >
            Save the network file
          </Menu.Item>
          <Menu.Item leftSection={<IconShare size={16} />} onClick={share}>
            Share as a link…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Open a network</Menu.Label>
          {shipped?.map(({ id, title, summary }) => (
            <Menu.Item key={id} onClick={() => open(id)}>
              <div>{title}</div>
              <div className={classes.summary} title={summary}>
                {summary}
              </div>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
