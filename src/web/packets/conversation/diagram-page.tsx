/** The sequence diagram of a conversation: to zoom, to save, and to go from an arrow to its packet. */

import { ActionIcon, Button, Menu, Tooltip, useComputedColorScheme } from "@mantine/core";
import { IconDownload, IconZoomIn, IconZoomOut, IconZoomReset } from "@tabler/icons-react";
import { type MouseEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useRequest } from "../../engine/hooks.ts";
import { saveFile, textBlob } from "../../panels/parts/octets.ts";
import { fileName } from "../octets.ts";
import { usePackets } from "../packets-context.ts";
import { ScrollRegion } from "../scroll-region.tsx";
import { useEvery } from "../use-every.ts";
import classes from "./conversation.module.css";
import { type PageProps, PageTools } from "./conversation-panel.tsx";
import { drawingOf, packetOfArrow } from "./drawing.ts";

export function DiagramPage({ conversation, tools, close }: PageProps) {
  const { data, error, again } = useRequest("packets.sequence", { conversation });
  useEvery(again);
  const [zoom, setZoom] = useState(1);
  const name = fileName("sequence", conversation, data?.title ?? "");
  const step = (by: number) => () => setZoom((before) => Math.min(3, Math.max(0.4, before * by)));
  return (
    <div className={classes.page}>
      <PageTools tools={tools} close={close} title={data?.title ?? ""}>
        <Zoom label="Smaller" onClick={step(1 / 1.2)} Icon={IconZoomOut} />
        <Zoom label="As drawn" onClick={() => setZoom(1)} Icon={IconZoomReset} />
        <Zoom label="Larger" onClick={step(1.2)} Icon={IconZoomIn} />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconDownload size={14} aria-hidden />}
              disabled={data === undefined}
            >
              Save
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() => saveFile(`${name}.svg`, new Blob([data?.svg ?? ""], { type: "image/svg+xml" }))}
            >
              As SVG
            </Menu.Item>
            <Menu.Item onClick={() => saveFile(`${name}.txt`, textBlob(data?.text ?? ""))}>As text</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageTools>
      {error !== undefined && data === undefined && <p>{error.message}</p>}
      {data !== undefined && <Drawing svg={data.svg} zoom={zoom} />}
    </div>
  );
}

/** In a shadow root, so that its style and the page's do not meet. */
function Drawing({ svg, zoom }: { readonly svg: string; readonly zoom: number }) {
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  const { select } = usePackets();
  const drawing = useMemo(() => drawingOf(svg, scheme), [svg, scheme]);
  useLayoutEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    root.replaceChildren(drawing.node);
  }, [drawing]);
  const click = (event: MouseEvent): void => {
    const number = packetOfArrow(event.nativeEvent.composedPath());
    if (number !== undefined) select(number);
  };
  return (
    <ScrollRegion label="Sequence diagram" className={classes.diagram}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the packet list offers the same by keys */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the packet list offers the same by keys */}
      <div
        ref={host}
        className={classes.drawing}
        style={{ width: drawing.width * zoom, height: drawing.height * zoom }}
        onClick={click}
      />
    </ScrollRegion>
  );
}

interface ZoomProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly Icon: typeof IconZoomIn;
}

function Zoom({ label, onClick, Icon }: ZoomProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
