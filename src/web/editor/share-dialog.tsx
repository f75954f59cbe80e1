/** The link that holds a whole network, to be copied. */

import { Button, CopyButton, Group, Modal, Text, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { packNetwork } from "./share.ts";

interface Props {
  /** Of the network file; undefined: closed. */
  readonly text: string | undefined;
  readonly onClose: () => void;
}

export function ShareDialog({ text, onClose }: Props) {
  const [link, setLink] = useState<string>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    setLink(undefined);
    setProblem(undefined);
    if (text === undefined) return;
    packNetwork(text).then(
      (code) => {
        const address = new URL(location.href);
        address.hash = `net=${code}`;
        setLink(address.href);
      },
      (error: Error) => setProblem(error.message),
    );
  }, [text]);
  return (
    <Modal opened={text !== undefined} onClose={onClose} title="Share this network">
      {problem !== undefined ? (
        <Text size="sm" c="red" role="alert">
          {problem}
        </Text>
      ) : (
        <>
          <Text size="sm" mb="xs">
            The link holds the whole file, {link?.length.toLocaleString("en")} characters of it. No server
            stores it or gets to see it.
          </Text>
          <TextInput
            readOnly
            aria-label="Link"
            className="mono"
            value={link ?? ""}
            onFocus={(event) => event.currentTarget.select()}
          />
        </>
      )}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {link !== undefined && (
          <CopyButton value={link}>
            {({ copied, copy }) => (
              <Button data-autofocus onClick={copy}>
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
    </Modal>
  );
}
