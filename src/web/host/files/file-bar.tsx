/** What can be done with one file. Whatever loses something asks first. */

import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowLeft,
  IconDeviceFloppy,
  IconDownload,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import type { FileContent } from "./content.ts";
import type { FileProps } from "./file-view.tsx";
import classes from "./files.module.css";
import { NameForm } from "./name-form.tsx";

interface Props extends FileProps {
  readonly content: FileContent | undefined;
  /** Something was typed that is not saved. */
  readonly isChanged: boolean;
  readonly onSave: () => void;
  readonly onDownload: () => void;
}

export function FileBar(props: Props) {
  const { file, content, isChanged, onSave, onClose } = props;
  return (
    <Group className={classes.bar} gap={4} wrap="nowrap">
      <ActionIcon className={classes.back} aria-label="Back to the files" onClick={onClose}>
        <IconArrowLeft size={16} />
      </ActionIcon>
      <Text size="sm" fw={600} truncate flex={1}>
        {file.name}
        {isChanged && <span title="not saved"> •</span>}
      </Text>
      {content?.kind === "text" && (
        <Button
          size="compact-sm"
          leftSection={<IconDeviceFloppy size={14} />}
          disabled={!isChanged}
          onClick={onSave}
        >
          Save
        </Button>
      )}
      {content !== undefined && <Acts {...props} />}
    </Group>
  );
}

function Acts({ file, taken, ask, isChanged, onDraft, onRename, onRemove, onDownload }: Props) {
  const { name, octets, draft } = file;
  const isThere = octets !== undefined;
  const discard = (): void =>
    ask({
      title: `Discard what was typed in ${name}?`,
      text: "The file is shown again as it was saved.",
      act: "Discard",
      onYes: () => onDraft(undefined),
    });
  const remove = (): void => {
    const back = `To have it back, go back in time${isChanged ? "; what is not saved is lost" : ""}.`;
    const text = isThere ? back : "It was never saved.";
    if (!isThere && draft === "") onRemove();
    else ask({ title: `Delete ${name}?`, text, act: "Delete", onYes: onRemove });
  };
  return (
    <>
      {isThere && isChanged && (
        <Tooltip label="Discard what is not saved">
          <ActionIcon aria-label={`Discard what was typed in ${name}`} onClick={discard}>
            <IconArrowBackUp size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label="Save it on this computer">
        <ActionIcon aria-label={`Download ${name}`} onClick={onDownload}>
          <IconDownload size={15} />
        </ActionIcon>
      </Tooltip>
      <NameForm taken={taken} initial={name} act="Rename" onName={onRename}>
        <ActionIcon aria-label={`Rename ${name}`} title="Rename">
          <IconPencil size={15} />
        </ActionIcon>
      </NameForm>
      <Tooltip label="Delete">
        <ActionIcon aria-label={`Delete ${name}`} onClick={remove}>
          <IconTrash size={15} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
