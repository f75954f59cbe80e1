/** What is wrong with a letter that belongs to none of its fields: the account, mostly. */

import { Alert, Button, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { FieldProblem } from "../../../engine/panels/mail/view.ts";
import classes from "./mail.module.css";
import type { MailPanel } from "./screen.ts";

interface Props extends Pick<MailPanel, "onScreen"> {
  readonly problems: readonly FieldProblem[];
}

export function ComposeProblems({ problems, onScreen }: Props) {
  const others = problems.filter(({ field }) => field === undefined || !OWN_FIELDS.includes(field));
  if (others.length === 0) return null;
  const isAccount = others.some(({ field }) => field !== undefined);
  return (
    <Alert
      color="red"
      p="xs"
      icon={<IconAlertTriangle size={18} />}
      className={classes.problems}
      role="alert"
    >
      {others.map(({ message }) => (
        <Text key={message} size="sm">
          {message}
        </Text>
      ))}
      {isAccount && (
        <Button mt={6} size="compact-xs" variant="default" onClick={() => onScreen({ kind: "account" })}>
          Open the account; the letter is kept as a draft
        </Button>
      )}
    </Alert>
  );
}

const OWN_FIELDS = ["to", "cc", "bcc", "subject", "attachments"];
