/** What operators read: the logs of servers and of simulated hosts, on the standard error output. */

import { secondsText } from "../dissect/index.ts";
import { type Log, silentLog } from "../net/index.ts";
import { visibleText } from "./format.ts";
import type { Terminal } from "./terminal.ts";

/** Of a server on this machine, with the time of day; all but debug remarks, and those too when `verbose`. */
export function serverLog(terminal: Terminal, verbose: boolean): Log {
  const say = (level: string) => (text: string) =>
    terminal.printError(`${new Date().toISOString()} ${level} ${visibleText(text)}\n`);
  return {
    debug: verbose ? say("debug") : silentLog.debug,
    info: say("info "),
    warn: say("warn "),
    error: say("error"),
  };
}

/**
 * Of one simulated host, with virtual time: warnings and errors, and everything when `verbose`; nothing while `isNews`
 * says that it was printed before.
 */
export function labLog(
  terminal: Terminal,
  verbose: boolean,
  hostName: string,
  nowNs: () => number,
  isNews: () => boolean = () => true,
): Log {
  const say = (level: string) => (text: string) => {
    if (!isNews()) return;
    terminal.printError(`${secondsText(nowNs())} s  ${level} ${hostName}: ${visibleText(text)}\n`);
  };
  const remark = verbose ? say : () => silentLog.debug;
  return { debug: remark("debug"), info: remark("info "), warn: say("warn "), error: say("error") };
}
