/** Desktop, Web browser: pages of the lab's servers, fetched from this host. Web mail is one of them. */

import * as v from "valibot";
import { decodeBase64 } from "../../../bytes/index.ts";
import { LocalError } from "../../../net/index.ts";
import type { PanelDefinition } from "../panel.ts";
import { action, actions, deed, nothing, question, questions } from "../values.ts";
import { browserOf } from "./browser.ts";
import type { BrowserView } from "./view.ts";

export const browserPanel: PanelDefinition = {
  panel: "browser",
  title: "Web browser",
  tab: "desktop",
  services: [],
  appliesTo: () => true,
  view: (host): BrowserView => browserOf(host).view,
  revision: (host) => browserOf(host).revision,
  look: questions({
    page: question(nothing, (host) => browserOf(host).page),
  }),
  act: actions({
    go: action(v.strictObject({ url: url() }), function* (host, wanted) {
      yield* browserOf(host).go({ ...wanted, method: "GET" });
      return {};
    }),
    /** Sends a form by POST. */
    post: action(
      v.strictObject({ url: url(), type: v.pipe(v.string(), v.maxLength(255)), content: base64() }),
      function* (host, { url: target, type, content }) {
        const octets = decodeBase64(content);
        if (octets === undefined) throw new LocalError("bad-value", "the form did not come over whole");
        yield* browserOf(host).go({ url: target, method: "POST", type, content: octets });
        return {};
      },
    ),
    travel: action(v.strictObject({ pages: v.picklist([-1, 0, 1]) }), function* (host, { pages }) {
      yield* browserOf(host).travel(pages);
      return {};
    }),
    stop: deed(nothing, (host) => browserOf(host).stop()),
  }),
};

function url() {
  return v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(8_192));
}

function base64() {
  return v.pipe(v.string(), v.maxLength(48 * 1024 * 1024));
}
