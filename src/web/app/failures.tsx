/** What went wrong in the lab that nobody waits for: a service that did not start. Told once, in a notification. */

import { notifications } from "@mantine/notifications";
import { useEvent } from "../engine/hooks.ts";
import { formatTime } from "../time/format.ts";

export function Failures() {
  useEvent("failure", ({ timeNs, host, text }) => {
    notifications.show({
      color: "orange",
      title: `${host} at ${formatTime(timeNs)}`,
      message: text,
      autoClose: 12_000,
    });
  });
  return null;
}
