/** The dialogue line by line with its times, as `hamlet run` prints it. */

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRequest } from "../../engine/hooks.ts";
import { saveFile, textBlob } from "../../panels/parts/octets.ts";
import { fileName } from "../octets.ts";
import { ScrollRegion } from "../scroll-region.tsx";
import { useEvery } from "../use-every.ts";
import classes from "./conversation.module.css";
import { type PageProps, PageTools } from "./conversation-panel.tsx";
import { dialogueBlocks } from "./dialogue-blocks.ts";

export function DialoguePage({ conversation, tools, close }: PageProps) {
  const { data, error, again } = useRequest("packets.stream", { conversation });
  useEvery(again);
  const name = `${fileName("dialogue", conversation, data?.title ?? "")}.txt`;
  return (
    <div className={classes.page}>
      <PageTools tools={tools} close={close} title={data?.title ?? ""}>
        <Button
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          disabled={data === undefined}
          onClick={() => saveFile(name, textBlob(data?.dialogue ?? ""))}
        >
          Save as text
        </Button>
      </PageTools>
      <ScrollRegion label="Dialogue" className={classes.text}>
        {error !== undefined && data === undefined && <p>{error.message}</p>}
        {dialogueBlocks(data?.dialogue ?? "").map(({ key, from, text, lines }) => (
          <pre key={key} data-from={from} style={{ containIntrinsicHeight: `${lines * LINE_PX}px` }}>
            {text}
          </pre>
        ))}
      </ScrollRegion>
    </div>
  );
}

const LINE_PX = 19;
