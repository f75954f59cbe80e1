/** What `fetch` does in each of its ways, and what it says of the result. */

import { joinBytes } from "../../bytes/index.ts";
import { addressesOf, formatEndpoint, type Task } from "../../net/index.ts";
import {
  type DatagramFetchResult,
  type FetchSource,
  type FileSink,
  fetchDatagrams,
  fetchStream,
  fetchWords,
  type StreamProgress,
  type StreamResult,
} from "../../protocols/fetch/index.ts";
import type { FileDraft, Shell, ShellFiles } from "./command.ts";
import { progressLine } from "./fetch-progress.ts";
import { imageTypeOf, PREVIEW_MAX, previewOf } from "./picture/preview.ts";
import { noteResult } from "./results.ts";

export interface FetchJob {
  readonly source: FetchSource;
  /** As it was typed. */
  readonly name: string;
  /** Where it is saved. */
  readonly output: string;
  readonly files: ShellFiles;
  readonly timeoutMs: number;
  readonly rate: number | undefined;
}

export function* fetchAsWords(shell: Shell, job: FetchJob): Task<number> {
  const words = yield* saved(job, (draft) => fetchWords(shell.network, job.source, draft, job));
  tell(shell, { name: job.name, words, saved: job.output }, `${job.name}: ${words} words, one in each line`);
  return 0;
}

/** A picture is shown, too, or it is said how to look at it. */
export function* fetchAsStream(shell: Shell, job: FetchJob, isImage: boolean): Task<number> {
  const head = new Head();
  const beganNs = shell.network.clock.nowNs();
  const meter = new ProgressMeter(shell, job.name);
  let result: StreamResult;
  try {
    result = yield* saved(job, (draft) =>
      fetchStream(shell.network, job.source, isImage ? head.before(draft) : draft, {
        timeoutMs: job.timeoutMs,
        onProgress: (progress) => meter.show(progress),
      }),
    );
  } finally {
    meter.end();
  }
  const durationMs = (shell.network.clock.nowNs() - beganNs) / 1e6;
  const { size, sha256, resumptions } = result;
  const goodputBps = (size * 8000) / durationMs;
  noteResult(shell, { application: "file over TCP", missing: 0, durationMs, goodputBps, felt: "whole" });
  const again = resumptions > 0 ? `, resumed ${resumptions} ${resumptions === 1 ? "time" : "times"}` : "";
  const type = isImage ? (imageTypeOf(head.bytes) ?? "no picture that is known") : undefined;
  tell(
    shell,
    {
      name: job.name,
      size,
      sha256,
      resumptions,
      durationMs,
      ...(type === undefined ? {} : { type }),
      saved: job.output,
    },
    `${job.name}: ${type === undefined ? "" : `${type}, `}${size} octets in ${(durationMs / 1000).toFixed(1)} s${again}, SHA-256 ${sha256}`,
  );
  if (isImage && !shell.json) showImage(shell, job, head.bytes, size);
  return 0;
}

/** A damaged file is saved, too, with zeros for what was lost; the status is 1. */
export function* fetchAsDatagrams(shell: Shell, job: FetchJob): Task<number> {
  const { network } = shell;
  const { host, port, family, name } = job.source;
  const [address] = yield* addressesOf(network.resolver, host, family);
  const { timeoutMs, rate } = job;
  const options = { timeoutMs, ...(rate === undefined ? {} : { rate }) };
  const result = yield* saved(job, function* (draft) {
    const fetched = yield* fetchDatagrams(network, { address, port }, name, options);
    draft.write(fetched.bytes);
    return fetched;
  });
  const { bytes, lost, ...counts } = result;
  const lostOctets = lost.reduce((sum, { start, end }) => sum + end - start, 0);
  const durationMs = counts.durationNs / 1e6;
  noteResult(shell, {
    application: "file over UDP",
    missing: bytes.length === 0 ? 0 : lostOctets / bytes.length,
    durationMs,
    goodputBps: ((bytes.length - lostOctets) * 8000) / Math.max(durationMs, 1),
    felt: lost.length === 0 ? "whole" : "damaged",
  });
  const from = formatEndpoint({ address, port });
  tell(
    shell,
    { name: job.name, from, size: bytes.length, ...counts, lostOctets, lost, saved: job.output },
    `${job.name}: ${describeDamage(result, lostOctets)}`,
  );
  return lost.length === 0 ? 0 : 1;
}

