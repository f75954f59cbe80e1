/** What belongs to the service that is chosen: the panel that its protocol brought, or its configuration. */

import { Code, Group, Text, Title } from "@mantine/core";
import { Suspense } from "react";
import { ErrorBoundary } from "../../app/error-boundary.tsx";
import type { PanelProps } from "../../panels/panel.ts";
import { panelComponents } from "../../panels/registry.ts";
import { Loading } from "../loading.tsx";
import type { Entry } from "./entries.ts";
import { ServiceSwitch } from "./service-switch.tsx";
import classes from "./services-tab.module.css";

interface Props extends PanelProps {
  readonly entry: Entry | undefined;
}

export function ServiceDetail({ entry, ...panel }: Props) {
  if (entry === undefined) {
    return (
      <Text className={classes.detail} size="sm" c="dimmed">
        Nothing is installed on {panel.host}.
      </Text>
    );
  }
  const brought = panelComponents.get(entry.panel ?? "");
  return (
    <div className={classes.detail}>
      {brought === undefined ? (
        <GeneralPanel host={panel.host} entry={entry} />
      ) : (
        <ErrorBoundary what={entry.title}>
          <Suspense fallback={<Loading what={entry.title} />}>
            <brought.Component {...panel} />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}

function GeneralPanel({ host, entry }: { readonly host: string; readonly entry: Entry }) {
  return entry.services.map((service) => (
    <section key={service.name} className={classes.general} aria-label={service.title}>
      <Group justify="space-between">
        <Title order={2} size="h5">
          {service.title}
        </Title>
        <ServiceSwitch host={host} service={service} label={service.title} hideLabel />
      </Group>
      <Text size="sm" c="dimmed">
        {service.summary}
      </Text>
      <Text size="sm">
        {service.running ? service.description : "It is off: connections to it are refused."}
      </Text>
      <Text size="sm" fw={600} mt="sm">
        Configuration
      </Text>
      {service.configuration === "" ? (
        <Text size="sm" c="dimmed">
          As it is by itself.
        </Text>
      ) : (
        <Code block>{service.configuration}</Code>
      )}
    </section>
  ));
}
