/** The network as two tables: for screen readers, for phones, and for whoever likes to read rather than to look. */

import { Badge, Button, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import type { LinkView, NodeView, QualityView } from "../../engine/protocol/index.ts";
import { useNavigation } from "../app/route-store.ts";
import { useNetwork, useStore } from "../engine/hooks.ts";
import { formatBandwidth, formatOctets, linkStateText } from "./geometry.ts";
import type { Selection } from "./selection.ts";
import classes from "./topology.module.css";
import type { TrafficStore } from "./traffic-store.ts";

interface Props {
  readonly traffic: TrafficStore;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
}

export function NetworkTables({ traffic, selection, onSelect }: Props) {
  const network = useNetwork();
  if (network === undefined) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.tableView} tabIndex={0} aria-label="The network as tables">
      <Title order={2} size="h5">
        Hosts, routers and switches
      </Title>
      <Table fz="sm" verticalSpacing={4} highlightOnHover mb="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Addresses</Table.Th>
            <Table.Th>Services</Table.Th>
            <Table.Th>
              <VisuallyHidden>Acts</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {network.nodes.map((node) => (
            <NodeRow
              key={node.name}
              node={node}
              selected={selection?.name === node.name}
              onSelect={onSelect}
            />
          ))}
        </Table.Tbody>
      </Table>
      <Title order={2} size="h5">
        Links
      </Title>
      <LinkTable links={network.links} traffic={traffic} onSelect={onSelect} />
    </section>
  );
}

interface NodeRowProps extends Pick<Props, "onSelect"> {
  readonly node: NodeView;
  readonly selected: boolean;
}

function NodeRow({ node, selected, onSelect }: NodeRowProps) {
  const { openHost } = useNavigation();
  const addresses = node.interfaces.flatMap((it) => it.addresses);
  return (
    <Table.Tr bg={selected ? "var(--hamlet-selected)" : ""}>
      <Table.Th scope="row" fw={500}>
        {node.name}
        <Text size="xs" c="dimmed">
          {node.kind}
          {node.description === "" ? "" : `: ${node.description}`}
        </Text>
      </Table.Th>
      <Table.Td className={node.on ? classes.quiet : undefined}>{node.on ? "on" : "off"}</Table.Td>
      <Table.Td className="mono">
        {addresses.map((address) => (
          <div key={address}>{address}</div>
        ))}
      </Table.Td>
      <Table.Td>
        {node.services.map(({ name, running }) => (
          <Badge key={name} size="sm" mr={4} tt="none" variant="light" color={running ? "green" : "gray"}>
            {name} {running ? "on" : "off"}
          </Badge>
        ))}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        <Button
          variant="subtle"
          aria-label={`Inspect ${node.name}`}
          onClick={() => onSelect({ kind: "node", name: node.name })}
        >
          Inspect
        </Button>
        {node.kind !== "switch" && (
          <Button variant="subtle" aria-label={`Open ${node.name}`} onClick={() => openHost(node.name)}>
            Open
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

interface LinkTableProps extends Pick<Props, "traffic" | "onSelect"> {
  readonly links: readonly LinkView[];
}

function LinkTable({ links, traffic, onSelect }: LinkTableProps) {
  const loads = useStore(traffic.loads);
  return (
    <Table fz="sm" verticalSpacing={4} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Ends</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Quality</Table.Th>
          <Table.Th>Carried</Table.Th>
          <Table.Th>
            <VisuallyHidden>Acts</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {links.map((link) => {
          const sent = (loads.get(link.name) ?? []).reduce((sum, load) => sum + (load?.sentOctets ?? 0), 0);
          return (
            <Table.Tr key={link.name}>
              <Table.Th scope="row" fw={500}>
                {link.ends[0].node} and {link.ends[1].node}
              </Table.Th>
              <Table.Td
                c={link.state === "up" ? "" : "red"}
                className={link.state === "up" ? classes.quiet : undefined}
              >
                {linkStateText(link)}
              </Table.Td>
              <Table.Td>
                {describeQuality(link.forth)}
                {describeQuality(link.forth) !== describeQuality(link.back) &&
                  `; back: ${describeQuality(link.back)}`}
              </Table.Td>
              <Table.Td className="mono">{formatOctets(sent)}</Table.Td>
              <Table.Td ta="right">
                <Button
                  variant="subtle"
                  aria-label={`Inspect the link between ${link.ends[0].node} and ${link.ends[1].node}`}
                  onClick={() => onSelect({ kind: "link", name: link.name })}
                >
                  Inspect
                </Button>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function describeQuality({ delayMs, jitterMs, bandwidthBps, loss }: QualityView): string {
  const parts = [`${delayMs} ms`, formatBandwidth(bandwidthBps)];
  if (jitterMs > 0) parts.push(`jitter ${jitterMs} ms`);
  if (loss > 0) parts.push(`loss ${Number((loss * 100).toPrecision(3))} %`);
  return parts.join(", ");
}
