/** The files that go with a letter: chosen, dropped, or of the host itself. */

import { ActionIcon, Button, FileButton, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconFile, IconFilePlus, IconPaperclip, IconX } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import type { FieldProblem } from "../../../engine/panels/mail/view.ts";
import { tellProblem } from "../../app/act.ts";
import { useEngine, useRequest } from "../../engine/hooks.ts";
import { formatOctets } from "../parts/format.ts";
import { base64OfFile } from "../parts/octets.ts";
import type { WritingFile } from "./letter.ts";
import classes from "./mail.module.css";
import { mediaTypeOf } from "./media-type.ts";

interface Props {
  readonly host: string;
  readonly files: readonly WritingFile[];
  readonly problems: readonly FieldProblem[];
  readonly onFiles: (files: readonly WritingFile[]) => void;
  /** Opens another program of the host. */
  readonly onOpen: (tab: string) => void;
}

export function ComposeFiles({ host, files, problems, onFiles, onOpen }: Props) {
  const [over, setOver] = useState(false);
  const problem = problems.find(({ field }) => field === "attachments");
  const add = async (chosen: readonly File[]): Promise<void> => {
    try {
      onFiles([...files, ...(await Promise.all(chosen.map(writingFile)))]);
    } catch (error) {
      tellProblem(error);
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    add([...event.dataTransfer.files]);
  };
  const dragOver = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same.
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDrop={drop}
      onDragOver={dragOver}
      onDragLeave={() => setOver(false)}
    >
      <Group gap={4}>
        <FileButton
          multiple
          onChange={(chosen) => add(chosen)}
          inputProps={{ "aria-label": "Files to attach" }}
        >
          {(props) => (
            <Button {...props} variant="subtle" size="compact-sm" leftSection={<IconPaperclip size={14} />}>
              Attach
            </Button>
          )}
        </FileButton>
        <HostFiles host={host} onAdd={(file) => onFiles([...files, file])} onFiles={() => onOpen("editor")} />
        {files.length === 0 && (
          <Text size="xs" c="dimmed">
            or drop files here
          </Text>
        )}
      </Group>
      {files.length > 0 && <FileChips files={files} onFiles={onFiles} />}
      {problem && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem.message}
        </Text>
      )}
    </div>
  );
}

function FileChips({ files, onFiles }: Pick<Props, "files" | "onFiles">) {
  return (
    <ul className={classes.chips} aria-label="Files of this message">
      {files.map((file, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may be the same, and only go.
        <li key={i} className={classes.chip}>
          <IconFile size={13} aria-hidden />
          <span className={classes.fileName}>{file.name}</span>
          <Text span size="xs" c="dimmed">
            {formatOctets(file.octets)}
          </Text>
          <ActionIcon
            size={18}
            aria-label={`Remove ${file.name}`}
            onClick={() => onFiles(files.filter((other) => other !== file))}
          >
            <IconX size={12} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}

interface HostFilesProps {
  readonly host: string;
  readonly onAdd: (file: WritingFile) => void;
  /** Opens the program where files are written. */
  readonly onFiles: () => void;
}

function HostFiles({ host, onAdd, onFiles }: HostFilesProps) {
  const engine = useEngine();
  const { data: files = [], again } = useRequest("file.list", { host });
  const add = async (name: string, octets: number): Promise<void> => {
    try {
      const { content } = await engine.request("file.read", { host, name });
      onAdd({ name, octets, source: { name, type: mediaTypeOf(name), content } });
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <Menu position="bottom-start" onOpen={again}>
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" rightSection={<IconChevronDown size={13} />}>
          From {host}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.length === 0 && (
          <Menu.Item leftSection={<IconFilePlus size={14} />} onClick={onFiles}>
            No files yet: write one
          </Menu.Item>
        )}
        {files.map(({ name, octets }) => (
          <Menu.Item key={name} leftSection={<IconFile size={14} />} onClick={() => add(name, octets)}>
            {name} ({formatOctets(octets)})
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

async function writingFile(file: File): Promise<WritingFile> {
  const content = await base64OfFile(file);
  const type = file.type || mediaTypeOf(file.name);
  return { name: file.name, octets: file.size, source: { name: file.name, type, content } };
}
