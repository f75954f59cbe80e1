/** All conversations as a table, sorted by any column; Enter or a double click opens one. */

import { ActionIcon, Tooltip } from "@mantine/core";
import {
  IconArrowsExchange,
  IconChevronDown,
  IconChevronUp,
  IconFilter,
  IconMessages,
} from "@tabler/icons-react";
import { useState } from "react";
import type { ConversationView } from "../../../engine/protocol/index.ts";
import { useRequest } from "../../engine/hooks.ts";
import { count } from "../list/list-status.tsx";
import { octetsText, secondsText, spanText } from "../list/time-text.ts";
import { usePackets } from "../packets-context.ts";
import { ScrollRegion } from "../scroll-region.tsx";
import { useEvery } from "../use-every.ts";
import { Pages } from "./pages.tsx";
import classes from "./statistics.module.css";

interface Sorting {
  readonly sort: string;
  readonly descending: boolean;
}

export function ConversationsPage() {
  const [sorting, setSorting] = useState<Sorting>({ sort: "id", descending: false });
  const [page, setPage] = useState(0);
  const { data, error, again } = useRequest("packets.conversations", {
    ...{ from: page * PAGE_ROWS, count: PAGE_ROWS },
    ...sorting,
  });
  useEvery(again);
  const total = data?.total ?? 0;
  return (
    <>
      <ScrollRegion label="Conversations" className={classes.scroll}>
        {error !== undefined && data === undefined && <p className={classes.note}>{error.message}</p>}
        {data !== undefined && total === 0 && <p className={classes.note}>No conversations yet.</p>}
        {total > 0 && (
          <table className={classes.table}>
            <Head
              sorting={sorting}
              onSort={(next) => {
                setSorting(next);
                setPage(0);
              }}
            />
            <tbody>
              {data?.rows.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        )}
      </ScrollRegion>
      <Pages page={page} rows={PAGE_ROWS} total={total} onPage={setPage} />
    </>
  );
}

function Head({
  sorting,
  onSort,
}: {
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}) {
  return (
    <thead>
      <tr>
        {COLUMNS.map(({ id, title, align }) => {
          const isSorted = sorting.sort === id;
          const order = !isSorted ? "none" : sorting.descending ? "descending" : "ascending";
          return (
            <th key={id} scope="col" data-align={align} aria-sort={order}>
              <button
                type="button"
                className={classes.sort}
                onClick={() =>
                  onSort({
                    sort: id,
                    descending: isSorted ? !sorting.descending : align === "right" && id !== "id",
                  })
                }
              >
                {title}
                {isSorted &&
                  (sorting.descending ? (
                    <IconChevronDown size={13} aria-hidden />
                  ) : (
                    <IconChevronUp size={13} aria-hidden />
                  ))}
              </button>
            </th>
          );
        })}
        <th scope="col">
          <span className={classes.hidden}>Acts</span>
        </th>
      </tr>
    </thead>
  );
}

function Row({ row }: { readonly row: ConversationView }) {
  const { id, protocol, application, client, server, startNs, endNs } = row;
  const { setFilter, openConversation } = usePackets();
  return (
    <tr onDoubleClick={() => openConversation(id, "dialogue")}>
      <td data-align="right">{id}</td>
      <td>
        {(application ?? protocol).toUpperCase()}
        {application !== undefined && <small> over {protocol.toUpperCase()}</small>}
      </td>
      <td>{client}</td>
      <td>{server}</td>
      <td data-align="right">{count(row.packetsToServer)}</td>
      <td data-align="right">{octetsText(row.octetsToServer)}</td>
      <td data-align="right">{count(row.packetsToClient)}</td>
      <td data-align="right">{octetsText(row.octetsToClient)}</td>
      <td data-align="right">{secondsText(startNs)}</td>
      <td data-align="right">{spanText(endNs - startNs)}</td>
      <td className={classes.acts}>
        <Act
          label={`Show the packets of conversation ${id}`}
          Icon={IconFilter}
          onClick={() => setFilter(`conversation == ${id}`)}
        />
        <Act
          label={`Follow conversation ${id}`}
          Icon={IconMessages}
          onClick={() => openConversation(id, "dialogue")}
        />
        <Act
          label={`Sequence diagram of conversation ${id}`}
          Icon={IconArrowsExchange}
          onClick={() => openConversation(id, "diagram")}
        />
      </td>
    </tr>
  );
}

interface ActProps {
  readonly label: string;
  readonly Icon: typeof IconFilter;
  readonly onClick: () => void;
}

function Act({ label, Icon, onClick }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="sm" aria-label={label} onClick={onClick}>
        <Icon size={14} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

const COLUMNS = [
  { id: "id", title: "No.", align: "right" },
  { id: "application", title: "Protocol", align: "left" },
  { id: "client", title: "Client", align: "left" },
  { id: "server", title: "Server", align: "left" },
  { id: "packetsToServer", title: "Packets →", align: "right" },
  { id: "octetsToServer", title: "Octets →", align: "right" },
  { id: "packetsToClient", title: "Packets ←", align: "right" },
  { id: "octetsToClient", title: "Octets ←", align: "right" },
  { id: "startNs", title: "Start, s", align: "right" },
  { id: "endNs", title: "Duration", align: "right" },
] as const;
const PAGE_ROWS = 200;
