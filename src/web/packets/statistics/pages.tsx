/** Steps through a table that comes in pages; nothing when there is only one. */

import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { count } from "../list/list-status.tsx";
import classes from "./statistics.module.css";

interface Props {
  readonly page: number;
  readonly rows: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

export function Pages({ page, rows, total, onPage }: Props) {
  if (total <= rows) return null;
  const last = Math.ceil(total / rows) - 1;
  return (
    <div className={classes.pages}>
      <ActionIcon aria-label="Previous page" disabled={page === 0} onClick={() => onPage(page - 1)}>
        <IconChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <span>
        {count(page * rows + 1)} to {count(Math.min(total, (page + 1) * rows))} of {count(total)}
      </span>
      <ActionIcon aria-label="Next page" disabled={page >= last} onClick={() => onPage(page + 1)}>
        <IconChevronRight size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
