/** The keys of the whole page, and the dialog that tells them. */

import { ActionIcon, Kbd, Modal, Switch, Table, Tooltip } from "@mantine/core";
import { IconKeyboard } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useNavigation, useRouteStore } from "../app/route-store.ts";
import { isBoolean, useStored } from "../app/stored.ts";
import { useTimeControl } from "./use-time-control.ts";

export function Shortcuts() {
  const [open, setOpen] = useState(false);
  const control = useTimeControl();
  const navigation = useNavigation();
  const route = useRouteStore();
  const [on, setOn] = useStored("keys", true, isBoolean);
  useKeys(on, {
    " ": control.toggle,
    ".": control.stepEvent,
    ">": () => control.stepPacket(route.get().filter),
    "[": control.slower,
    "]": control.faster,
    "1": () => navigation.show("network"),
    "2": () => navigation.show("both"),
    "3": () => navigation.show("packets"),
    g: () => navigation.openGuide(!route.get().guide),
    "?": () => setOpen(true),
  });
  return (
    <>
      <Tooltip label="Keys ( ? )">
        <ActionIcon aria-label="Keyboard shortcuts" onClick={() => setOpen(true)}>
          <IconKeyboard size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={open} onClose={() => setOpen(false)} title="Keyboard shortcuts">
        <Table verticalSpacing={5}>
          <Table.Tbody>
            {TEXTS.map(([key, text]) => (
              <Table.Tr key={key}>
                <Table.Td w={90}>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{text}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          mt="md"
          label="Keys act"
          description="Switch them off where they get in the way of speech input or a screen reader."
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
      </Modal>
    </>
  );
}

/** Keys of the page: not while somebody types, nor on a button that means the key itself, nor with Control. */
function useKeys(on: boolean, keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent): void => {
      const act = latest.current[event.key];
      if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.defaultPrevented || belongsToTarget(event)) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [on]);
}

function belongsToTarget({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (
    target.closest("input:not([type=radio]), textarea, select, [contenteditable=true], .xterm, [role=dialog]")
  )
    return true;
  if (key !== " ") return false;
  return (
    target.closest("button, a, [role=button], [role=tab], [role=option], summary") !== null ||
    // It selects what the keyboard has reached in the drawing; after a click it is still the page's.
    target.matches("[data-id]:focus-visible")
  );
}

const TEXTS = [
  ["space", "play, pause; stop a journey"],
  [".", "on to the next event"],
  [">", "on to the next packet that the display filter lets through"],
  ["[ and ]", "slower, faster"],
  ["1 2 3", "network, both, packets"],
  ["g", "the guide"],
  ["Ctrl S", "save the network file: in its place, or as a download"],
  ["Esc Tab", "out of the terminal or the editor, where Tab alone is for what is typed"],
  ["?", "these keys"],
] as const;
