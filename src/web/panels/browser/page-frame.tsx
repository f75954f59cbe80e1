/** Shows a page in a frame without scripts and network, and hears which links and forms the person uses in it. */

import { useEffect, useMemo, useRef } from "react";
import type { PageView } from "../../../engine/panels/browser/view.ts";
import classes from "./browser.module.css";
import { type FormRequest, formRequest } from "./form-request.ts";
import { safePage } from "./safe-page.ts";

interface Props {
  readonly page: PageView;
  readonly onGo: (url: string) => void;
  readonly onForm: (request: FormRequest) => void;
}

export function PageFrame({ page, onGo, onForm }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const content = useMemo(() => `${HEAD}${safePage(page)}`, [page]);
  const latest = useRef({ onGo, onForm, page });
  latest.current = { onGo, onForm, page };
  useEffect(() => {
    const listen = (): void => {
      const inside = frame.current?.contentDocument;
      if (inside) listenTo(inside, () => latest.current);
    };
    const element = frame.current;
    element?.addEventListener("load", listen);
    return () => element?.removeEventListener("load", listen);
  }, []);
  return (
    <iframe
      ref={frame}
      className={classes.frame}
      title={`The page ${page.url}`}
      // The same origin lets the listeners in; without scripts nothing of the page can use it.
      sandbox="allow-same-origin allow-forms"
      referrerPolicy="no-referrer"
      srcDoc={content}
    />
  );
}

function listenTo(inside: Document, current: () => Props): void {
  const follow = (event: Event): void => {
    const link = (event.target as Element | null)?.closest?.("[data-href], [data-anchor]");
    if (!link) return;
    event.preventDefault();
    const url = link.getAttribute("data-href");
    if (url !== null) current().onGo(url);
    else inside.getElementById(link.getAttribute("data-anchor") ?? "")?.scrollIntoView();
  };
  inside.addEventListener("click", follow);
  inside.addEventListener("keydown", (event) => {
    if (event.key === "Enter") follow(event);
  });
  inside.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    formRequest(form, event.submitter, current().page.url).then(current().onForm);
  });
}

const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
const STYLE =
  ":root{color-scheme:light}body{background:#fff;color:#111;font-family:system-ui,sans-serif}[role=link]{color:#1a4fc4;text-decoration:underline;cursor:pointer}img{max-width:100%}";
const HEAD = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><style>${STYLE}</style>`;
