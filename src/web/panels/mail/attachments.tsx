/** The files of a message: saved with a click, pictures shown. */

import { Button, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconDownload, IconFile, IconPhoto } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { AttachmentView, MessageView, WorkResult } from "../../../engine/panels/mail/view.ts";
import { tellProblem } from "../../app/act.ts";
import type { PanelPort } from "../panel.ts";
import { formatOctets } from "../parts/format.ts";
import { blobOf, saveFile } from "../parts/octets.ts";
import classes from "./mail.module.css";
import type { MailPanel } from "./screen.ts";

interface Props extends MailPanel {
  readonly message: MessageView;
}

export function Attachments(props: Props) {
  const { message } = props;
  // What stands in the HTML is shown there.
  const files = message.files.filter(
    ({ contentId }) => contentId === undefined || message.html === undefined,
  );
  if (files.length === 0) return null;
  return (
    <ul className={classes.files} aria-label="Attachments">
      {files.map((file) => (
        <li key={file.index}>
          <FileCard {...props} file={file} />
        </li>
      ))}
    </ul>
  );
}

function FileCard({ message, port, file }: Props & { readonly file: AttachmentView }) {
  const { index, name, type, octets, isHere } = file;
  const isPicture = PICTURES.test(type);
  const Icon = isPicture ? IconPhoto : IconFile;
  const load = async (): Promise<Blob> => {
    if (!isHere) await fetchFile(port, message.id, index);
    const { content } = await port.look<{ content: string }>("attachment", { id: message.id, index });
    return blobOf(content, type);
  };
  const save = (): void => {
    load().then((blob) => saveFile(name, blob), tellProblem);
  };
  return (
    <div className={classes.file}>
      {isPicture && isHere && octets <= PREVIEW_MAX && <Preview name={name} load={load} />}
      <Tooltip label={`Save ${name}`}>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<Icon size={14} aria-hidden />}
          rightSection={<IconDownload size={13} aria-hidden />}
          onClick={save}
        >
          <VisuallyHidden>Save </VisuallyHidden>
          <span className={classes.fileName}>{name}</span>
          <Text span size="xs" c="dimmed" ml={6}>
            {isHere ? formatOctets(octets) : `about ${formatOctets(octets)}`}
          </Text>
        </Button>
      </Tooltip>
    </div>
  );
}

/** By IMAP a file stays on the server until somebody wants it. */
async function fetchFile(port: PanelPort, id: number, index: number): Promise<void> {
  const { problems } = await port.act<WorkResult>("attachment.fetch", { id, index });
  if (problems.length > 0) throw new Error(problems[0].message);
}

function Preview({ name, load }: { readonly name: string; readonly load: () => Promise<Blob> }) {
  const [url, setUrl] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a message never changes.
  useEffect(() => {
    let made: string | undefined;
    let current = true;
    load().then(
      (blob) => {
        if (!current) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      () => {},
    );
    return () => {
      current = false;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, []);
  return url === undefined ? null : <img className={classes.picture} src={url} alt={`Attachment ${name}`} />;
}

/** Those that every browser shows, and that carry no script. */
const PICTURES = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;
const PREVIEW_MAX = 8 * 1024 * 1024;
