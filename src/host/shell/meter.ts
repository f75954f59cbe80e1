/**
 * `meter`: throughput, loss and delay every second, against iperf3 or our own server; with `--round-trips` requests
 * and responses in turn; with `--serve` it is the server. Read meter-options.ts and meter-report.ts beside it.
 */

import { encodeUtf8 } from "../../bytes/index.ts";
import { LocalError, type Task } from "../../net/index.ts";
import {
  type Interval,
  measureRoundTrips,
  type PartialMeterReport,
  type RoundTripReport,
  runMeter,
  startMeterServer,
} from "../../protocols/meter/index.ts";
import type { Command, FileDraft, Shell } from "./command.ts";
import { hanging } from "./hanging.ts";
import { METER_OPTIONS, type MeterPlan, readMeterPlan } from "./meter-options.ts";
import {
  describePlan,
  figureOf,
  formatReport,
  formatRoundTrips,
  RowPrinter,
  summaryOf,
  summaryOfRoundTrips,
} from "./meter-report.ts";
import { drawFigure, rasterize, toPng, toSvg } from "./plot/index.ts";
import { isServer, SERVE_OPTIONS, serveHere } from "./serve-option.ts";

export const meter: Command = {
  name: "meter",
  summary: "measure throughput, loss and delay to a host, as iperf3 does and with iperf3",
  operands: "[HOST[:PORT]]",
  options: [...METER_OPTIONS, ...SERVE_OPTIONS],
  examples: [
    "meter server.test -t 5",
    "meter server.test --udp --rate 5M -s 1400 --plot udp.svg",
    "meter server.test:7 --udp --round-trips -s 2",
    "meter --serve :5201",
  ],
  *run(shell, input): Task<number> {
    if (isServer(meter, input)) {
      return yield* serveHere(shell, input, "measures", (place) => startMeterServer(shell.network, place));
    }
    const plan = readMeterPlan(input);
    if (plan.plot !== undefined && shell.files === undefined)
      throw new LocalError("no-files", "this host keeps no files: --plot has no place to go");
    // Before anything is measured: a place that cannot be written is known at once.
    const draft = plan.plot && shell.files?.create(plan.plot.name);
    try {
      const heading = `METER ${plan.host} port ${plan.port}: ${describePlan(plan)}`;
      const lines = hanging("", heading, shell.columns ?? Number.POSITIVE_INFINITY);
      if (!shell.json && !plan.csv) shell.print(`${lines.join("\n")}\n`);
      const job = { shell, plan, draft };
      return yield* plan.roundTrips ? measureTrips(job) : measureStreams(job);
    } finally {
      draft?.discard();
    }
  },
};

interface MeterJob {
  readonly shell: Shell;
  readonly plan: MeterPlan;
  /** Where the figure goes, if one is wanted. */
  readonly draft: FileDraft | undefined;
}

function* measureStreams(job: MeterJob): Task<number> {
  const { shell, plan } = job;
  const { protocol, durationMs, octets, size, parallel, reverse, rateBps } = plan;
  const finish = (report: PartialMeterReport): void =>
    tell(job, report, formatReport(report), summaryOf(report));
  const report = yield* runMeter(shell.network, plan.host, plan.port, {
    parameters: { protocol, durationMs, octets, size, parallel, reverse, rateBps },
    timeoutMs: plan.timeoutMs,
    intervalMs: plan.intervalMs,
    ...plan.family,
    onInterval: rowsOf(shell, plan),
    onInterrupted: finish,
  });
  finish(report);
  return report.received.octets > 0 ? 0 : 1;
}

function* measureTrips(job: MeterJob): Task<number> {
  const { shell, plan } = job;
  const { protocol, durationMs, size, timeoutMs, intervalMs } = plan;
  const finish = (report: RoundTripReport): void =>
    tell(job, report, formatRoundTrips(report), summaryOfRoundTrips(report));
  const report = yield* measureRoundTrips(shell.network, plan.host, plan.port, {
    protocol,
    durationMs,
    size,
    timeoutMs,
    intervalMs,
    ...plan.family,
    onInterval: rowsOf(shell, plan),
    onInterrupted: finish,
  });
  finish(report);
  return report.latency === undefined ? 1 : 0;
}

/** Prints each interval as it comes; JSON is one document, at the end. */
function rowsOf(shell: Shell, plan: MeterPlan): (interval: Interval) => void {
  if (shell.json) return () => {};
  // Colours mean a terminal, where somebody looks on: small bars stand beside the rows, where there is room.
  const lineMax = shell.colour ? (shell.columns ?? Number.POSITIVE_INFINITY) : 0;
  const printer = new RowPrinter(plan, lineMax, (text) => shell.print(text));
  return (interval) => {
    // Not before the server has answered.
    if (interval.startSeconds === 0) printer.printHeading();
    printer.printRow(interval);
  };
}

/** Prints the report and saves its figure; also when it was interrupted. */
function tell(
  job: MeterJob,
  report: PartialMeterReport | RoundTripReport,
  text: string,
  summary: string,
): void {
  const { shell, plan } = job;
  if (shell.json) shell.print(`${JSON.stringify(report)}\n`);
  else if (plan.csv) shell.printError(text);
  else shell.print(`\n${text}`);
  savePlot(job, report.intervals, summary);
}

/** An older figure stays where there is nothing to draw. */
function savePlot({ shell, plan, draft }: MeterJob, intervals: readonly Interval[], summary: string): void {
  if (plan.plot === undefined || draft === undefined) return;
  if (intervals.every(({ octets }) => octets === 0)) {
    shell.printError(`${plan.plot.name}: not saved, for nothing was measured\n`);
    return;
  }
  const drawing = drawFigure(figureOf(plan, intervals, summary));
  const svg = (): Uint8Array => encodeUtf8(toSvg(drawing));
  const bytes = plan.plot.kind === "svg" ? svg() : toPng(rasterize(drawing, PIXELS_PER_POINT));
  draft.write(bytes);
  draft.save();
  shell.printError(`${plan.plot.name}: ${bytes.length} octets\n`);
}

/** Sharp on paper, too. */
const PIXELS_PER_POINT = 2;
