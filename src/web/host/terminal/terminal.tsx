/** Desktop, Terminal: a command line on the host, in xterm.js. The dialogue is terminal-session.ts. */

import "@xterm/xterm/css/xterm.css";
import { Group, Switch, Text, UnstyledButton, useComputedColorScheme, VisuallyHidden } from "@mantine/core";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { useEffect, useId, useRef } from "react";
import { isBoolean, readStored, useStored, writeStored } from "../../app/stored.ts";
import type { EngineClient } from "../../engine/client.ts";
import { useEngine, useEpoch, useEvent, useNode } from "../../engine/hooks.ts";
import type { PanelProps } from "../../panels/panel.ts";
import { LeavingKeys } from "./leaving-keys.ts";
import classes from "./terminal.module.css";
import { type ShellPort, TerminalSession } from "./terminal-session.ts";
import { terminalTheme } from "./theme.ts";

export default function TerminalProgram({ host }: PanelProps) {
  const [forReaders, setForReaders] = useStored("terminal.screenReader", false, isBoolean);
  const box = useRef<HTMLDivElement>(null);
  const keys = useId();
  const session = useTerminal(host, box, keys, forReaders);
  return (
    <div className={classes.program}>
      <div ref={box} className={classes.screen} />
      <VisuallyHidden id={keys}>
        Tab completes. Press Escape and then Tab to leave the terminal.
      </VisuallyHidden>
      <Group className={classes.foot} gap={4} wrap="nowrap">
        <div className={classes.hints}>
          {HINTS.map((line) => (
            <UnstyledButton key={line} className={classes.hint} onClick={() => session.current?.run(line)}>
              {line}
            </UnstyledButton>
          ))}
        </div>
        <Switch
          size="xs"
          label={<Text size="xs">Screen reader</Text>}
          checked={forReaders}
          onChange={(event) => setForReaders(event.currentTarget.checked)}
        />
      </Group>
    </div>
  );
}

function useTerminal(
  host: string,
  box: React.RefObject<HTMLDivElement | null>,
  /** The element that says which keys there are. */
  keys: string,
  forReaders: boolean,
) {
  const engine = useEngine();
  const epoch = useEpoch();
  const scheme = useComputedColorScheme("light");
  const user = useNode(host)?.mailAddress?.split("@")[0];
  const terminal = useRef<Terminal>(undefined);
  const session = useRef<TerminalSession>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one terminal for as long as the program is open.
  useEffect(() => {
    const opened = openTerminal(box.current!, scheme);
    terminal.current = opened.terminal;
    opened.terminal.textarea?.setAttribute("aria-describedby", keys);
    session.current = new TerminalSession({
      screen: screenOf(opened.terminal),
      port: portOf(engine, host),
      prompt: user === undefined ? host : `${user}@${host}`,
      history: readStored(`history.${host}`, [], isLines),
      onHistory: (lines) => writeStored(`history.${host}`, lines),
    });
    opened.terminal.onData((data) => session.current?.type(data));
    session.current.begin();
    opened.onFit(() => session.current?.redraw());
    return opened.close;
  }, [engine, host]);
  useEffect(() => {
    if (terminal.current) terminal.current.options.theme = terminalTheme(scheme);
  }, [scheme]);
  useEffect(() => {
    if (terminal.current) terminal.current.options.screenReaderMode = forReaders;
  }, [forReaders]);
  const seen = useRef(epoch);
  useEffect(() => {
    if (seen.current !== epoch) session.current?.lose("The connection to the engine was lost.");
    seen.current = epoch;
  }, [epoch]);
  useEvent("shell", ({ shell, output }) => session.current?.hear(shell, output));
  return session;
}

function openTerminal(box: HTMLElement, scheme: "light" | "dark") {
  const terminal = new Terminal({
    theme: terminalTheme(scheme),
    fontFamily: getComputedStyle(box).getPropertyValue("--mantine-font-family-monospace"),
    fontSize: 12.5,
    lineHeight: 1.25,
    scrollback: SCROLLBACK,
    cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    minimumContrastRatio: 4.5,
    allowTransparency: false,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(box);
  const leaving = new LeavingKeys();
  terminal.attachCustomKeyEventHandler((event) => !leaving.take(event));
  let onFit = (): void => {};
  const observer = new ResizeObserver(() => {
    // Hidden behind another program: it has no size, and keeps its own.
    if (box.clientWidth === 0 || box.clientHeight === 0) return;
    fit.fit();
    onFit();
  });
  observer.observe(box);
  fit.fit();
  terminal.focus();
  return {
    terminal,
    onFit: (listener: () => void) => {
      onFit = listener;
    },
    close: () => {
      observer.disconnect();
      terminal.dispose();
    },
  };
}

function screenOf(terminal: Terminal) {
  return {
    get columns() {
      return terminal.cols;
    },
    write: (text: string) => terminal.write(text),
    clear: () => terminal.write("\x1b[2J\x1b[3J\x1b[H"),
  };
}

function portOf(engine: EngineClient, host: string): ShellPort {
  const ignore = (): void => {};
  return {
    start: async (line, columns) => (await engine.request("shell.start", { host, line, columns })).shell,
    input: (shell, line) => engine.request("shell.input", { shell, line }).catch(ignore),
    end: (shell) => engine.request("shell.end", { shell }).catch(ignore),
    interrupt: (shell) => engine.request("shell.interrupt", { shell }).catch(ignore),
    complete: (line, cursor) => engine.request("shell.complete", { host, line, cursor }),
  };
}

function isLines(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((line) => typeof line === "string");
}

const HINTS = ["help", "ipconfig", "arp", "route", "sockets"];
/** Lines that can be scrolled back to. */
const SCROLLBACK = 5_000;
