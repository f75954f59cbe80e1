/** The table of conversations, a page at a time, sorted by any of its columns. */

import type { ConversationView } from "../protocol/packets.ts";
import type { KnownConversation, PacketStore } from "./store.ts";
import { endText } from "./stream.ts";

export interface ConversationPage {
  readonly from: number;
  readonly count: number;
  /** A key of `ConversationView`; absent or unknown: in the order of their first packets. */
  readonly sort?: string | undefined;
  readonly descending?: boolean | undefined;
}

export function conversationsOf(
  store: PacketStore,
  { from, count, sort = "id", descending = false }: ConversationPage,
): { total: number; rows: ConversationView[] } {
  const all = [...store.conversations];
  const names = store.names();
  const compare = COMPARE[sort as keyof ConversationView];
  if (compare !== undefined) all.sort(compare);
  else if (sort === "client" || sort === "server") {
    const texts = new Map(all.map((each) => [each, endText(each.conversation[sort], names)]));
    all.sort((a, b) => compareTexts(texts.get(a) as string, texts.get(b) as string));
  }
  if (descending) all.reverse();
  const rows = all.slice(from, from + Math.min(count, ROWS_MAX));
  return { total: all.length, rows: rows.map((each) => viewOf(each, names)) };
}

function viewOf(
  { id, conversation }: KnownConversation,
  names: ReadonlyMap<string, string>,
): ConversationView {
  const { protocol, application, client, server, toServer, toClient, startNs, endNs } = conversation;
  return {
    ...{ id, protocol, application, client: endText(client, names), server: endText(server, names) },
    packetsToServer: toServer.packets,
    octetsToServer: toServer.octets,
    packetsToClient: toClient.packets,
    octetsToClient: toClient.octets,
    ...{ startNs, endNs },
  };
}

type Compare = (a: KnownConversation, b: KnownConversation) => number;

function by(value: (conversation: KnownConversation["conversation"]) => number): Compare {
  return (a, b) => value(a.conversation) - value(b.conversation);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const COMPARE: Partial<Record<keyof ConversationView, Compare>> = {
  protocol: (a, b) => compareTexts(a.conversation.protocol, b.conversation.protocol),
  application: (a, b) => compareTexts(a.conversation.application ?? "", b.conversation.application ?? ""),
  packetsToServer: by(({ toServer }) => toServer.packets),
  octetsToServer: by(({ toServer }) => toServer.octets),
  packetsToClient: by(({ toClient }) => toClient.packets),
  octetsToClient: by(({ toClient }) => toClient.octets),
  startNs: by(({ startNs }) => startNs),
  endNs: by(({ endNs }) => endNs),
};
const ROWS_MAX = 1000;
