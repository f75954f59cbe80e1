/** As much of a browser as web mail needs: cookies, forms with their hidden fields, redirects. */

import assert from "node:assert/strict";
import { decodeUtf8Lossy, encodeUtf8, Writer } from "../../../bytes/index.ts";
import { type Network, type Task, toByteString } from "../../../net/index.ts";
import {
  type ClientResponse,
  emitForm,
  type Field,
  fieldValue,
  fieldValues,
  type HttpUrl,
  httpRequest,
  parseHttpUrl,
  resolveLocation,
} from "../../../protocols/http/index.ts";
import type { Attachment } from "../../../protocols/message/index.ts";

export class Browser {
  readonly #network: Network;
  readonly #origin: string;
  readonly cookies = new Map<string, string>();
  /** What was shown last. */
  response: ClientResponse | undefined;
  text = "";
  path = "/";

  constructor(network: Network, origin: string) {
    this.#network = network;
    this.#origin = origin;
  }

  get status(): number {
    return this.response?.status ?? 0;
  }

  *open(path: string): Task {
    yield* this.#request("GET", path, []);
  }

  *logIn(user: string, password: string): Task {
    yield* this.open("/");
    yield* this.submit("/login", { user, password });
  }

  /** Sends the form of the page that is shown, with its hidden fields. */
  *submit(action: string, values: Readonly<Record<string, string>>): Task {
    const content = encodeUtf8(emitForm(Object.entries({ ...this.hiddenFields(action), ...values })));
    yield* this.#request("POST", action, [TYPE_FORM], content);
  }

  *submitMultipart(
    action: string,
    values: Readonly<Record<string, string>>,
    files: readonly Attachment[],
  ): Task {
    const boundary = "----formboundary7MA4YWxk";
    const out = new Writer(1024);
    const part = (disposition: string, bytes: Uint8Array): void => {
      out.append(encodeUtf8(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`));
      out.append(bytes).append(encodeUtf8("\r\n"));
    };
    for (const [name, value] of Object.entries({ ...this.hiddenFields(action), ...values }))
      part(`name="${name}"`, encodeUtf8(value));
    for (const { name, type, bytes } of files)
      part(`name="files"; filename="${name}"\r\nContent-Type: ${type}`, bytes);
    out.append(encodeUtf8(`--${boundary}--\r\n`));
    const type = { name: "Content-Type", value: `multipart/form-data; boundary=${boundary}` };
    yield* this.#request("POST", action, [type], out.finish());
  }

  /** The hidden fields of the first form with that action. */
  hiddenFields(action: string): Record<string, string> {
    const form =
      new RegExp(`<form [^>]*action="${action}"[^>]*>(.*?)</form>`, "s").exec(this.text)?.[1] ?? "";
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
    return Object.fromEntries(fields.map(([, name, value]) => [name, value]));
  }

  *#request(method: string, path: string, fields: readonly Field[], content?: Uint8Array): Task {
    let url: HttpUrl = parseHttpUrl(this.#origin + path);
    let request = { method, fields, content };
    for (let hops = 0; hops < 5; hops++) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const sent = cookie === "" ? request.fields : [...request.fields, { name: "Cookie", value: cookie }];
      this.response = yield* httpRequest(this.#network, url, { ...request, fields: sent });
      for (const value of fieldValues(this.response.fields, "Set-Cookie")) this.#keep(value);
      this.text = decodeUtf8Lossy(this.response.content);
      this.path = url.target;
      const location = fieldValue(this.response.fields, "Location");
      if (location === undefined) return;
      url = resolveLocation(url, location);
      request = { method: "GET", fields: [], content: undefined };
    }
    assert.fail("redirects without end");
  }

  #keep(setCookie: string): void {
    const [pair, ...attributes] = setCookie.split("; ");
    const equals = pair.indexOf("=");
    assert.ok(attributes.includes("HttpOnly") && attributes.includes("SameSite=Strict"), setCookie);
    if (attributes.includes("Max-Age=0")) this.cookies.delete(pair.slice(0, equals));
    else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
}

/** For comparing downloads. */
export function octetsOf(browser: Browser): string {
  return toByteString(browser.response?.content ?? new Uint8Array(0));
}

const TYPE_FORM = { name: "Content-Type", value: "application/x-www-form-urlencoded" };
