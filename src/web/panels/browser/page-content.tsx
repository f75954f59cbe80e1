/** What the server sent: a page, text, a picture, a file to save; or why there is nothing. */

import { Button, Center, Stack, Text } from "@mantine/core";
import { IconDownload, IconPlugConnectedX } from "@tabler/icons-react";
import type { PageView } from "../../../engine/panels/browser/view.ts";
import { formatOctets } from "../parts/format.ts";
import { blobOf, saveFile } from "../parts/octets.ts";
import classes from "./browser.module.css";
import type { FormRequest } from "./form-request.ts";
import { PageFrame } from "./page-frame.tsx";

interface Props {
  readonly page: PageView;
  readonly sheet: "page" | "fields";
  readonly onGo: (url: string) => void;
  readonly onForm: (request: FormRequest) => void;
}

export function PageContent({ page, sheet, onGo, onForm }: Props) {
  if (page.problem !== undefined) return <NoPage page={page} />;
  if (sheet === "fields") return <Fields page={page} />;
  if (page.text !== undefined && page.type === "text/html")
    return <PageFrame page={page} onGo={onGo} onForm={onForm} />;
  if (page.text !== undefined) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys.
      <section className={classes.text} tabIndex={0} aria-label={`The text ${page.url}`}>
        <pre>{page.text}</pre>
      </section>
    );
  }
  return <FileContent page={page} />;
}

function FileContent({ page }: { readonly page: PageView }) {
  const name = page.fileName ?? (new URL(page.url).pathname.split("/").at(-1) || "page");
  const content = page.content ?? "";
  const isPicture = /^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(page.type) && page.fileName === undefined;
  return (
    <Center className={classes.file}>
      <Stack align="center" gap="sm">
        {isPicture && (
          <img className={classes.picture} src={`data:${page.type};base64,${content}`} alt={name} />
        )}
        <Button
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveFile(name, blobOf(content, page.type))}
        >
          Save {name} ({formatOctets(page.octets)})
        </Button>
      </Stack>
    </Center>
  );
}

function NoPage({ page }: { readonly page: PageView }) {
  return (
    <Center className={classes.file}>
      <Stack align="center" gap={6} maw={420} role="alert">
        <IconPlugConnectedX size={30} stroke={1.4} aria-hidden />
        <Text fw={600}>This page cannot be shown</Text>
        <Text size="sm" ta="center">
          {page.problem}
        </Text>
        <Text size="xs" c="dimmed" className="mono">
          {page.url}
        </Text>
      </Stack>
    </Center>
  );
}

function Fields({ page }: { readonly page: PageView }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys.
    <section className={classes.text} tabIndex={0} aria-label="Fields of the response">
      <pre>
        {`HTTP/1.1 ${page.status} ${page.reason}\n`}
        {page.fields.map(({ name, value }) => `${name}: ${value}\n`).join("")}
      </pre>
    </section>
  );
}
