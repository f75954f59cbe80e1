/** What can be done here: the menu of the right mouse button, on a node, a link or the free ground. */

import { Menu } from "@mantine/core";
import {
  IconAppWindow,
  IconArrowsMaximize,
  IconInfoCircle,
  IconListDetails,
  IconPlug,
  IconPower,
  IconScissors,
  IconTrash,
} from "@tabler/icons-react";
import { useReactFlow } from "@xyflow/react";
import { useAct } from "../app/act.ts";
import { useNavigation } from "../app/route-store.ts";
import { useNetwork } from "../engine/hooks.ts";
import type { AddRequest } from "./add-dialog.tsx";
import { NODE_KINDS } from "./node-kinds.ts";
import { NodeSymbol } from "./node-symbol.tsx";
import type { MenuRequest, Selection } from "./selection.ts";
import { FIT } from "./use-fitting.ts";

interface Props {
  readonly request: MenuRequest | undefined;
  readonly onClose: () => void;
  readonly onAdd: (request: AddRequest) => void;
  readonly onSelect: (selection: Selection) => void;
  readonly onRemove: (selection: Selection) => void;
}

export function ContextMenu(props: Props) {
  const { request, onClose } = props;
  return (
    <Menu opened={request !== undefined} onClose={onClose} position="bottom-start" offset={2} width={220}>
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label="Menu of this place"
          style={{
            position: "fixed",
            left: request?.x ?? 0,
            top: request?.y ?? 0,
            width: 0,
            height: 0,
            padding: 0,
            border: 0,
          }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {request?.on?.kind === "node" && <NodeItems {...props} name={request.on.name} />}
        {request?.on?.kind === "link" && <LinkItems {...props} name={request.on.name} />}
        {request !== undefined && request.on === undefined && <GroundItems {...props} request={request} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function NodeItems({ name, onSelect, onRemove }: Props & { readonly name: string }) {
  const node = useNetwork()?.nodes.find((it) => it.name === name);
  const act = useAct();
  const { openHost, showPackets } = useNavigation();
  if (node === undefined) return null;
  return (
    <>
      <Menu.Label>{name}</Menu.Label>
      {node.kind !== "switch" && (
        <>
          <Menu.Item leftSection={<IconAppWindow size={16} />} onClick={() => openHost(name)}>
            Open its window
          </Menu.Item>
          <Menu.Item leftSection={<IconListDetails size={16} />} onClick={() => showPackets(`host ${name}`)}>
            Its packets
          </Menu.Item>
        </>
      )}
      <Menu.Item leftSection={<IconInfoCircle size={16} />} onClick={() => onSelect({ kind: "node", name })}>
        Inspect
      </Menu.Item>
      {node.kind !== "switch" && (
        <Menu.Item
          leftSection={<IconPower size={16} />}
          onClick={() => act("host.power", { host: name, on: !node.on })}
        >
          {node.on ? "Switch off" : "Switch on"}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={16} />}
        onClick={() => onRemove({ kind: "node", name })}
      >
        Remove…
      </Menu.Item>
    </>
  );
}

function LinkItems({ name, onSelect, onRemove }: Props & { readonly name: string }) {
  const link = useNetwork()?.links.find((it) => it.name === name);
  const act = useAct();
  if (link === undefined) return null;
  return (
    <>
      <Menu.Label>{name}</Menu.Label>
      <Menu.Item leftSection={<IconInfoCircle size={16} />} onClick={() => onSelect({ kind: "link", name })}>
        Inspect and change
      </Menu.Item>
      {link.state === "up" ? (
        <Menu.Item
          leftSection={<IconScissors size={16} />}
          onClick={() => act("link.cut", { link: name, direction: "both" })}
        >
          Cut
        </Menu.Item>
      ) : (
        <Menu.Item leftSection={<IconPlug size={16} />} onClick={() => act("link.heal", { link: name })}>
          Heal
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={16} />}
        onClick={() => onRemove({ kind: "link", name })}
      >
        Remove…
      </Menu.Item>
    </>
  );
}

function GroundItems({ request, onAdd }: Props & { readonly request: MenuRequest }) {
  const flow = useReactFlow();
  return (
    <>
      {NODE_KINDS.map(({ kind, label }) => (
        <Menu.Item
          key={kind}
          leftSection={<NodeSymbol kind={kind} on size={17} />}
          onClick={() => onAdd({ kind, place: request.place })}
        >
          Add a {label.toLowerCase()} here
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item leftSection={<IconArrowsMaximize size={16} />} onClick={() => flow.fitView(FIT)}>
        Show all of it
      </Menu.Item>
    </>
  );
}
