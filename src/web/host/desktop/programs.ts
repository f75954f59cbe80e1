/** The programs of a Desktop: the terminal and the files that every host has, and what protocols bring (panels/registry.ts). */

import { IconFileText, IconTerminal2 } from "@tabler/icons-react";
import { lazy } from "react";
import type { NodeView, PanelKindView } from "../../../engine/protocol/index.ts";
import { type PanelComponent, panelComponents } from "../../panels/registry.ts";

export interface Program extends PanelComponent {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
}

export function programsOf(kind: NodeView["kind"], kinds: readonly PanelKindView[]): readonly Program[] {
  // Nobody sits at a router to write letters.
  const brought = kind === "host" ? kinds.filter(({ tab }) => tab === "desktop") : [];
  return [
    ...brought.flatMap(({ panel, title }) => {
      const component = panelComponents.get(panel);
      return component === undefined
        ? []
        : [{ ...component, name: panel, title, summary: SUMMARIES[panel] ?? title }];
    }),
    ...OWN,
  ];
}

const SUMMARIES: Readonly<Record<string, string>> = {
  mail: "Write and read mail: SMTP to the outgoing, POP3 from the incoming server",
  browser: "Pages of the network's web servers, web mail among them",
};

const OWN: readonly Program[] = [
  {
    name: "terminal",
    title: "Terminal",
    summary: "ping, traceroute, dig, mail send, pop and every other command",
    Icon: IconTerminal2,
    Component: lazy(() => import("../terminal/terminal.tsx")),
  },
  {
    name: "editor",
    title: "Files",
    summary: "Text editor for the files of this host",
    Icon: IconFileText,
    Component: lazy(() => import("../files/files.tsx")),
  },
];
