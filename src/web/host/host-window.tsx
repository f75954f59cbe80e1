/**
 * The window of one host: Desktop, Services, Config, State. This file and its folder belong to the helper "hosts"; the
 * shell (app/host-dock.tsx) draws the frame with name, state and close button and gives the window the props below.
 */

export interface HostWindowProps {
  readonly host: string;
  /** "desktop", "services"…; undefined: the first. It stands in the page's address. */
  readonly tab: string | undefined;
  readonly onTab: (tab: string) => void;
  /** Shows packets in the packets panel. */
  readonly onShowPackets: (filter: string) => void;
  readonly onOpenHost: (name: string, tab?: string) => void;
}

export function HostWindow({ host }: HostWindowProps) {
  return <p>The window of {host} comes here.</p>;
}
