/** A host, router or switch: where it stands in the network, and what can be done with it. */

import { Badge, Button, Group, Select, Stack, Switch, Text } from "@mantine/core";
import { IconAppWindow, IconListDetails, IconTrash } from "@tabler/icons-react";
import type { NodeView } from "../../../engine/protocol/index.ts";
import { useAct } from "../../app/act.ts";
import { useNavigation } from "../../app/route-store.ts";
import { useNetwork } from "../../engine/hooks.ts";
import classes from "../topology.module.css";

interface Props {
  readonly node: NodeView;
  readonly onRemove: () => void;
}

export function NodeInspector({ node, onRemove }: Props) {
  const act = useAct();
  const { openHost, showPackets } = useNavigation();
  const isSwitch = node.kind === "switch";
  return (
    <Stack gap={10}>
      {node.description !== "" && (
        <Text size="sm" c="dimmed">
          {node.description}
        </Text>
      )}
      {!isSwitch && (
        <Group gap={6}>
          <Button leftSection={<IconAppWindow size={15} />} onClick={() => openHost(node.name)}>
            Open
          </Button>
          <Button
            variant="default"
            leftSection={<IconListDetails size={15} />}
            onClick={() => showPackets(`host ${node.name}`)}
          >
            Packets
          </Button>
          <Switch
            ml="auto"
            label="Power"
            aria-label={`Power of ${node.name}`}
            checked={node.on}
            onChange={(event) => act("host.power", { host: node.name, on: event.currentTarget.checked })}
          />
        </Group>
      )}
      <Facts node={node} />
      <ConnectTo node={node} />
      <Group justify="flex-end">
        <Button variant="subtle" color="red" leftSection={<IconTrash size={15} />} onClick={onRemove}>
          Remove…
        </Button>
      </Group>
    </Stack>
  );
}

function Facts({ node }: { readonly node: NodeView }) {
  return (
    <dl className={classes.facts}>
      <dt>Kind</dt>
      <dd>{node.kind}</dd>
      {node.interfaces
        .filter(({ addresses }) => addresses.length > 0)
        .map(({ name, addresses }) => (
          <FactLines key={name} term={name} lines={addresses} />
        ))}
      {node.services.length > 0 && (
        <>
          <dt>Services</dt>
          <dd>
            {node.services.map(({ name, running, description }) => (
              <Badge
                key={name}
                size="sm"
                mr={4}
                tt="none"
                variant={running ? "light" : "outline"}
                color={running ? "green" : "gray"}
                title={description}
              >
                {name} {running ? "" : "off"}
              </Badge>
            ))}
          </dd>
        </>
      )}
      {node.users.length > 0 && <FactLines term="Users" lines={[node.users.join(", ")]} />}
      {node.mailAddress !== undefined && <FactLines term="Mail" lines={[node.mailAddress]} />}
    </dl>
  );
}

function FactLines({ term, lines }: { readonly term: string; readonly lines: readonly string[] }) {
  return (
    <>
      <dt>{term}</dt>
      <dd className="mono">
        {lines.map((line) => (
          <div key={line}>{line}</div>
        ))}
      </dd>
    </>
  );
}

/** For the keyboard what dragging from node to node is for the pointer. */
function ConnectTo({ node }: { readonly node: NodeView }) {
  const network = useNetwork();
  const act = useAct();
  const neighbours = new Set(
    network?.links.flatMap(({ ends: [a, b] }) =>
      a.node === node.name ? [b.node] : b.node === node.name ? [a.node] : [],
    ),
  );
  const others = (network?.nodes ?? []).map(({ name }) => name).filter((name) => name !== node.name);
  return (
    <Select
      label="Connect to"
      placeholder="another node"
      searchable
      limit={60}
      value={null}
      data={others.map((name) => ({
        value: name,
        label: neighbours.has(name) ? `${name} (connected)` : name,
      }))}
      onChange={(name) => name !== null && act("topology.connect", { a: node.name, b: name })}
    />
  );
}
