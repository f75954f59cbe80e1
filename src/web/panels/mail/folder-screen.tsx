/** A folder: search, the list of its messages, and the message that is open. */

import { ActionIcon, Button, Group, Menu, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDotsVertical, IconMail, IconMailOpened, IconSearch, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Folder, MessageList, MessageRow } from "../../../engine/panels/mail/view.ts";
import { usePanelLook } from "../panel.ts";
import classes from "./mail.module.css";
import { MessageLine } from "./message-line.tsx";
import { MessagePane } from "./message-pane.tsx";
import { FOLDER_NAMES, type MailPanel } from "./screen.ts";

interface Props extends MailPanel {
  readonly folder: Folder;
  /** The message that is shown. */
  readonly open: number | undefined;
}

export function FolderScreen(props: Props) {
  const { host, view, port, folder, open, onScreen } = props;
  const [search, setSearch] = useState("");
  const [count, setCount] = useState(PAGE);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [words] = useDebouncedValue(search, 200);
  const { answer: list } = usePanelLook<MessageList>(
    host,
    "mail",
    "list",
    { folder, search: words, from: 0, count },
    view.revision,
  );
  const rows = list?.rows ?? [];
  const show = (row: MessageRow): void => {
    onScreen({ kind: "folder", folder, open: row.id });
    if (row.unread) port.tryTo("mark", { ids: [row.id], unread: false });
  };
  const choose = (id: number, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  const ids = rows.map(({ id }) => id).filter((id) => chosen.has(id));
  return (
    <div className={classes.content} data-open={open !== undefined || undefined}>
      <div className={classes.list}>
        <ListHead
          {...props}
          search={search}
          onSearch={setSearch}
          ids={ids}
          onDone={() => setChosen(new Set())}
        />
        <div className={classes.lines}>
          <ul aria-label={FOLDER_NAMES[folder]}>
            {rows.map((row) => (
              <MessageLine
                key={row.id}
                row={row}
                current={row.id === open}
                chosen={chosen.has(row.id)}
                onOpen={() => show(row)}
                onChoose={(on) => choose(row.id, on)}
              />
            ))}
          </ul>
          {list !== undefined && rows.length === 0 && <Nothing folder={folder} search={words} />}
          {list !== undefined && list.total > rows.length && (
            <Button variant="subtle" m="xs" onClick={() => setCount(Math.min(1_000, count + PAGE))}>
              Older messages ({list.total - rows.length})
            </Button>
          )}
        </div>
      </div>
      <div className={classes.pane}>
        {open === undefined ? (
          <Text size="sm" c="dimmed" m="auto">
            Choose a message to read it.
          </Text>
        ) : (
          <MessagePane key={open} {...props} id={open} />
        )}
      </div>
    </div>
  );
}

interface HeadProps extends Props {
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** The messages that are chosen. */
  readonly ids: readonly number[];
  readonly onDone: () => void;
}

function ListHead({ port, folder, search, onSearch, ids, onDone }: HeadProps) {
  const act = async (action: string, value: object): Promise<void> => {
    await port.tryTo(action, { ids, ...value });
    onDone();
  };
  return (
    <Group className={classes.listHead} gap={4} wrap="nowrap">
      <TextInput
        flex={1}
        aria-label={`Search in ${FOLDER_NAMES[folder]}`}
        placeholder="Search"
        leftSection={<IconSearch size={14} />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      {ids.length > 0 && (
        <>
          <ActionIcon
            aria-label={`Mark ${ids.length} as read`}
            onClick={() => act("mark", { unread: false })}
          >
            <IconMailOpened size={16} />
          </ActionIcon>
          <ActionIcon
            aria-label={`Mark ${ids.length} as unread`}
            onClick={() => act("mark", { unread: true })}
          >
            <IconMail size={16} />
          </ActionIcon>
          <ActionIcon aria-label={`Delete ${ids.length}`} onClick={() => act("delete", {})}>
            <IconTrash size={16} />
          </ActionIcon>
        </>
      )}
      {folder === "trash" && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label="More about the trash">
              <IconDotsVertical size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconTrash size={14} />} onClick={() => port.tryTo("trash.empty")}>
              Empty the trash
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}

function Nothing({ folder, search }: { readonly folder: Folder; readonly search: string }) {
  const words = search !== "" ? "No message has these words." : EMPTY[folder];
  return (
    <Text size="sm" c="dimmed" p="md" ta="center">
      {words}
    </Text>
  );
}

const EMPTY: Readonly<Record<Folder, string>> = {
  inbox: "No messages. Receive asks the incoming server for new ones.",
  sent: "Nothing was sent yet.",
  drafts: "No drafts.",
  trash: "The trash is empty.",
};
const PAGE = 200;
