/** One file: text in an editor with Save, a picture as a picture, anything else to be saved on this computer. */

import { Button, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useAct } from "../../app/act.ts";
import { useRequest } from "../../engine/hooks.ts";
import { formatOctets } from "../../panels/parts/format.ts";
import { base64OfText, blobOf, saveFile } from "../../panels/parts/octets.ts";
import { Loading } from "../loading.tsx";
import type { Question } from "./ask-dialog.tsx";
import { contentOf, type FileContent, TEXT_MAX } from "./content.ts";
import { FileBar } from "./file-bar.tsx";
import classes from "./files.module.css";
import { TextEditor } from "./text-editor.tsx";
import type { ShownFile } from "./use-files.ts";

export interface FileProps {
  readonly host: string;
  readonly file: ShownFile;
  /** Names that there are. */
  readonly taken: readonly string[];
  readonly ask: (question: Question) => void;
  readonly onDraft: (text: string | undefined) => void;
  readonly onSaved: () => void;
  readonly onRename: (to: string) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

export function FileView(props: FileProps) {
  const { host, onDraft, onSaved } = props;
  const { name, octets, draft } = props.file;
  const isThere = octets !== undefined;
  const { data, error, loading, again } = useRequest("file.read", isThere ? { host, name } : undefined);
  const base64 = isThere ? data?.content : undefined;
  const found = useMemo(() => (base64 === undefined ? undefined : contentOf(name, base64)), [name, base64]);
  const saved = found?.kind === "text" ? found.text : undefined;
  const content = draft === undefined ? found : ({ kind: "text", text: draft } as const);
  const act = useAct();
  const [saving, setSaving] = useState(false);
  const save = async (): Promise<void> => {
    if (draft === undefined) return;
    setSaving(true);
    await act("file.write", { host, name, content: base64OfText(draft) });
    setSaving(false);
    again();
    onSaved();
  };
  // While it is on its way, what is known of the file is no longer so.
  const isSaved = draft !== undefined && draft === saved && !saving && !loading;
  useEffect(() => {
    if (isSaved) onDraft(undefined);
  }, [isSaved, onDraft]);
  const download = (): void =>
    saveFile(name, content?.kind === "text" ? new Blob([content.text]) : blobOf(base64 ?? ""));
  return (
    <>
      <FileBar
        {...props}
        content={content}
        isChanged={draft !== undefined && draft !== saved}
        onSave={save}
        onDownload={download}
      />
      {content !== undefined && (
        <Content name={name} content={content} onText={onDraft} onSave={save} onDownload={download} />
      )}
      {content === undefined &&
        (isThere && error === undefined ? (
          <Loading what={name} />
        ) : (
          <Text size="sm" p="md" role="alert">
            {error?.message ?? `There is no file ${name} any more.`}
          </Text>
        ))}
    </>
  );
}

interface ContentProps {
  readonly name: string;
  readonly content: FileContent;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
  readonly onDownload: () => void;
}

function Content({ name, content, onText, onSave, onDownload }: ContentProps) {
  if (content.kind === "text") {
    return <TextEditor name={name} text={content.text} onText={onText} onSave={onSave} />;
  }
  if (content.kind === "picture") return <img className={classes.picture} src={content.url} alt={name} />;
  return (
    <Stack m="auto" p="md" gap="sm" align="center">
      <Text size="sm" c="dimmed">
        {content.kind === "large"
          ? `This text has ${formatOctets(content.length)}: too large to be edited here (at most ${formatOctets(TEXT_MAX)}).`
          : `These ${content.length} octets are no text.`}
      </Text>
      <Button variant="default" leftSection={<IconDownload size={15} />} onClick={onDownload}>
        Save it on this computer
      </Button>
    </Stack>
  );
}
