/** The three forms in which a message can be looked at. */

import { Button, Group, Text } from "@mantine/core";
import { IconPhotoOff } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import type { AttachmentView, MessageView } from "../../../engine/panels/mail/view.ts";
import { Loading } from "../../host/loading.tsx";
import { usePanelLook, usePanelPort } from "../panel.ts";
import { HtmlFrame } from "../parts/html-frame.tsx";
import { textOf } from "../parts/octets.ts";
import { safeMail } from "../parts/safe-html.ts";
import classes from "./mail.module.css";
import type { MailPanel } from "./screen.ts";

interface Props extends MailPanel {
  readonly message: MessageView;
}

export function HtmlBody(props: Props) {
  const { message, onOpen, host } = props;
  const pictures = useInlinePictures(props);
  const safe = useMemo(() => safeMail(message.html ?? "", pictures), [message.html, pictures]);
  return (
    <>
      {safe.blocked > 0 && (
        <Group className={classes.note} gap={6} wrap="nowrap">
          <IconPhotoOff size={15} aria-hidden />
          <Text size="xs">
            Remote images and the like are blocked ({safe.blocked}): to load them would tell the sender that
            the mail was read.
          </Text>
        </Group>
      )}
      <HtmlFrame title={`The message ${message.subject}`} html={safe.html} />
      {safe.links.length > 0 && (
        <Group className={classes.links} gap={4}>
          <Text size="xs" c="dimmed">
            Links in it:
          </Text>
          {safe.links.map((link) => (
            <LinkOut key={link} link={link} host={host} onOpen={onOpen} />
          ))}
        </Group>
      )}
    </>
  );
}

/** Into the browser of the same host, which stays within the network; the page itself leads nowhere. */
function LinkOut({ link, host, onOpen }: { readonly link: string } & Pick<MailPanel, "onOpen" | "host">) {
  const browser = usePanelPort(host, "browser");
  if (!link.toLowerCase().startsWith("http://")) {
    return (
      <Text size="xs" className="mono">
        {link}
      </Text>
    );
  }
  const go = (): void => {
    onOpen("browser");
    browser.tryTo("go", { url: link });
  };
  return (
    <Button size="compact-xs" variant="subtle" onClick={go} title={`${link}, in the browser of ${host}`}>
      {link}
    </Button>
  );
}

export function TextBody({ text }: { readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys.
    <section className={classes.scroll} tabIndex={0} aria-label="Text of the message">
      <pre className={classes.text}>{text}</pre>
    </section>
  );
}

interface SourceProps extends MailPanel {
  readonly id: number;
  readonly isHere: boolean;
}

export function SourceBody({ host, port, id, isHere }: SourceProps) {
  const { answer } = usePanelLook<{ content: string }>(host, "mail", "source", isHere ? { id } : undefined);
  const text = useMemo(() => (answer === undefined ? undefined : textOf(answer.content)), [answer]);
  if (!isHere) {
    return (
      <Group className={classes.note} gap="xs">
        <Text size="sm">The source is on the server.</Text>
        <Button size="compact-sm" variant="default" onClick={() => port.tryTo("source.fetch", { id })}>
          Fetch all of it
        </Button>
      </Group>
    );
  }
  if (text === undefined) return <Loading what="the source" />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys.
    <section className={classes.scroll} tabIndex={0} aria-label="Source of the message">
      <pre className={classes.source}>
        {text.slice(0, SOURCE_MAX)}
        {text.length > SOURCE_MAX && `\n(${text.length - SOURCE_MAX} more characters)`}
      </pre>
    </section>
  );
}

/** Pictures that the HTML refers to by their Content-ID, as data. */
function useInlinePictures({ port, message }: Props): ReadonlyMap<string, string> {
  const [pictures, setPictures] = useState<ReadonlyMap<string, string>>(NO_PICTURES);
  // As text: the message is asked for again with every change of the mailbox, and its files are the same then.
  const wanted = JSON.stringify(message.files.filter(isInlinePicture));
  useEffect(() => {
    const inline = JSON.parse(wanted) as readonly AttachmentView[];
    if (inline.length === 0) return;
    let current = true;
    const load = async ({ index, contentId = "", type }: AttachmentView) => {
      const { content } = await port.look<{ content: string }>("attachment", { id: message.id, index });
      return [contentId, `data:${type};base64,${content}`] as const;
    };
    Promise.all(inline.map(load)).then(
      (loaded) => current && setPictures(new Map(loaded)),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [port, message.id, wanted]);
  return pictures;
}

function isInlinePicture({ contentId, type, octets, isHere }: AttachmentView): boolean {
  return isHere && contentId !== undefined && PICTURES.test(type) && octets <= PICTURE_MAX;
}

const NO_PICTURES: ReadonlyMap<string, string> = new Map();
const PICTURES = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;
const PICTURE_MAX = 8 * 1024 * 1024;
/** A browser lays out so much text without a pause. */
const SOURCE_MAX = 300_000;
