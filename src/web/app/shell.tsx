/** The frame of the page: header, time, and between guide and hosts the work area. On a phone one of them at a time. */

import { useMediaQuery } from "@mantine/hooks";
import { Saving } from "../editor/save-dialog.tsx";
import { SharedNetwork } from "../editor/shared-network.tsx";
import { useNetwork } from "../engine/hooks.ts";
import { Guide } from "../guide/guide.tsx";
import { Welcome } from "../guide/welcome.tsx";
import { TimeBar } from "../time/time-bar.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Failures } from "./failures.tsx";
import { Header } from "./header.tsx";
import { HostDock } from "./host-dock.tsx";
import { PHONE } from "./phone.ts";
import { PhoneTabs } from "./phone-tabs.tsx";
import { useNavigation, useRoute } from "./route-store.ts";
import classes from "./shell.module.css";
import { Side } from "./side.tsx";
import { UnknownNetwork } from "./unknown-network.tsx";
import { WorkArea } from "./work-area.tsx";

export function Shell() {
  const phone = useMediaQuery(PHONE, matchMedia(PHONE).matches);
  const known = useNetwork() !== undefined;
  return (
    <div className={classes.shell}>
      <Header phone={phone} />
      <ConnectionBanner />
      {known && (
        <>
          <ErrorBoundary what="The time bar">
            <TimeBar phone={phone} />
          </ErrorBoundary>
          {phone ? <PhoneTabs /> : <Desk />}
          <Welcome />
          <Failures />
          <SharedNetwork />
          <UnknownNetwork />
          <Saving />
        </>
      )}
    </div>
  );
}

function Desk() {
  const guide = useRoute((route) => route.guide);
  const hosts = useRoute((route) => route.hosts.length > 0);
  const { openGuide } = useNavigation();
  return (
    <div className={classes.main}>
      {guide && (
        <Side name="guide" edge="left" initial={340} label="Guide">
          <ErrorBoundary what="The guide">
            <Guide onClose={() => openGuide(false)} />
          </ErrorBoundary>
        </Side>
      )}
      <main className={classes.work}>
        <WorkArea />
      </main>
      {hosts && (
        <Side name="hosts" edge="right" initial={480} label="Hosts">
          <HostDock />
        </Side>
      )}
    </div>
  );
}
