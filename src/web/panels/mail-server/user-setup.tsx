/** User set-up: name and password, + adds, − removes, and a new password for who is chosen. */

import { Button, Group, PasswordInput, Text, TextInput } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { ChangeName, Parameters } from "../../../engine/protocol/index.ts";
import { useEngine } from "../../engine/hooks.ts";
import { useAttempt } from "../parts/attempt.ts";
import { PanelSection } from "../parts/panel-section.tsx";
import classes from "./mail-server.module.css";

interface Props {
  readonly host: string;
  readonly users: readonly string[];
}

export function UserSetup({ host, users }: Props) {
  const { name, password, problem, done, busy, choose, setPassword, change } = useUserForm();
  const isKnown = users.includes(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isKnown) change("user.password", { host, user: name, password }, `${name} has a new password`);
    else change("user.add", { host, user: name, password }, `${name} was added`);
  };
  return (
    <PanelSection title="User set-up">
      <form onSubmit={submit} className={classes.users}>
        <Group gap={6} align="flex-start" wrap="nowrap">
          <TextInput
            flex={1}
            label="User"
            autoComplete="off"
            value={name}
            error={problem}
            onChange={(event) => choose(event.currentTarget.value)}
          />
          <PasswordInput
            size="xs"
            flex={1}
            label={isKnown ? "New password" : "Password"}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </Group>
        <Group gap={6}>
          <Button
            type="submit"
            variant="default"
            loading={busy}
            disabled={name === "" || password === ""}
            leftSection={isKnown ? undefined : <IconPlus size={14} />}
          >
            {isKnown ? "Change password" : "Add"}
          </Button>
          <Button
            variant="default"
            disabled={!isKnown || busy}
            leftSection={<IconMinus size={14} />}
            onClick={() => change("user.remove", { host, user: name }, `${name} was removed`)}
          >
            Remove
          </Button>
          {done && (
            <Text size="xs" c="var(--mantine-color-green-text)" role="status">
              {done}
            </Text>
          )}
        </Group>
      </form>
      <UserList host={host} users={users} current={name} onChoose={choose} />
      {users.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody has an account here yet.
        </Text>
      )}
    </PanelSection>
  );
}

interface ListProps extends Props {
  readonly current: string;
  readonly onChoose: (user: string) => void;
}

function UserList({ host, users, current, onChoose }: ListProps) {
  return (
    <ul className={classes.userList} aria-label={`Users of ${host}`}>
      {users.map((user) => (
        <li key={user}>
          <button
            type="button"
            className={classes.user}
            aria-pressed={user === current}
            onClick={() => onChoose(user)}
          >
            {user}
          </button>
        </li>
      ))}
    </ul>
  );
}

function useUserForm() {
  const engine = useEngine();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [done, setDone] = useState<string>();
  const { busy, attempt, problem } = useAttempt([name, password]);
  const change = <Method extends ChangeName>(method: Method, params: Parameters<Method>, told: string) =>
    attempt(async () => {
      setDone(undefined);
      await engine.request(method, params);
      setDone(told);
      setPassword("");
      if (method === "user.remove") setName("");
    });
  const choose = (user: string): void => {
    setName(user);
    setDone(undefined);
  };
  return { name, password, problem, done, busy, choose, setPassword, change };
}
