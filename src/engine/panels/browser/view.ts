/** What the web browser of a host and its panel say to each other. Types only. */

export interface BrowserView {
  /** What stands in the address bar. */
  readonly address: string;
  /** What it is fetching. */
  readonly loading: string | undefined;
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  /** Another number for each page that was loaded: ask for `page` again. */
  readonly page: number;
  readonly visited: readonly string[];
}

export interface PageView {
  readonly url: string;
  /** 0: there was no answer, `problem` says why. */
  readonly status: number;
  readonly reason: string;
  readonly problem: string | undefined;
  /** "text/html" */
  readonly type: string;
  readonly octets: number;
  /** Of text and HTML, as it came: never to be shown unsanitised. */
  readonly text: string | undefined;
  /** Of anything else: base64. */
  readonly content: string | undefined;
  /** What a server suggests as a name for the file. */
  readonly fileName: string | undefined;
  /** Pictures and style sheets that belong to the page, by their absolute URL. */
  readonly resources: readonly ResourceView[];
  /** Fields of the response, for those who want to see them. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface ResourceView {
  readonly url: string;
  readonly type: string;
  /** base64 */
  readonly content: string;
}
