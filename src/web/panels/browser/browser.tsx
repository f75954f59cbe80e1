/** Desktop, Web browser: an address, a page, what the server said. Everything is fetched by this host, through the lab. */

import { useEffect, useState } from "react";
import type { BrowserView, PageView } from "../../../engine/panels/browser/view.ts";
import { Loading } from "../../host/loading.tsx";
import { type PanelProps, usePanelLook, usePanelPort, usePanelView } from "../panel.ts";
import { AddressBar } from "./address-bar.tsx";
import classes from "./browser.module.css";
import type { FormRequest } from "./form-request.ts";
import { PageContent } from "./page-content.tsx";
import { StartPage } from "./start-page.tsx";
import { StatusBar } from "./status-bar.tsx";

export default function Browser({ host }: PanelProps) {
  const port = usePanelPort(host, "browser");
  const view = usePanelView<BrowserView>(host, "browser");
  const { answer: page } = usePanelLook<PageView>(host, "browser", "page", {}, view?.page);
  const [sheet, setSheet] = useState<"page" | "fields">("page");
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is shown as a page.
  useEffect(() => setSheet("page"), [view?.page]);
  if (view === undefined) return <Loading what="the browser" />;
  const go = (url: string): void => {
    port.tryTo("go", { url });
  };
  const send = (request: FormRequest): void => {
    const { method, ...rest } = request;
    port.tryTo(method === "GET" ? "go" : "post", rest);
  };
  return (
    <div className={classes.browser}>
      <AddressBar port={port} view={view} onGo={go} />
      {view.page === 0 || page === undefined || page === null ? (
        <StartPage onGo={go} />
      ) : (
        <PageContent page={page} sheet={sheet} onGo={go} onForm={send} />
      )}
      <StatusBar view={view} page={page} sheet={sheet} onSheet={setSheet} />
    </div>
  );
}
