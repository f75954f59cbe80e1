/**
 * Markdown of lessons: no HTML of its own, no images from elsewhere. A link that begins with "#" moves about in the
 * console ("#host=pc.crepes.fr:desktop"); any other opens a page of its own.
 */

import type { ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { useNavigation } from "../app/route-store.ts";
import classes from "./guide.module.css";

export function LessonText({ text }: { readonly text: string }) {
  return (
    <div className={classes.text}>
      <Markdown skipHtml remarkPlugins={PLUGINS} components={COMPONENTS}>
        {text}
      </Markdown>
    </div>
  );
}

const PLUGINS = [remarkGfm];
const COMPONENTS: Components = {
  a: ({ href, children }) => <Link href={href ?? ""}>{children}</Link>,
  img: ({ alt }) => <em>{alt}</em>,
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre tabIndex={0}>{children}</pre>
  ),
};

function Link({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const { follow } = useNavigation();
  if (!href.startsWith("#")) {
    return (
      <a href={href} target="_blank" rel="noreferrer">
        {children}
      </a>
    );
  }
  return (
    <a
      href={href}
      onClick={(event) => {
        event.preventDefault();
        follow(href);
      }}
    >
      {children}
    </a>
  );
}
