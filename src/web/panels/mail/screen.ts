/** What the mail client has on its screen, and what its parts are given. */

import type { FolderView, MailView } from "../../../engine/panels/mail/view.ts";
import type { PanelPort } from "../panel.ts";
import type { Writing } from "./letter.ts";

export type Screen =
  | { readonly kind: "folder"; readonly folder: string; readonly open: number | undefined }
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

/** The folder of that name; the inbox once it is gone. */
export function folderOf({ folders }: MailView, name: string): FolderView {
  return folders.find(({ folder }) => folder === name) ?? folders[0];
}

/** Shows a folder; what is in it, a server has to say first. */
export function openFolder({ view, port, onScreen }: MailPanel, folder: string): void {
  onScreen({ kind: "folder", folder, open: undefined });
  if (view.isRemote) port.tryTo("folder.open", { folder });
}
