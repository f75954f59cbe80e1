/** The switch of one service. While it stops, its dialogues come to their end: that takes virtual time. */

import { Switch } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../app/act.ts";
import { useBusy } from "../../panels/panel.ts";

interface Props {
  readonly host: string;
  readonly service: { readonly name: string; readonly running: boolean };
  /** "SMTP" */
  readonly label: string;
  readonly hideLabel?: boolean;
}

export function ServiceSwitch({ host, service, label, hideLabel = false }: Props) {
  const act = useAct();
  const [busy, run] = useBusy();
  const [wanted, setWanted] = useState(service.running);
  const on = busy ? wanted : service.running;
  const flip = (value: boolean): void => {
    setWanted(value);
    run(() => act("service.switch", { host, service: service.name, on: value }));
  };
  return (
    <Switch
      checked={on}
      disabled={busy}
      {...(hideLabel ? { "aria-label": `${label} on ${host}` } : { label })}
      onChange={(event) => flip(event.currentTarget.checked)}
    />
  );
}
