/** A link: what it carries, whether it is whole, and its quality in each direction. */

import { Badge, Button, Group, SegmentedControl, Select, Stack, Table } from "@mantine/core";
import { IconPlug, IconScissors, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { LinkView } from "../../../engine/protocol/index.ts";
import { useAct } from "../../app/act.ts";
import { useStore } from "../../engine/hooks.ts";
import { formatOctets, linkStateText } from "../geometry.ts";
import type { TrafficStore } from "../traffic-store.ts";
import { PRESETS } from "./quality.ts";
import { QualityFields } from "./quality-fields.tsx";

interface Props {
  readonly link: LinkView;
  readonly traffic: TrafficStore;
  readonly onRemove: () => void;
}

export type Direction = "both" | "forth" | "back";

export function LinkInspector({ link, traffic, onRemove }: Props) {
  const [direction, setDirection] = useState<Direction>("both");
  const act = useAct();
  const [a, b] = link.ends;
  const cut = link.state !== "up";
  return (
    <Stack gap={10}>
      <Group gap={6} justify="space-between">
        <Badge tt="none" color={cut ? "red" : "green"} variant="light">
          {linkStateText(link)}
        </Badge>
      </Group>
      <LoadTable link={link} traffic={traffic} />
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label="Direction"
        value={direction}
        onChange={(value) => setDirection(value as Direction)}
        data={[
          { value: "both", label: "Both ways" },
          { value: "forth", label: `→ ${short(b.node)}` },
          { value: "back", label: `→ ${short(a.node)}` },
        ]}
      />
      <Group gap={6}>
        <Button
          variant="light"
          color="red"
          leftSection={<IconScissors size={15} />}
          onClick={() => act("link.cut", { link: link.name, direction })}
        >
          Cut {direction === "both" ? "" : "this way"}
        </Button>
        <Button
          variant="default"
          disabled={!cut}
          leftSection={<IconPlug size={15} />}
          onClick={() => act("link.heal", { link: link.name })}
        >
          Heal
        </Button>
        <Button
          ml="auto"
          variant="subtle"
          color="red"
          px={6}
          leftSection={<IconTrash size={15} />}
          onClick={onRemove}
        >
          Remove…
        </Button>
      </Group>
      <QualityFields key={direction} link={link} direction={direction} />
      <Select
        label="As if it were"
        placeholder="a kind of line"
        value={null}
        data={PRESETS.map(({ name }) => name)}
        onChange={(name) => {
          const preset = PRESETS.find((it) => it.name === name);
          if (preset !== undefined)
            act("link.change", { link: link.name, direction, quality: preset.quality });
        }}
      />
    </Stack>
  );
}

function LoadTable({ link, traffic }: Pick<Props, "link" | "traffic">) {
  const loads = useStore(traffic.loads).get(link.name);
  return (
    <Table fz="xs" horizontalSpacing={4} verticalSpacing={2} className="mono">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>to</Table.Th>
          <Table.Th ta="right">sent</Table.Th>
          <Table.Th ta="right">lost</Table.Th>
          <Table.Th ta="right">busy</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {([0, 1] as const).map((direction) => {
          const load = loads?.[direction];
          return (
            <Table.Tr key={direction}>
              <Table.Td>{short(link.ends[1 - direction]!.node)}</Table.Td>
              <Table.Td ta="right">
                {load?.sentPackets ?? 0} / {formatOctets(load?.sentOctets ?? 0)}
              </Table.Td>
              <Table.Td ta="right">{load?.droppedPackets ?? 0}</Table.Td>
              <Table.Td ta="right">{Math.round((load?.busy ?? 0) * 100)} %</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function short(name: string): string {
  return name.length > 14 ? `${name.slice(0, 13)}…` : name;
}
