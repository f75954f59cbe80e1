/**
 * The packets: list, detail, bytes, and what is made of them. This file and its folder belong to the helper "packets
 * page"; the shell (app/work-area.tsx) gives it the props below and nothing else.
 */

export interface PacketsPanelProps {
  /** The selected packet's number; it stands in the page's address. */
  readonly selected: number | undefined;
  readonly onSelect: (number: number | undefined) => void;
  /** The display filter that applies; it stands in the page's address. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onOpenHost: (name: string, tab?: string) => void;
}

export function PacketsPanel(_: PacketsPanelProps) {
  return <p>The packets come here.</p>;
}
