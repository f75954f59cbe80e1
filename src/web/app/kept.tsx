/** What was shown once stays as it is while it is out of sight; nothing in it goes on meanwhile. */

import { Activity, type ReactNode, useState } from "react";

export function Kept({ shown, children }: { readonly shown: boolean; readonly children: ReactNode }) {
  const [begun, setBegun] = useState(shown);
  if (shown && !begun) setBegun(true);
  return begun && <Activity mode={shown ? "visible" : "hidden"}>{children}</Activity>;
}
