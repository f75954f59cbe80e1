/** What a person may type into the DHCP panel. */

import * as v from "valibot";

export const client = v.pipe(
  v.string(),
  v.regex(
    /^([0-9a-f]{2}(:[0-9a-f]{2}){5}|id:([0-9a-f]{2})+)$/i,
    "this is no hardware address such as 02:00:00:00:00:05",
  ),
);
/** More than a link has. */
export const clients = v.pipe(v.array(client), v.maxLength(1_000));
export const address = v.pipe(
  v.string(),
  v.regex(/^(\d{1,3}\.){3}\d{1,3}$/, "this is no IPv4 address such as 192.168.1.50"),
);
