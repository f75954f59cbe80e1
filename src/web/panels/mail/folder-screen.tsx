/** A folder: search, the list of its messages, and the message that is open. */

import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconMail, IconMailOpened, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { FolderRole, MessageList, MessageRow } from "../../../engine/panels/mail/view.ts";
import { usePanelLook } from "../panel.ts";
import { FolderMenu } from "./folder-menu.tsx";
import { type FolderSearch, SearchBox, useFolderSearch } from "./folder-search.tsx";
import classes from "./mail.module.css";
import { MessageLine } from "./message-line.tsx";
import { MessagePane } from "./message-pane.tsx";
import { MoveMenu } from "./move-menu.tsx";
import { folderOf, type MailPanel } from "./screen.ts";

interface Props extends MailPanel {
  readonly folder: string;
  /** The message that is shown. */
  readonly open: number | undefined;
}

export function FolderScreen(props: Props) {
  const { host, view, port, folder, open, onScreen } = props;
  const search = useFolderSearch(props, folder);
  const [count, setCount] = useState(PAGE);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const { words, field } = search.asked;
  const { answer: list } = usePanelLook<MessageList>(
    host,
    "mail",
    "list",
    { folder, search: words, field, from: 0, count },
    view.revision,
  );
  const rows = list?.rows ?? [];
  const { name, role } = folderOf(view, folder);
  const show = (row: MessageRow): void => {
    onScreen({ kind: "folder", folder, open: row.id });
    if (row.unread || !row.isHere) port.tryTo("open", { id: row.id });
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
        <ListHead {...props} search={search} ids={ids} onDone={() => setChosen(new Set())} />
        <div className={classes.lines}>
          <ul aria-label={name}>
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
          {list !== undefined && rows.length === 0 && view.activity === undefined && (
            <Nothing role={role} search={words} isKnown={list.isKnown} />
          )}
          <Older {...props} list={list} count={count} onCount={setCount} />
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
  readonly search: FolderSearch;
  /** The messages that are chosen. */
  readonly ids: readonly number[];
  readonly onDone: () => void;
}

function ListHead(props: HeadProps) {
  const { port, view, folder, ids, onDone } = props;
  const act = async (action: string, value: object): Promise<void> => {
    await port.tryTo(action, { ids, ...value });
    onDone();
  };
  return (
    <Group className={classes.listHead} gap={4} wrap="nowrap">
      <SearchBox {...props} />
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
          <MoveMenu
            {...props}
            from={folder}
            label={`Move ${ids.length} to a folder`}
            onMove={(to) => act("move", { folder: to })}
          />
          <ActionIcon aria-label={`Delete ${ids.length}`} onClick={() => act("delete", {})}>
            <IconTrash size={16} />
          </ActionIcon>
        </>
      )}
      <FolderMenu {...props} of={folderOf(view, folder)} />
    </Group>
  );
}

interface OlderProps extends MailPanel {
  readonly list: MessageList | undefined;
  readonly count: number;
  readonly onCount: (count: number) => void;
}

/** Those that the client has are shown; those that only the server has, it finds. */
function Older({ list, count, onCount }: OlderProps) {
  if (list === undefined || list.total <= list.rows.length) return null;
  const left = list.total - list.rows.length;
  if (list.rows.length < count) {
    return (
      <Text size="xs" c="dimmed" p="md" ta="center">
        {left} older messages are on the server: a search finds them.
      </Text>
    );
  }
  return (
    <Button variant="subtle" m="xs" onClick={() => onCount(Math.min(1_000, count + PAGE))}>
      Older messages ({left})
    </Button>
  );
}

interface NothingProps {
  readonly role: FolderRole | undefined;
  readonly search: string;
  readonly isKnown: boolean;
}

function Nothing({ role, search, isKnown }: NothingProps) {
  const known = search === "" ? EMPTY[role ?? "own"] : "No message has these words.";
  const words = isKnown ? known : "Receive asks the server what is in this folder.";
  return (
    <Text size="sm" c="dimmed" p="md" ta="center">
      {words}
    </Text>
  );
}

const EMPTY: Readonly<Record<FolderRole | "own", string>> = {
  inbox: "No messages. Receive asks the incoming server for new ones.",
  sent: "Nothing was sent yet.",
  drafts: "No drafts.",
  trash: "The trash is empty.",
  own: "The folder is empty.",
};
const PAGE = 200;
