/** Files to fetch as a service of a host: word by word and in one go over TCP, as datagrams over UDP. */

import { encodeUtf8 } from "../../bytes/index.ts";
import { formatEndpoint, type Task } from "../../net/index.ts";
import {
  emitFileName,
  FETCH_PORT,
  generatedText,
  MemoryFileStore,
  parseFileName,
  startFetchServer,
} from "../../protocols/fetch/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost, ServiceProblem } from "../service.ts";
import { CONNECTIONS_SCHEMA, portSchema } from "../transport-schema.ts";

export interface FetchConfiguration {
  readonly port?: number;
  readonly connectionsMax?: number;
  /** By name: the text itself, or text made up to a size. */
  readonly files?: Readonly<Record<string, string | { readonly size: string | number }>>;
}

export const fetchService: ServiceDefinition<FetchConfiguration> = {
  name: "fetch",
  title: "File server",
  summary: "serves files (word by word, in one go, as datagrams)",
  schema: {
    type: "object",
    additionalProperties: false,
    properties: {
      port: portSchema(FETCH_PORT),
      connectionsMax: CONNECTIONS_SCHEMA,
      files: {
        type: "object",
        description: 'the files by name: their text, or "size: 1 MB" for text made up to that size',
        additionalProperties: {
          anyOf: [
            { type: "string" },
            {
              type: "object",
              additionalProperties: false,
              required: ["size"],
              properties: {
                size: {
                  anyOf: [
                    { type: "integer", minimum: 0, maximum: 64_000_000 },
                    { type: "string", pattern: "^\\d{1,8}(\\.\\d{1,6})? ?(B|kB|MB)$" },
                  ],
                },
              },
            },
          ],
        },
      },
    },
  },
  problems: (configuration) => {
    const files = Object.entries(configuration.files ?? {});
    return files.flatMap(([name, content]): ServiceProblem[] => {
      if (parseFileName(emitFileName(name)) === undefined)
        return [{ path: ["files", name], message: `"${name}" is no name that can be fetched` }];
      if (typeof content === "object" && sizeOf(content.size) > SIZE_MAX)
        return [{ path: ["files", name], message: "a generated file has 64 MB at most" }];
      return [];
    });
  },
  *start(host: ServiceHost, configuration: FetchConfiguration): Task<RunningService> {
    const { files = {}, ...options } = configuration ?? {};
    const contents = new Map<string, Uint8Array>();
    for (const [name, content] of Object.entries(files)) {
      const isText = typeof content === "string";
      contents.set(name, isText ? encodeUtf8(content) : generatedText(sizeOf(content.size)));
    }
    const store = new MemoryFileStore(contents);
    const server = yield* startFetchServer(host.network, { ...options, files: store });
    const count = contents.size === 1 ? "1 file" : `${contents.size} files`;
    return {
      name: "fetch",
      description: `serves ${count} on TCP and UDP ${formatEndpoint(server.tcp)}`,
      stop: (graceMs) => server.stop(graceMs),
    };
  },
};

/** "1.5 MB" in octets: thousands, as rates of networks are counted. */
function sizeOf(size: string | number): number {
  if (typeof size === "number") return size;
  const [, value, unit] = /^([\d.]+) ?(B|kB|MB)$/.exec(size) ?? [];
  return Math.round(Number(value) * (UNITS[unit] ?? Number.NaN));
}

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1000, MB: 1_000_000 };
/** A lab keeps them all in memory. */
const SIZE_MAX = 64_000_000;
