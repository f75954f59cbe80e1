/** One file: text in an editor with Save, a picture as a picture, anything else to be saved. */

import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconDeviceFloppy, IconDownload, IconTrash } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useAct } from "../../app/act.ts";
import { useRequest } from "../../engine/hooks.ts";
import { base64OfText, blobOf, saveFile } from "../../panels/parts/octets.ts";
import { Loading } from "../loading.tsx";
import { contentOf, type FileContent } from "./content.ts";
import classes from "./files.module.css";
import { TextEditor } from "./text-editor.tsx";

interface Props {
  readonly host: string;
  readonly name: string;
  /** It is not there yet. */
  readonly isNew: boolean;
  readonly onSaved: () => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

export function FileView(props: Props) {
  const { host, name, isNew } = props;
  const { data, error } = useRequest("file.read", isNew ? undefined : { host, name });
  const base64 = isNew ? "" : data?.content;
  const content = useMemo(() => (base64 === undefined ? undefined : contentOf(name, base64)), [name, base64]);
  if (error !== undefined && content === undefined) {
    return (
      <Text size="sm" p="md" role="alert">
        {error.message}
      </Text>
    );
  }
  if (content === undefined) return <Loading what={name} />;
  return <Content key={base64} {...props} content={content} base64={base64 ?? ""} />;
}

interface ContentProps extends Props {
  readonly content: FileContent;
  readonly base64: string;
}

function Content({ content, base64, ...props }: ContentProps) {
  const { host, name, isNew, onSaved, onRemove, onClose } = props;
  const act = useAct();
  const [text, setText] = useState(content.kind === "text" ? content.text : "");
  const [saved, setSaved] = useState(isNew ? undefined : text);
  const isText = content.kind === "text";
  const save = async (): Promise<void> => {
    const done = await act("file.write", { host, name, content: base64OfText(text) });
    if (done === undefined) return;
    setSaved(text);
    onSaved();
  };
  return (
    <>
      <Group className={classes.bar} gap={4} wrap="nowrap">
        <ActionIcon className={classes.back} aria-label="Back to the files" onClick={onClose}>
          <IconArrowLeft size={16} />
        </ActionIcon>
        <Text size="sm" fw={600} truncate flex={1}>
          {name}
          {isText && text !== saved && <span title="not saved"> •</span>}
        </Text>
        {isText && (
          <Button
            size="compact-sm"
            leftSection={<IconDeviceFloppy size={14} />}
            disabled={text === saved}
            onClick={save}
          >
            Save
          </Button>
        )}
        <Tooltip label="Save it on this computer">
          <ActionIcon
            aria-label={`Download ${name}`}
            onClick={() => saveFile(name, isText ? new Blob([text]) : blobOf(base64))}
          >
            <IconDownload size={15} />
          </ActionIcon>
        </Tooltip>
        {!isNew && (
          <Tooltip label="Delete">
            <ActionIcon aria-label={`Delete ${name}`} onClick={onRemove}>
              <IconTrash size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      {content.kind === "text" && (
        <TextEditor name={name} text={content.text} onText={setText} onSave={save} />
      )}
      {content.kind === "picture" && <img className={classes.picture} src={content.url} alt={name} />}
      {content.kind === "octets" && (
        <Text size="sm" c="dimmed" m="auto" p="md">
          These {content.length} octets are no text.
        </Text>
      )}
    </>
  );
}