/** Runs `fetch` into a file that is saved when it succeeds, and leaves nothing when it does not. */
function* saved<T>({ files, output }: FetchJob, fetch: (draft: FileDraft) => Task<T>): Task<T> {
  const draft = files.create(output);
  try {
    const result = yield* fetch(draft);
    draft.save();
    return result;
  } finally {
    draft.discard();
  }
}

function tell(
  shell: Shell,
  value: { readonly saved: string; readonly [key: string]: unknown },
  text: string,
): void {
  shell.print(shell.json ? `${JSON.stringify(value)}\n` : `${text}; saved as ${value.saved}\n`);
}

function describeDamage(result: DatagramFetchResult, lostOctets: number): string {
  const { bytes, partCount, lost, lostParts, duplicateParts, overtakenParts, durationNs } = result;
  const also = [
    ...(duplicateParts > 0 ? [`${duplicateParts} came twice`] : []),
    ...(overtakenParts > 0 ? [`${overtakenParts} were overtaken`] : []),
  ].map((text) => `, ${text}`);
  const head = `${bytes.length} octets in ${partCount} parts and ${(durationNs / 1e9).toFixed(1)} s${also.join("")}`;
  if (lost.length === 0) return `${head}, nothing was lost`;
  const share = ((100 * lostParts) / partCount).toFixed(1);
  const shown = lost.slice(0, RANGES_SHOWN_MAX).map(({ start, end }) => `${start}-${end - 1}`);
  const more = lost.length > shown.length ? ` and ${lost.length - shown.length} more` : "";
  return `${head}; damaged: ${lostParts} parts are lost (${share} %), ${lostOctets} octets are zeros: ${shown.join(", ")}${more}`;
}

function showImage(shell: Shell, job: FetchJob, bytes: Uint8Array, size: number): void {
  const { terminal } = shell;
  if (terminal === undefined || imageTypeOf(bytes) === undefined) return;
  const isWhole = bytes.length === size;
  const preview = isWhole ? previewOf(terminal, job.output, bytes) : undefined;
  shell.print(preview ?? `This terminal cannot show it; open ${job.output} with a picture viewer.\n`);
}

/** Keeps the beginning of a file, enough for a preview, while it goes on its way. */
class Head {
  #parts: Uint8Array[] = [];
  #length = 0;

  before(sink: FileSink): FileSink {
    return {
      write: (bytes) => {
        if (this.#length <= PREVIEW_MAX) this.#parts.push(bytes.slice());
        this.#length += bytes.length;
        sink.write(bytes);
      },
      restart: () => {
        [this.#parts, this.#length] = [[], 0];
        sink.restart();
      },
    };
  }

  get bytes(): Uint8Array {
    return joinBytes(this.#parts);
  }
}

/** Draws the bar on a terminal, ten times a second; elsewhere nothing. */
class ProgressMeter {
  readonly #shell: Shell;
  readonly #name: string;
  #beganNs = 0;
  #beganAt = -1;
  #drawnNs = 0;
  #width = 0;

  constructor(shell: Shell, name: string) {
    this.#shell = shell;
    this.#name = name;
  }

  show({ done, size, resumedAt }: StreamProgress): void {
    const { terminal, json, network } = this.#shell;
    if (terminal === undefined || json || terminal.environment.TERM === "dumb") return;
    const nowNs = network.clock.nowNs();
    if (resumedAt !== this.#beganAt) [this.#beganAt, this.#beganNs] = [resumedAt, nowNs];
    if (nowNs - this.#drawnNs < REDRAW_NS && done < size) return;
    this.#drawnNs = nowNs;
    const elapsedMs = (nowNs - this.#beganNs) / 1e6;
    const progress = { name: this.#name, done, size, fresh: done - resumedAt, elapsedMs };
    const line = progressLine(progress, terminal.columns);
    this.#shell.printError(`\r${line.padEnd(this.#width)}`);
    this.#width = line.length;
  }

  end(): void {
    if (this.#width > 0) this.#shell.printError("\n");
  }
}

/** Enough to see the pattern; --json has all of them. */
const RANGES_SHOWN_MAX = 8;
const REDRAW_NS = 100e6;
