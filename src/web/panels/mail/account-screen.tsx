/** The configuration form of the mail client: Save, Remove, Clear, Reset, and what is wrong at the field where it is wrong. */

import {
  Alert,
  Button,
  Fieldset,
  Group,
  Input,
  PasswordInput,
  SegmentedControl,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type {
  AccountForm,
  AccountResult,
  FieldProblem,
  IncomingProtocol,
  ProblemField,
} from "../../../engine/panels/mail/view.ts";
import { tellProblem } from "../../app/act.ts";
import { type PanelPort, useBusy } from "../panel.ts";
import classes from "./mail.module.css";
import { type MailPanel, openFolder } from "./screen.ts";

export function AccountScreen(panel: MailPanel) {
  const { view, port } = panel;
  const saved = view.account ?? EMPTY;
  const { form, problems, outcome, busy, run, change, fill, save } = useAccount(saved, view.problems, port);
  const remove = async (): Promise<void> => {
    await port.tryTo("account.remove");
    fill(EMPTY);
  };
  return (
    <form
      className={classes.account}
      onSubmit={(event) => run(() => save(event))}
      aria-label="Mail account"
      noValidate
    >
      <Fields form={form} problems={problems} onChange={change} />
      <Outcome outcome={outcome} problems={problems} busy={busy} />
      <Group gap={6}>
        <Button type="submit" loading={busy}>
          Save
        </Button>
        <Button variant="default" disabled={view.account === undefined || busy} onClick={() => run(remove)}>
          Remove
        </Button>
        <Button variant="default" onClick={() => fill(EMPTY)}>
          Clear
        </Button>
        <Button variant="default" onClick={() => fill(saved)}>
          Reset
        </Button>
        {outcome === WORKS && (
          <Button variant="subtle" ml="auto" onClick={() => openFolder(panel, "inbox")}>
            To the inbox
          </Button>
        )}
      </Group>
      {form.incomingProtocol === "POP3" && (
        <Switch
          mt="md"
          label="Leave messages on the server"
          description="Off: the client deletes them there once it has them (RFC 1939, DELE)."
          checked={view.leaveOnServer}
          onChange={(event) => port.tryTo("leave-on-server", { on: event.currentTarget.checked })}
        />
      )}
    </form>
  );
}

function useAccount(saved: AccountForm, known: readonly FieldProblem[], port: PanelPort) {
  const [form, setForm] = useState<AccountForm>(saved);
  const [problems, setProblems] = useState<readonly FieldProblem[]>(known);
  const [outcome, setOutcome] = useState<string>();
  const [busy, run] = useBusy();
  const change = (field: keyof AccountForm, value: string): void => {
    setForm({ ...form, [field]: value });
    setProblems(problems.filter((problem) => problem.field !== field));
    setOutcome(undefined);
  };
  const fill = (next: AccountForm): void => {
    setForm(next);
    setProblems([]);
    setOutcome(undefined);
  };
  /** Saves, and asks both servers whether it works. */
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setOutcome(undefined);
    try {
      const { problems: wrong } = await port.act<AccountResult>("account.save", form);
      setProblems(wrong);
      if (wrong.length > 0) return;
      setOutcome("Saved. The servers are being asked.");
      const checked = await port.act<AccountResult>("account.check");
      setProblems(checked.problems);
      setOutcome(checked.problems.length === 0 ? WORKS : "Saved, but it does not work yet.");
    } catch (error) {
      tellProblem(error);
    }
  };
  return { form, problems, outcome, busy, run, change, fill, save };
}

interface FieldsProps {
  readonly form: AccountForm;
  readonly problems: readonly FieldProblem[];
  readonly onChange: (field: keyof AccountForm, value: string) => void;
}

function Fields({ form, problems, onChange }: FieldsProps) {
  const field = (name: Exclude<keyof AccountForm, "incomingProtocol">) => ({
    value: form[name],
    error: problemAt(problems, name),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange(name, event.currentTarget.value),
    // Nothing of the lab belongs into the memory of the browser.
    autoComplete: "off",
    spellCheck: false,
  });
  return (
    <>
      <Fieldset legend="User information" className={classes.fieldset}>
        <TextInput label="Your name" {...field("name")} />
        <TextInput label="E-mail address" placeholder="alice@crepes.fr" {...field("address")} />
      </Fieldset>
      <Fieldset legend="Server information" className={classes.fieldset}>
        <TextInput label="Incoming server" placeholder="mail.crepes.fr" {...field("incomingServer")} />
        <Input.Wrapper
          size="xs"
          label="Incoming mail by"
          labelElement="div"
          description={PROTOCOLS[form.incomingProtocol]}
          inputWrapperOrder={["label", "input", "description"]}
        >
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label="Incoming mail by"
            data={Object.keys(PROTOCOLS)}
            value={form.incomingProtocol}
            onChange={(value) => onChange("incomingProtocol", value)}
          />
        </Input.Wrapper>
        <TextInput label="Outgoing server" placeholder="mail.crepes.fr" {...field("outgoingServer")} />
      </Fieldset>
      <Fieldset legend="Logon information" className={classes.fieldset}>
        <TextInput label="User name" {...field("userName")} />
        <PasswordInput size="xs" label="Password" {...field("password")} autoComplete="new-password" />
      </Fieldset>
    </>
  );
}

interface OutcomeProps {
  readonly outcome: string | undefined;
  readonly problems: readonly FieldProblem[];
  readonly busy: boolean;
}

function Outcome({ outcome, problems, busy }: OutcomeProps) {
  const others = problems.filter(({ field }) => field === undefined || field === "account");
  if (outcome === undefined && others.length === 0) return null;
  const good = problems.length === 0;
  return (
    <Alert
      p="xs"
      color={busy ? "gray" : good ? "green" : "red"}
      icon={good ? <IconCircleCheck size={17} /> : <IconAlertTriangle size={17} />}
      role={good ? "status" : "alert"}
    >
      {outcome && <Text size="sm">{outcome}</Text>}
      {others.map(({ message }) => (
        <Text key={message} size="sm">
          {message}
        </Text>
      ))}
    </Alert>
  );
}

function problemAt(problems: readonly FieldProblem[], field: ProblemField): string | undefined {
  return problems.find((problem) => problem.field === field)?.message;
}

const WORKS = "Saved. Both servers answer as they should.";
const PROTOCOLS: Readonly<Record<IncomingProtocol, string>> = {
  POP3: "Messages are fetched into this client.",
  IMAP: "Messages and folders stay on the server.",
};
const EMPTY: AccountForm = {
  name: "",
  address: "",
  incomingServer: "",
  incomingProtocol: "POP3",
  outgoingServer: "",
  userName: "",
  password: "",
};
