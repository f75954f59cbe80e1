/**
 * Desktop, Mail: folders, the list of a folder, a message, a letter that is written, the account. What is on the screen is
 * a `Screen`; wide windows show list and message beside each other (mail.module.css).
 */

import { lazy, Suspense, useEffect, useState } from "react";
import type { MailView } from "../../../engine/panels/mail/view.ts";
import { Loading } from "../../host/loading.tsx";
import { type PanelProps, usePanelPort, usePanelView } from "../panel.ts";
import { AccountScreen } from "./account-screen.tsx";
import { ActivityBar } from "./activity-bar.tsx";
import { FolderBar } from "./folder-bar.tsx";
import { FolderScreen } from "./folder-screen.tsx";
import classes from "./mail.module.css";
import { MailToolbar } from "./mail-toolbar.tsx";
import { FIRST_SCREEN, folderOf, type MailPanel, type Screen } from "./screen.ts";

/** The editor of a letter is as large as all the rest. */
const ComposeScreen = lazy(() => import("./compose-screen.tsx"));

export default function Mail({ host, onOpen }: PanelProps) {
  const port = usePanelPort(host, "mail");
  const view = usePanelView<MailView>(host, "mail");
  const [screen, setScreen] = useState<Screen>(FIRST_SCREEN);
  const hasAccount = view === undefined ? undefined : view.account !== undefined;
  // Without an account there is nothing to do but to set one up.
  useEffect(() => {
    if (hasAccount === false) setScreen({ kind: "account" });
  }, [hasAccount]);
  if (view === undefined) return <Loading what="mail" />;
  const panel: MailPanel = { host, port, view, screen, onScreen: setScreen, onOpen };
  return (
    <div className={classes.mail}>
      <MailToolbar {...panel} />
      <ActivityBar {...panel} />
      <div className={classes.body}>
        <FolderBar {...panel} />
        <Content {...panel} />
      </div>
    </div>
  );
}

function Content(panel: MailPanel) {
  const { screen } = panel;
  if (screen.kind === "account") return <AccountScreen {...panel} />;
  if (screen.kind === "compose") {
    return (
      <Suspense fallback={<Loading what="the editor" />}>
        <ComposeScreen key={screen.serial} {...panel} writing={screen.writing} />
      </Suspense>
    );
  }
  const { folder } = folderOf(panel.view, screen.folder);
  return <FolderScreen key={folder} {...panel} folder={folder} open={screen.open} />;
}
