/** The icons of services that have no panel of their own. */

import {
  IconFiles,
  IconGauge,
  IconLetterCaseUpper,
  IconMailOpened,
  IconRepeat,
  IconServer,
  IconWorldWww,
  type TablerIcon,
} from "@tabler/icons-react";

export function iconOfService(name: string): TablerIcon {
  return ICONS.get(name) ?? IconServer;
}

const ICONS: ReadonlyMap<string, TablerIcon> = new Map([
  ["echo", IconRepeat],
  ["fetch", IconFiles],
  ["http", IconWorldWww],
  ["meter", IconGauge],
  ["upper", IconLetterCaseUpper],
  ["webmail", IconMailOpened],
]);
