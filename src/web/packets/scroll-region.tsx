/** A part of the page that scrolls by itself: who has no pointer reaches it by Tab and scrolls it by keys. */

import type { ReactNode } from "react";

interface Props {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

export function ScrollRegion({ label, className, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section aria-label={label} tabIndex={0} className={className}>
      {children}
    </section>
  );
}
