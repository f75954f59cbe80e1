/** What the mail client has on its screen, and what its parts are given. */

import type { Folder, MailView } from "../../../engine/panels/mail/view.ts";
import type { PanelPort } from "../panel.ts";
import type { Writing } from "./letter.ts";

export type Screen =
  | { readonly kind: "folder"; readonly folder: Folder; readonly open: number | undefined }
  | { readonly kind: "compose"; readonly writing: Writing; readonly serial: number }
  | { readonly kind: "account" };

export const FIRST_SCREEN: Screen = { kind: "folder", folder: "inbox", open: undefined };

let serial = 0;

/** Each letter has an editor of its own. */
export function composing(writing: Writing): Screen {
  return { kind: "compose", writing, serial: ++serial };
}

export interface MailPanel {
  readonly host: string;
  readonly port: PanelPort;
  readonly view: MailView;
  readonly screen: Screen;
  readonly onScreen: (screen: Screen) => void;
  /** Opens another program. */
  readonly onOpen: (tab: string) => void;
}

export const FOLDER_NAMES: Readonly<Record<Folder, string>> = {
  inbox: "Inbox",
  sent: "Sent",
  drafts: "Drafts",
  trash: "Trash",
};
