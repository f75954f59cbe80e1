/** The menu on a cell or a field: make it part of the filter, copy it, and what else `extra` offers. */

import { Menu } from "@mantine/core";
import { IconCopy, IconFilter, IconFilterMinus, IconFilterPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { usePackets } from "../packets-context.ts";
import classes from "./condition-menu.module.css";
import { COMBINES, type Combine } from "./filter-text.ts";

interface Props {
  readonly x: number;
  readonly y: number;
  /** Undefined: nothing to ask for. */
  readonly clause: string | undefined;
  readonly copies: readonly { readonly label: string; readonly text: string }[];
  readonly extra?: ReactNode;
  readonly onClose: () => void;
}

export function ConditionMenu({ x, y, clause, copies, extra, onClose }: Props) {
  const { filterBy } = usePackets();
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={2}
      width={260}
      withinPortal={false}
      floatingStrategy="fixed"
      returnFocus
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label="Menu"
          className={classes.anchor}
          style={{ left: x, top: y }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {clause !== undefined && (
          <>
            <Menu.Label className={classes.clause}>
              {clause.length > 120 ? `${clause.slice(0, 119)}…` : clause}
            </Menu.Label>
            {COMBINES.map(({ combine, label }) => (
              <Menu.Item
                key={combine}
                leftSection={iconOf(combine)}
                onClick={() => filterBy(clause, combine)}
              >
                {label}
              </Menu.Item>
            ))}
            <Menu.Divider />
          </>
        )}
        {extra}
        {copies.map(({ label, text }) => (
          <Menu.Item
            key={label}
            leftSection={<IconCopy size={14} aria-hidden />}
            onClick={() => navigator.clipboard.writeText(text)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function iconOf(combine: Combine): ReactNode {
  if (combine === "apply") return <IconFilter size={14} aria-hidden />;
  if (combine === "not" || combine === "and-not") return <IconFilterMinus size={14} aria-hidden />;
  return <IconFilterPlus size={14} aria-hidden />;
}
