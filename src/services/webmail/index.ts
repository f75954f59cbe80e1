/** Web mail as a service: the mailboxes of a host through a browser. See README.md. */

import { formatEndpoint, type Task } from "../../net/index.ts";
import { parseAuthority, startHttpServer } from "../../protocols/http/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost, ServiceProblem } from "../service.ts";
import { WebmailSite } from "./site.ts";

export interface WebmailConfiguration {
  /** The first one is behind the @ of who writes; a user name may carry any of them. */
  readonly domains: readonly string[];
  readonly port?: number;
  readonly address?: string;
  /** Over the log-in form. */
  readonly title?: string;
  /** The mail server that takes what users write. */
  readonly submitTo?: string;
  readonly sessionMinutes?: number;
  readonly letterMaxOctets?: number;
  readonly connectionsMax?: number;
}

/** The mail server of this very host. */
const SUBMIT_TO = "127.0.0.1:25";
const SESSION_MINUTES = 30;

export const webmailService: ServiceDefinition<WebmailConfiguration> = {
  name: "webmail",
  title: "Web mail",
  summary: "mailboxes through a browser: HTTP",
  schema: {
    type: "object",
    description: "The users of the host read and write their mail in a browser.",
    additionalProperties: false,
    required: ["domains"],
    properties: {
      domains: {
        type: "array",
        items: { type: "string", pattern: "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", maxLength: 255 },
        minItems: 1,
        description: "The first one is behind the @ of who writes; a user name may carry any of them.",
      },
      port: { type: "integer", minimum: 1, maximum: 65_535, default: 80, description: "The port." },
      address: { type: "string", description: "A local address to listen on; absent: all." },
      title: { type: "string", maxLength: 100, description: "Over the log-in form." },
      submitTo: {
        type: "string",
        default: SUBMIT_TO,
        description:
          "HOST:PORT of the mail server that takes what users write; it must relay for this host (relayFor).",
      },
      sessionMinutes: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 1440,
        default: SESSION_MINUTES,
        description: "How long a session may lie idle.",
      },
      letterMaxOctets: {
        type: "integer",
        minimum: 65_536,
        maximum: 100_000_000,
        description: "The largest letter with its files.",
      },
      connectionsMax: { type: "integer", minimum: 1, maximum: 100_000, description: "Connections at once." },
    },
  },
  problems: ({ submitTo }): ServiceProblem[] =>
    submitTo === undefined || serverOf(submitTo) !== undefined
      ? []
      : [{ path: ["submitTo"], message: `"${submitTo}" is not HOST or HOST:PORT` }],
  *start(host: ServiceHost, configuration: WebmailConfiguration): Task<RunningService> {
    const { domains, title, port, address, connectionsMax } = configuration;
    const site = new WebmailSite({
      network: host.network,
      store: host.stores.mail(),
      users: () => host.users,
      domains,
      title: title ?? `Mail of ${domains[0]}`,
      submitTo: serverOf(configuration.submitTo ?? SUBMIT_TO) ?? { host: "127.0.0.1", port: 25 },
      sessionIdleMs: (configuration.sessionMinutes ?? SESSION_MINUTES) * 60_000,
      letterMax: configuration.letterMaxOctets ?? LETTER_MAX,
    });
    const server = yield* startHttpServer(host.network, {
      name: "webmail",
      ...(port !== undefined && { port }),
      ...(address !== undefined && { address }),
      connectionsMax: connectionsMax ?? CONNECTIONS_MAX,
      contentMax: (head) => site.contentMax(head),
      handler: (request) => site.handle(request),
    });
    return {
      name: "webmail",
      get description() {
        const { sessionCount } = site;
        return `listens on ${formatEndpoint(server.tcp)} for ${domains.join(", ")}; ${sessionCount} logged in`;
      },
      stop: (graceMs) => server.stop(graceMs),
    };
  },
};

/** HOST or HOST:PORT; an IPv6 address in brackets. */
function serverOf(text: string): { host: string; port: number } | undefined {
  const hasPort = /^(\[[^\]]*\]|[^:]*):\d+$/.test(text);
  return parseAuthority(hasPort ? text : `${text}:${SMTP_PORT}`);
}

const SMTP_PORT = 25;
/** In base64 they are 33 MB, which our servers take (35 MB). */
const LETTER_MAX = 24 * 1024 * 1024;
/** Each may hold one letter with its files in memory. */
const CONNECTIONS_MAX = 64;
