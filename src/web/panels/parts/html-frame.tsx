/** Shows HTML that was made harmless in a frame that may do nothing: no script, no network, no way out. */

import { useMemo } from "react";
import classes from "./html-frame.module.css";

interface Props {
  readonly title: string;
  /** Sanitised. */
  readonly html: string;
}

export function HtmlFrame({ title, html }: Props) {
  const document = useMemo(() => documentOf(html), [html]);
  return (
    <iframe
      className={classes.frame}
      title={title}
      sandbox=""
      referrerPolicy="no-referrer"
      srcDoc={document}
    />
  );
}

/** The policy stands before everything else in the document, so that it holds for all of it. */
function documentOf(html: string): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><style>${STYLE}</style>${html}`;
}

const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
/** Mails are written for white paper. */
const STYLE =
  ":root{color-scheme:light}body{margin:12px;background:#fff;color:#1c2230;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}blockquote{margin:0 0 0 2px;padding-left:10px;border-left:3px solid #c3cad6;color:#4a5263}pre{white-space:pre-wrap}";
