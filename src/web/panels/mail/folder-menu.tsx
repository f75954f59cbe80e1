/** Folders on the server are made, renamed and removed; the trash of both kinds is emptied. */

import { ActionIcon, Button, Group, Menu, Popover, TextInput } from "@mantine/core";
import { IconDotsVertical, IconEdit, IconFolderMinus, IconFolderPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { FolderView, WorkResult } from "../../../engine/panels/mail/view.ts";
import { useBusy } from "../panel.ts";
import { type MailPanel, openFolder } from "./screen.ts";

export function NewFolder({ port }: MailPanel) {
  const [open, setOpen] = useState(false);
  const create = async (name: string): Promise<void> => {
    const result = await port.tryTo<WorkResult>("folder.create", { name });
    if (result?.problems.length === 0) setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-start" withArrow shadow="md">
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          flex="none"
          leftSection={<IconFolderPlus size={15} aria-hidden />}
          onClick={() => setOpen(!open)}
        >
          New folder
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <NameForm label="Name of the new folder" act="Make" name="" onName={create} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** What can be done with the folder that is shown; nothing with those that a mail client needs. */
export function FolderMenu(props: MailPanel & { readonly of: FolderView }) {
  const { view, port, of } = props;
  const [isNaming, setNaming] = useState(false);
  const isOwn = view.isRemote && of.role === undefined;
  if (!isOwn && of.role !== "trash") return null;
  const remove = async (): Promise<void> => {
    const result = await port.tryTo<WorkResult>("folder.remove", { folder: of.folder });
    if (result?.problems.length === 0) openFolder(props, "inbox");
  };
  const rename = async (name: string): Promise<void> => {
    const result = await port.tryTo<WorkResult>("folder.rename", { folder: of.folder, name });
    if (result?.problems.length !== 0) return;
    setNaming(false);
    openFolder(props, of.folder.slice(0, of.folder.length - of.name.length) + name);
  };
  return (
    // What opens it is the menu's item, not the place where it stands: that has no role to open anything.
    <Popover
      opened={isNaming}
      onChange={setNaming}
      withRoles={false}
      trapFocus
      position="bottom-end"
      withArrow
      shadow="md"
    >
      <Popover.Target>
        <span>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={`More about the folder ${of.name}`}>
                <IconDotsVertical size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {of.role === "trash" && (
                <Menu.Item leftSection={<IconTrash size={14} />} onClick={() => port.tryTo("trash.empty")}>
                  Empty the trash
                </Menu.Item>
              )}
              {isOwn && (
                <Menu.Item leftSection={<IconEdit size={14} />} onClick={() => setNaming(true)}>
                  Rename
                </Menu.Item>
              )}
              {isOwn && (
                <Menu.Item leftSection={<IconFolderMinus size={14} />} onClick={remove}>
                  Remove, with its messages
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </span>
      </Popover.Target>
      <Popover.Dropdown>
        <NameForm label={`New name of ${of.name}`} act="Rename" name={of.name} onName={rename} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface NameFormProps {
  readonly label: string;
  readonly act: string;
  readonly name: string;
  readonly onName: (name: string) => Promise<void>;
}

function NameForm({ label, act, name, onName }: NameFormProps) {
  const [text, setText] = useState(name);
  const [busy, run] = useBusy();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    run(() => onName(text.trim()));
  };
  return (
    <form onSubmit={submit}>
      <Group gap={6} align="flex-end" wrap="nowrap">
        <TextInput
          label={label}
          data-autofocus
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={text.trim() === "" || text.trim() === name}>
          {act}
        </Button>
      </Group>
    </form>
  );
}
