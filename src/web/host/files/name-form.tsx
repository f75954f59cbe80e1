/** Asks for the name of a file: of a new one, or another one for one that there is. */

import { Button, Popover, TextInput } from "@mantine/core";
import { cloneElement, type FormEvent, type ReactElement, useState } from "react";
import { problemOfName } from "./file-name.ts";

interface Props {
  /** Names that there are. */
  readonly taken: readonly string[];
  /** What the field begins with. */
  readonly initial?: string;
  /** What the button says. */
  readonly act: string;
  readonly onName: (name: string) => void;
  /** What opens it. */
  readonly children: ReactElement<{ onClick?: () => void }>;
}

export function NameForm({ taken, initial = "", act, onName, children }: Props) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState(initial);
  const name = text.trim();
  const problem = problemOfName(name, taken);
  const toggle = (): void => {
    setText(initial);
    setOpen(!open);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem !== undefined) return;
    setOpen(false);
    onName(name);
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-start" withArrow shadow="md">
      <Popover.Target>{cloneElement(children, { onClick: toggle })}</Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <TextInput
            label="Name of the file"
            placeholder="menu.txt"
            value={text}
            error={name !== initial && name !== "" && problem}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" mt={8} disabled={problem !== undefined}>
            {act}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
