/** Why the packet was sent, where it went, where it was lost; and the packets that belong to it. */

import { Anchor, Text } from "@mantine/core";
import { IconAlertTriangle, IconArrowRight, IconCircleX } from "@tabler/icons-react";
import { Fragment } from "react";
import type { PacketDetail, WaypointView } from "../../../engine/protocol/index.ts";
import { spanText } from "../list/time-text.ts";
import { usePackets } from "../packets-context.ts";
import classes from "./journey.module.css";

export function Journey({ detail }: { readonly detail: PacketDetail }) {
  const { row, journey, related } = detail;
  const { select, openHost } = usePackets();
  return (
    <section className={classes.box} aria-label="Journey of the packet">
      {row.comment !== undefined && (
        <p className={classes.reason} data-mark={row.mark}>
          {row.comment}
        </p>
      )}
      {row.problems.map((problem) => (
        <p key={problem} className={classes.problem}>
          <IconAlertTriangle size={14} aria-hidden /> {problem}
        </p>
      ))}
      {journey.length > 0 && (
        <ol className={classes.way}>
          {stopsOf(journey).map(({ key, first, node, text, lost }) => (
            <Fragment key={key}>
              {!first && (
                <li aria-hidden className={classes.arrow}>
                  {lost ? <IconCircleX size={14} /> : <IconArrowRight size={14} />}
                </li>
              )}
              <li className={classes.stop} data-lost={lost || undefined}>
                <button type="button" onClick={() => openHost(node)}>
                  {node}
                </button>
                <span>{text}</span>
              </li>
            </Fragment>
          ))}
        </ol>
      )}
      {related.length > 0 && (
        <Text component="p" className={classes.related}>
          {related.map(({ text, number }, at) => (
            <Fragment key={`${text} ${number}`}>
              {at > 0 && " · "}
              <Anchor
                component="button"
                type="button"
                inherit
                underline="always"
                onClick={() => select(number)}
              >
                {text} {number}
              </Anchor>
            </Fragment>
          ))}
        </Text>
      )}
    </section>
  );
}

interface Stop {
  readonly key: string;
  readonly first: boolean;
  readonly node: string;
  readonly text: string;
  readonly lost: boolean;
}

/** A stop for each node that saw it, with the time since it was sent; a router has a way in and a way out. */
function stopsOf(journey: readonly WaypointView[]): Stop[] {
  const startNs = journey[0].timeNs;
  const stops: Stop[] = [];
  for (const { timeNs, kind, node, interface: place, reason } of journey) {
    const last = stops.at(-1);
    const lost = kind === "drop";
    if (last !== undefined && last.node === node && !last.lost && !lost) {
      stops[stops.length - 1] = { ...last, text: `${last.text} → ${place}` };
      continue;
    }
    const when = last === undefined ? "sent" : `+${spanText(timeNs - startNs)}`;
    const what = lost ? `lost: ${reason ?? "no reason given"}` : place;
    stops.push({ key: `${stops.length}`, first: last === undefined, node, text: `${when}, ${what}`, lost });
  }
  return stops;
}
