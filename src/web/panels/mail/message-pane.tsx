/** One message: who, when, what; its text or HTML, its attachments, its source; and what can be done with it. */

import { ActionIcon, Button, Group, SegmentedControl, Text, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowBackUpDouble,
  IconArrowForwardUp,
  IconArrowLeft,
  IconMail,
  IconPencil,
  IconTrash,
  type TablerIcon,
} from "@tabler/icons-react";
import { useState } from "react";
import type { MessageView } from "../../../engine/panels/mail/view.ts";
import { Loading } from "../../host/loading.tsx";
import { usePanelLook } from "../panel.ts";
import { formatDateLong, formatOctets } from "../parts/format.ts";
import { Attachments } from "./attachments.tsx";
import { answerTo, draftAgain, forwardOf } from "./letter.ts";
import classes from "./mail.module.css";
import { HtmlBody, SourceBody, TextBody } from "./message-body.tsx";
import { MoveMenu } from "./move-menu.tsx";
import { composing, type MailPanel } from "./screen.ts";

interface Props extends MailPanel {
  readonly id: number;
}

type Form = "html" | "text" | "source";

export function MessagePane(props: Props) {
  const { host, view, id, screen, onScreen } = props;
  const { answer: message, problem } = usePanelLook<MessageView>(
    host,
    "mail",
    "message",
    { id },
    view.revision,
  );
  const [form, setForm] = useState<Form>();
  if (
    problem !== undefined ||
    (message !== undefined && screen.kind === "folder" && message.folder !== screen.folder)
  ) {
    return <Gone {...props} />;
  }
  if (message === undefined) return <Loading what="the message" />;
  const forms = formsOf(message);
  const shown = form !== undefined && forms.includes(form) ? form : forms[0];
  return (
    <article className={classes.message} aria-label={message.subject || "Message without subject"}>
      <MessageActions
        {...props}
        message={message}
        onBack={() => onScreen({ kind: "folder", folder: message.folder, open: undefined })}
      />
      <MessageHead message={message} />
      <Attachments {...props} message={message} />
      {!message.isHere && <NotHere {...props} message={message} />}
      <Group className={classes.forms} justify="space-between" wrap="nowrap">
        <SegmentedControl
          size="xs"
          aria-label="Form of the message"
          value={shown}
          onChange={(value) => setForm(value as Form)}
          data={forms.map((value) => ({ value, label: FORM_NAMES[value] }))}
        />
      </Group>
      {shown === "html" && <HtmlBody {...props} message={message} />}
      {shown === "text" && <TextBody text={message.text ?? ""} />}
      {shown === "source" && <SourceBody {...props} isHere={message.sourceIsHere} />}
    </article>
  );
}

/** Forgotten meanwhile, or never opened: who looks asks nobody, so the person has to. */
function NotHere({ port, view, message: { id, octets } }: Props & { readonly message: MessageView }) {
  if (view.activity !== undefined) return <Loading what="the message" />;
  return (
    <Group className={classes.note} gap="xs">
      <Text size="sm">The text is on the server.</Text>
      <Button size="compact-sm" variant="default" onClick={() => port.tryTo("open", { id })}>
        Fetch it (of {formatOctets(octets)})
      </Button>
    </Group>
  );
}

function MessageHead({ message }: { readonly message: MessageView }) {
  const { subject, from, to, cc, bcc, dateMs, date } = message;
  const rows = [
    ["From", from],
    ["To", to],
    ["Cc", cc],
    ["Bcc", bcc],
    ["Date", dateMs === undefined ? date : formatDateLong(dateMs)],
  ].filter(([, value]) => value !== "");
  return (
    <header className={classes.head}>
      <h2 className={classes.title}>{subject || "(no subject)"}</h2>
      <dl className={classes.fields}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

interface ActionsProps extends Props {
  readonly message: MessageView;
  readonly onBack: () => void;
}

function MessageActions(props: ActionsProps) {
  const { message, port, view, onScreen, onBack } = props;
  const { id, folder, role, isHere } = message;
  const own = view.account?.address ?? "";
  // Back at once: where the person goes while the server is told is for him to say.
  const leave = (action: string, value: object): void => {
    onBack();
    port.tryTo(action, { ids: [id], ...value });
  };
  const remove = (): void => leave("delete", {});
  const keepUnread = (): void => leave("mark", { unread: true });
  const move = (to: string): void => leave("move", { folder: to });
  return (
    <Group className={classes.actions} gap={2} wrap="nowrap">
      <span className={classes.back}>
        <Action label="Back to the list" Icon={IconArrowLeft} onClick={onBack} />
      </span>
      {isHere && role === "drafts" && (
        <Action
          label="Go on writing"
          Icon={IconPencil}
          onClick={() => onScreen(composing(draftAgain(message)))}
        />
      )}
      {isHere && role !== "drafts" && (
        <>
          <Action
            label="Reply"
            Icon={IconArrowBackUp}
            onClick={() => onScreen(composing(answerTo(message, own, false)))}
          />
          <Action
            label="Reply to all"
            Icon={IconArrowBackUpDouble}
            onClick={() => onScreen(composing(answerTo(message, own, true)))}
          />
          <Action
            label="Forward"
            Icon={IconArrowForwardUp}
            onClick={() => onScreen(composing(forwardOf(message)))}
          />
          <Action label="Mark as unread" Icon={IconMail} onClick={keepUnread} />
        </>
      )}
      {role === "trash" && (
        <Action label="Back into the inbox" Icon={IconArrowBackUp} onClick={() => move("inbox")} />
      )}
      <MoveMenu {...props} from={folder} label="Move to a folder" onMove={move} />
      <Action label={role === "trash" ? "Delete for good" : "Delete"} Icon={IconTrash} onClick={remove} />
    </Group>
  );
}

function Action({ label, Icon, onClick }: { label: string; Icon: TablerIcon; onClick: () => void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>
        <Icon size={17} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

function Gone({ screen, onScreen }: MailPanel) {
  const back = (): void => {
    if (screen.kind === "folder") onScreen({ ...screen, open: undefined });
  };
  return (
    <Group className={classes.actions} gap="xs">
      <Action label="Back to the list" Icon={IconArrowLeft} onClick={back} />
      <Text size="sm" c="dimmed">
        This message is not here any more.
      </Text>
    </Group>
  );
}

function formsOf({ html, text, isHere }: MessageView): readonly Form[] {
  if (!isHere) return ["source"];
  return [
    ...(html === undefined ? [] : (["html"] as const)),
    ...(text === undefined && html !== undefined ? [] : (["text"] as const)),
    "source",
  ];
}

const FORM_NAMES: Readonly<Record<Form, string>> = { html: "HTML", text: "Text", source: "Source" };
