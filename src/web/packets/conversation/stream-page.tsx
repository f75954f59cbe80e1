/** The octets of both sides, each in its colour: as text, as a dump, as digits; to save. */

import { Button, Menu, SegmentedControl, Select } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { StreamView } from "../../../engine/protocol/index.ts";
import { useRequest } from "../../engine/hooks.ts";
import { bytesOf, saveFile, textBlob } from "../../panels/parts/octets.ts";
import { count } from "../list/list-status.tsx";
import { fileName } from "../octets.ts";
import { ScrollRegion } from "../scroll-region.tsx";
import { useEvery } from "../use-every.ts";
import classes from "./conversation.module.css";
import { type PageProps, PageTools } from "./conversation-panel.tsx";
import {
  type StreamForm,
  type StreamPart,
  type StreamSide,
  streamBlocks,
  streamText,
} from "./stream-text.ts";

type Which = StreamSide | "both";

export function StreamPage({ conversation, tools, close }: PageProps) {
  const [octetsMax, setOctetsMax] = useState(OCTETS_FIRST);
  const { data, error, again } = useRequest("packets.stream", { conversation, octetsMax });
  useEvery(again);
  const [form, setForm] = useState<StreamForm>("text");
  const [which, setWhich] = useState<Which>("both");
  const parts = useMemo(() => partsOf(data, which), [data, which]);
  const blocks = useMemo(() => streamBlocks(parts, form), [parts, form]);
  const octets = parts.reduce((sum, part) => sum + part.octets.length, 0);
  return (
    <div className={classes.page}>
      <PageTools tools={tools} close={close} title={data?.title ?? ""}>
        <Select
          aria-label="Whose octets"
          w={230}
          allowDeselect={false}
          value={which}
          onChange={(value) => setWhich((value ?? "both") as Which)}
          data={[
            { value: "both", label: "Both sides" },
            { value: "client", label: `From ${data?.client ?? "the client"}` },
            { value: "server", label: `From ${data?.server ?? "the server"}` },
          ]}
        />
        <SegmentedControl
          size="xs"
          aria-label="How octets are shown"
          value={form}
          onChange={(value) => setForm(value as StreamForm)}
          data={[
            { value: "text", label: "Text" },
            { value: "hex", label: "Hex" },
            { value: "raw", label: "Raw" },
          ]}
        />
        <SaveMenu name={fileName("stream", conversation, data?.title ?? "")} parts={parts} form={form} />
      </PageTools>
      <ScrollRegion label="Octets of the conversation" className={classes.text}>
        {error !== undefined && data === undefined && <p>{error.message}</p>}
        {data !== undefined && octets === 0 && <p>Nothing was sent but headers.</p>}
        {blocks.map(({ key, from, text, lines }) => (
          <pre key={key} data-from={from} style={{ containIntrinsicHeight: `${lines * LINE_PX}px` }}>
            {text}
          </pre>
        ))}
        {data !== undefined && data.omitted > 0 && (
          <p>
            {count(data.omitted)} more octets are not shown.{" "}
            {octetsMax < OCTETS_MAX && (
              <Button variant="default" size="compact-xs" onClick={() => setOctetsMax(octetsMax * 2)}>
                Show more
              </Button>
            )}
          </p>
        )}
      </ScrollRegion>
    </div>
  );
}

function SaveMenu({ name, parts, form }: { name: string; parts: readonly StreamPart[]; form: StreamForm }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          disabled={parts.length === 0}
        >
          Save
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => saveFile(`${name}.txt`, textBlob(streamText(parts, form)))}>
          As it is shown
        </Menu.Item>
        <Menu.Item onClick={() => saveFile(`${name}.bin`, new Blob(parts.map(({ octets }) => octets)))}>
          The octets
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function partsOf(view: StreamView | undefined, which: Which): StreamPart[] {
  const parts = view?.parts.filter(({ from }) => which === "both" || from === which) ?? [];
  return parts.map(({ from, timeNs, octets }) => ({ from, timeNs, octets: bytesOf(octets) }));
}

const LINE_PX = 19;

/** What a person reads; what is shown is asked for again while the conversation goes on. */
const OCTETS_FIRST = 512 * 1024;
/** The most that the engine gives at once. */
const OCTETS_MAX = 4 * 1024 * 1024;
