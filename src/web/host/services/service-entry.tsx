/** A line in the list of services. */

import { UnstyledButton } from "@mantine/core";
import { panelComponents } from "../../panels/registry.ts";
import { type Entry, stateOf } from "./entries.ts";
import { iconOfService } from "./service-icons.ts";
import { ServiceSwitch } from "./service-switch.tsx";
import classes from "./services-tab.module.css";

interface Props {
  readonly host: string;
  readonly entry: Entry;
  readonly current: boolean;
  readonly onChoose: () => void;
}

export function ServiceEntry({ host, entry, current, onChoose }: Props) {
  const [only] = entry.services;
  const Icon = panelComponents.get(entry.panel ?? "")?.Icon ?? iconOfService(only.name);
  return (
    <li className={classes.entry} data-current={current || undefined}>
      <UnstyledButton
        className={classes.entryName}
        onClick={onChoose}
        aria-current={current ? "true" : undefined}
      >
        <Icon size={17} stroke={1.7} aria-hidden />
        <span>
          {entry.title}
          <span className={classes.entryState}>{stateOf(entry)}</span>
        </span>
      </UnstyledButton>
      {entry.services.length === 1 && (
        <ServiceSwitch host={host} service={only} label={entry.title} hideLabel />
      )}
    </li>
  );
}
