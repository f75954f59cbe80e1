/** A letter that is written: recipients, subject, rich text, attachments; sent, kept as a draft, or thrown away. */

import { Button, Group, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDeviceFloppy, IconSend, IconTrash } from "@tabler/icons-react";
import { type Editor, useEditor } from "@tiptap/react";
import { type FormEvent, useMemo, useState } from "react";
import type { DraftResult, FieldProblem, SendResult } from "../../../engine/panels/mail/view.ts";
import { tellProblem } from "../../app/act.ts";
import { useBusy } from "../panel.ts";
import { safeFragment } from "../parts/safe-html.ts";
import { ComposeFiles } from "./compose-files.tsx";
import { ComposeProblems } from "./compose-problems.tsx";
import { ComposeText, letterExtensions } from "./compose-text.tsx";
import { filesOfDraft, isEmpty, letterOf, type Writing } from "./letter.ts";
import classes from "./mail.module.css";
import type { MailPanel } from "./screen.ts";

interface Props extends MailPanel {
  readonly writing: Writing;
}

export default function ComposeScreen(props: Props) {
  const { view, onScreen } = props;
  const [writing, setWriting] = useState(props.writing);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const [busy, run] = useBusy();
  const content = useMemo(() => safeFragment(props.writing.body), [props.writing.body]);
  const editor = useEditor({
    extensions: letterExtensions,
    content,
    shouldRerenderOnTransaction: true,
    autofocus: props.writing.to === "" ? false : "start",
    editorProps: {
      attributes: { "aria-label": "Text of the message", role: "textbox", "aria-multiline": "true" },
    },
  });
  const change = (patch: Partial<Writing>): void => {
    const fields = Object.keys(patch);
    // Of what is there then: an answer may have changed both since this was drawn.
    setWriting((current) => ({ ...current, ...patch }));
    setProblems((current) => current.filter(({ field }) => field === undefined || !fields.includes(field)));
  };
  const leave = (): void => onScreen({ kind: "folder", folder: "inbox", open: undefined });
  const acts = useLetterActs(props, writing, editor, { change, setProblems, leave });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    run(acts.send);
  };
  return (
    <form className={classes.compose} onSubmit={submit} aria-label="New message" noValidate>
      <ComposeProblems problems={problems} onScreen={onScreen} />
      <Recipients writing={writing} problems={problems} onChange={change} />
      <ComposeText editor={editor} />
      <ComposeFiles
        {...props}
        files={writing.files}
        problems={problems}
        onFiles={(files) => change({ files })}
      />
      <Group className={classes.composeFoot} gap={6}>
        <Button
          type="submit"
          leftSection={<IconSend size={14} />}
          loading={busy}
          disabled={view.activity !== undefined}
        >
          Send
        </Button>
        <Button variant="default" leftSection={<IconDeviceFloppy size={14} />} onClick={() => run(acts.keep)}>
          Keep as draft
        </Button>
        <Button variant="subtle" color="gray" ml="auto" leftSection={<IconTrash size={14} />} onClick={leave}>
          Discard
        </Button>
      </Group>
    </form>
  );
}

interface Effects {
  readonly change: (patch: Partial<Writing>) => void;
  readonly setProblems: (problems: readonly FieldProblem[]) => void;
  readonly leave: () => void;
}

function useLetterActs({ port }: Props, writing: Writing, editor: Editor | null, effects: Effects) {
  const letter = () => letterOf(writing, editor?.getJSON() ?? {}, editor?.getHTML() ?? "");
  const send = async (): Promise<void> => {
    try {
      const { sent, problems, draft, recipients } = await port.act<SendResult>("send", letter());
      effects.setProblems(problems);
      if (draft !== undefined && draft !== writing.draft)
        effects.change({ draft, files: filesOfDraft(writing, draft) });
      if (!sent) return;
      const delivered = recipients
        .filter(({ outcome }) => outcome === "delivered")
        .map(({ address }) => address);
      notifications.show({ color: "green", message: `Sent to ${delivered.join(", ")}`, autoClose: 3_500 });
      for (const { message } of problems)
        notifications.show({ color: "red", title: "Not to everybody", message, autoClose: 12_000 });
      effects.leave();
    } catch (error) {
      tellProblem(error);
    }
  };
  const keep = async (): Promise<void> => {
    const { text } = letter();
    if (isEmpty(writing, text)) return effects.leave();
    const kept = await port.tryTo<DraftResult>("draft.keep", letter());
    if (kept === undefined) return;
    effects.setProblems(kept.problems);
    if (kept.problems.length > 0) return;
    notifications.show({ message: "Kept as a draft", autoClose: 2_500 });
    effects.leave();
  };
  return { send, keep };
}

interface RecipientsProps {
  readonly writing: Writing;
  readonly problems: readonly FieldProblem[];
  readonly onChange: (patch: Partial<Writing>) => void;
}

function Recipients({ writing, problems, onChange }: RecipientsProps) {
  const [more, setMore] = useState(writing.cc !== "" || writing.bcc !== "");
  const field = (name: "to" | "cc" | "bcc" | "subject") => ({
    value: writing[name],
    error: problems.find((problem) => problem.field === name)?.message,
    autoComplete: "off",
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <div className={classes.recipients}>
      <Group gap={6} align="flex-start" wrap="nowrap">
        <TextInput
          flex={1}
          label="To"
          placeholder="bob@hamburger.edu, Carol <carol@example.org>"
          autoFocus={writing.to === ""}
          {...field("to")}
        />
        {!more && (
          <Button variant="subtle" size="compact-xs" mt={24} onClick={() => setMore(true)}>
            Cc, Bcc
          </Button>
        )}
      </Group>
      {more && <TextInput label="Cc" {...field("cc")} />}
      {more && <TextInput label="Bcc" description="Nobody else sees them." {...field("bcc")} />}
      <TextInput label="Subject" {...field("subject")} />
    </div>
  );
}
