/** A dense table whose changed rows light up softly, once. For tables of a few hundred rows. */

import { Table, Text } from "@mantine/core";
import { Fragment, type ReactNode, useState } from "react";
import { type Marks, markChanges, type Stamped } from "./changes.ts";
import classes from "./data-table.module.css";

export interface Column<Row> {
  readonly title: string;
  readonly show: (row: Row) => ReactNode;
  readonly mono?: boolean;
  readonly right?: boolean;
  /** Long text: may take several lines. */
  readonly wrap?: boolean;
}

interface Props<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What counts as a change of a row; absent: all of it. */
  readonly stampOf?: (row: Row) => unknown;
  /** Stands where there are no rows. */
  readonly empty: string;
  /** More about a row, below it. */
  readonly detail?: (row: Row) => ReactNode;
}

export function DataTable<Row>(props: Props<Row>) {
  const { label, rows, columns, keyOf, stampOf = whole, empty, detail } = props;
  const keyed = numbered(rows, keyOf);
  const marks = useMarks(rows, () =>
    keyed.map(([key, row]) => ({ key, stamp: JSON.stringify(stampOf(row)) })),
  );
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        {empty}
      </Text>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys.
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <Table
        className={classes.table}
        verticalSpacing={3}
        horizontalSpacing={8}
        stickyHeader
        aria-label={label}
      >
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ title, right }) => (
              <Table.Th key={title} ta={right ? "right" : undefined}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keyed.map(([key, row]) => {
            const more = detail?.(row);
            return (
              <Fragment key={key}>
                <Table.Tr data-changed={marks.get(key)}>
                  {columns.map(({ title, show, mono, right, wrap }) => (
                    <Table.Td
                      key={title}
                      className={mono ? "mono" : undefined}
                      ta={right ? "right" : undefined}
                      data-wrap={wrap}
                    >
                      {show(row)}
                    </Table.Td>
                  ))}
                </Table.Tr>
                {more && (
                  <Table.Tr>
                    <Table.Td colSpan={columns.length} data-wrap>
                      {more}
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** Which rows have changed since the table was last drawn with other rows. */
function useMarks(rows: unknown, stamps: () => readonly Stamped[]): Marks["marks"] {
  const [last, setLast] = useState<{ readonly rows: unknown; readonly marks: Marks }>();
  if (last !== undefined && last.rows === rows) return last.marks.marks;
  const marks = markChanges(last?.marks, stamps());
  setLast({ rows, marks });
  return marks.marks;
}

/** Rows that look alike keep apart. */
function numbered<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): readonly (readonly [string, Row])[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const key = keyOf(row);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return [count === 1 ? key : `${key} (${count})`, row] as const;
  });
}

function whole(row: unknown): unknown {
  return row;
}
