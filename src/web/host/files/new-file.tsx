/** Asks for the name of a new file. */

import { Button, Popover, TextInput } from "@mantine/core";
import { cloneElement, type FormEvent, type ReactElement, useState } from "react";

interface Props {
  /** Names that there are. */
  readonly taken: readonly string[];
  readonly onName: (name: string) => void;
  /** What opens it. */
  readonly children: ReactElement<{ onClick?: () => void }>;
}

export function NewFile({ taken, onName, children }: Props) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const isTaken = taken.includes(name.trim());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === "" || isTaken) return;
    onName(name.trim());
    setName("");
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-start" withArrow shadow="md">
      <Popover.Target>{cloneElement(children, { onClick: () => setOpen(!open) })}</Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <TextInput
            label="Name of the file"
            placeholder="menu.txt"
            value={name}
            error={isTaken ? "There is a file of this name" : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" mt={8} disabled={name.trim() === "" || isTaken}>
            Begin
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
