/** `fetch`: a file word by word, in one go, as datagrams or as a picture; with `--serve` it is the server of all. */

import { LocalError, type Task } from "../../net/index.ts";
import { emitFileName, FETCH_PORT, startFetchServer } from "../../protocols/fetch/index.ts";
import {
  exclusiveOption,
  optionDurationMs,
  optionInteger,
  optionText,
  parseHostAndPort,
} from "./arguments.ts";
import type { Command, CommandInput, Shell, ShellFiles } from "./command.ts";
import { type FetchJob, fetchAsDatagrams, fetchAsStream, fetchAsWords } from "./fetch-run.ts";
import { isServer, SERVE_OPTIONS, serveHere } from "./serve-option.ts";
import { FAMILY_OPTIONS, optionFamily } from "./shared-options.ts";

export const fetch: Command = {
  name: "fetch",
  summary: "fetch a file, word by word, in one go or as datagrams",
  operands: "[words|image] [HOST[:PORT]] [NAME]",
  options: [
    { name: "stream", help: "in one go over TCP, with checksum; goes on after broken connections" },
    { name: "udp", help: "as datagrams that are never sent again; says what was lost" },
    { name: "output", short: "o", value: "FILE", help: "save it there (default: the last part of NAME)" },
    ...FAMILY_OPTIONS,
    { name: "rate", value: "N", help: "with --udp: octets per second to ask for (1000000)" },
    { name: "timeout", short: "W", value: "TIME", help: "how long an answer may take (10s; UDP 1s)" },
    { name: "root", value: "FOLDER", help: "with --serve: the folder whose files are served" },
    ...SERVE_OPTIONS,
  ],
  examples: [
    "fetch words server.test poem.txt",
    "fetch server.test big.iso --stream",
    "fetch image server.test holiday/beach.png",
    "fetch server.test song.wav --udp",
    "fetch --serve :12001 --root public",
  ],
  *run(shell, input): Task<number> {
    if (isServer(fetch, input, { own: ["root"] })) return yield* serveFiles(shell, input);
    const way = wayOf(input);
    const job = readJob(shell, input, way === "udp");
    switch (way) {
      case "words":
        return yield* fetchAsWords(shell, job);
      case "stream":
        return yield* fetchAsStream(shell, job, false);
      case "image":
        return yield* fetchAsStream(shell, job, true);
      case "udp":
        return yield* fetchAsDatagrams(shell, job);
    }
  },
};

type Way = "words" | "stream" | "image" | "udp";

/** Three operands begin with the way; with two it is that of the option, or words. */
function wayOf(input: CommandInput): Way {
  const option = exclusiveOption(input, ["stream", "udp"]);
  if (input.operands.length < 3) return option ?? "words";
  const [word] = input.operands;
  if (word === "words") return option ?? "words";
  if (word !== "image") throw new LocalError("usage", `fetch: there is "words" and "image", not "${word}"`);
  if (option === "udp") throw new LocalError("usage", "fetch: image and --udp exclude each other");
  return "image";
}

function* serveFiles(shell: Shell, input: CommandInput): Task<number> {
  const root = optionText(input, "root");
  if (root === undefined) throw new LocalError("usage", "fetch: --serve needs --root FOLDER");
  const files = filesOf(shell).openFolder(root);
  return yield* serveHere(shell, input, `serves the files of ${root}`, (place) =>
    startFetchServer(shell.network, { ...place, files }),
  );
}

function readJob(shell: Shell, input: CommandInput, isUdp: boolean): FetchJob {
  const [host, name] = input.operands.slice(-2);
  if (input.operands.length < 2)
    throw new LocalError("usage", "fetch: HOST and NAME are missing, or --serve");
  return {
    source: {
      ...parseHostAndPort(host, "HOST", FETCH_PORT),
      name: emitFileName(checkedName(name)),
      ...optionFamily(input),
    },
    name,
    output: optionText(input, "output") ?? lastPart(name),
    files: filesOf(shell),
    timeoutMs: optionDurationMs(
      input,
      "timeout",
      { leastMs: 1, mostMs: 3_600_000 },
      isUdp ? UDP_TIMEOUT_MS : TIMEOUT_MS,
    ),
    rate: optionInteger(input, "rate", { least: 1000, most: 1_000_000_000 }, undefined),
  };
}

/** The name is one line of the protocol. */
function checkedName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to refuse.
  if (!/[\u0000-\u001f\u007f]/.test(name) && name !== "" && !name.startsWith("/")) return name;
  throw new LocalError(
    "usage",
    `fetch: NAME is a path below the server's folder, not ${JSON.stringify(name)}`,
  );
}

function lastPart(name: string): string {
  const part = name.split(/[/\\]/).at(-1) ?? "";
  if (part !== "" && part !== "." && part !== "..") return part;
  throw new LocalError("usage", `fetch: "${name}" has no last part to save it under; give --output FILE`);
}

function filesOf(shell: Shell): ShellFiles {
  if (shell.files === undefined) throw new LocalError("no-files", "fetch: there is no place for files here");
  return shell.files;
}

/** A path around the world takes 0.3 s; a server that reads from a sleeping disk some seconds. */
const TIMEOUT_MS = 10_000;
const UDP_TIMEOUT_MS = 1000;
