/** The figures of the whole capture. */

import { Button, CopyButton } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useRequest } from "../../engine/hooks.ts";
import { ScrollRegion } from "../scroll-region.tsx";
import { useEvery } from "../use-every.ts";
import classes from "./statistics.module.css";

export function SummaryPage() {
  const { data, error, again } = useRequest("packets.summary", {});
  useEvery(again);
  const text = (data ?? []).map(({ name, value }) => `${name}\t${value}`).join("\n");
  return (
    <ScrollRegion label="Summary of the capture" className={classes.scroll}>
      {error !== undefined && data === undefined && <p className={classes.note}>{error.message}</p>}
      <table className={classes.figures}>
        <tbody>
          {(data ?? []).map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data !== undefined && data.length > 0 && (
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" m={14} leftSection={<IconCopy size={14} aria-hidden />} onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      )}
    </ScrollRegion>
  );
}
