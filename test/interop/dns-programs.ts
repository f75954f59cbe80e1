/** Our name servers on addresses of the loopback, BIND's `named` beside them, and `dig` to ask both. */

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sleep } from "../../src/net/index.ts";
import { OsNetwork } from "../../src/os/index.ts";
import { parseName, query } from "../../src/protocols/dns/index.ts";
import { type DnsConfiguration, dns } from "../../src/services/dns/index.ts";
import type { HostStores } from "../../src/services/service.ts";

export const ROOT = "127.0.0.2";
export const EDU = "127.0.0.3";
export const SITE = "127.0.0.4";
export const LOCAL = "127.0.0.5";
/** named listens on addresses of interfaces only, and the loopback has this one. */
export const NAMED = "127.0.0.1";

/** Everything that a test started, on one port of several addresses. */
export class NameServers {
  readonly os = new OsNetwork({ hostName: "localhost", lingerMs: 20 });
  readonly port: number;
  readonly #stops: (() => Promise<void> | void)[] = [];

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<NameServers> {
    const probing = new OsNetwork();
    const socket = await probing.run(probing.bind({ address: ROOT, port: 0 }));
    const { port } = socket.local;
    await probing.close();
    return new NameServers(port);
  }

  async serve(address: string, configuration: DnsConfiguration): Promise<void> {
    const host = { network: this.os, nameServers: [], users: [], stores: {} as HostStores };
    await this.os.run(dns.start(host, { ...configuration, address, port: this.port }));
  }

  /** Runs `named` in the foreground with these options and zones, and waits until it answers. */
  async startNamed(options: string, zones: Readonly<Record<string, string>>, hints?: string): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "hamlet-named-"));
    const statements = Object.entries(zones).map(([zone, text]) => {
      writeFileSync(join(folder, `${zone}.zone`), text);
      return `zone "${zone}" { type primary; file "${folder}/${zone}.zone"; };`;
    });
    if (hints !== undefined) {
      writeFileSync(join(folder, "hints"), hints);
      statements.push(`zone "." { type hint; file "${folder}/hints"; };`);
    }
    const configuration = `options {
  directory "${folder}"; pid-file none; session-keyfile none; port ${this.port};
  listen-on { ${NAMED}; }; listen-on-v6 { none; };
  dnssec-validation no; empty-zones-enable no; check-names primary ignore; ${options}
};
controls {};
${statements.join("\n")}\n`;
    writeFileSync(join(folder, "named.conf"), configuration);
    const child = spawn("named", ["-f", "-c", join(folder, "named.conf"), "-n", "1"], { stdio: "ignore" });
    const gone = new Promise<void>((resolve) => child.on("exit", () => resolve()));
    this.#stops.push(async () => {
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    });
    await this.#untilAnswers();
  }

  async #untilAnswers(): Promise<void> {
    const question = { name: parseName("."), type: "SOA", class: "IN" } as const;
    const server = { address: NAMED, port: this.port };
    for (let tries = 0; tries < READY_TRIES; tries++) {
      const asking = query(this.os, server, question, { tries: 1, timeoutMs: 200, recursionDesired: false });
      if ((await this.os.run(asking).catch(() => undefined)) !== undefined) return;
      // A port that is not open yet refuses at once.
      await this.os.run(sleep(this.os.clock, 100));
    }
    throw new Error("named does not answer");
  }

  /** Runs a program with our port; its output. */
  async run(program: string, ...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(program, words, { timeout: PROGRAM_MS });
    return stdout;
  }

  /** What dig shows of an answer. */
  async dig(server: string, ...words: string[]): Promise<DigAnswer> {
    const output = await this.run(
      "dig",
      `@${server}`,
      "-p",
      String(this.port),
      "+time=5",
      "+tries=1",
      ...words,
    );
    return parseDig(output);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) await stop();
    await this.os.close();
  }
}

export interface DigAnswer {
  readonly status: string | undefined;
  readonly flags: readonly string[];
  /** Records by section, each line with single spaces, sorted, in lower case (which case servers use is free). */
  readonly sections: Readonly<Record<string, readonly string[]>>;
  readonly output: string;
}

/** Reads dig's output: that of BIND's program and of our own command alike. */
export function parseDig(output: string): DigAnswer {
  const sections: Record<string, string[]> = {};
  let section: string[] | undefined;
  for (const line of output.split("\n")) {
    const title = /^;; ([A-Z]+) SECTION:$/.exec(line)?.[1];
    if (title !== undefined) section = sections[title] = [];
    else if (line === "") section = undefined;
    else if (section !== undefined) section.push(line.replace(/\s+/g, " ").toLowerCase());
  }
  for (const lines of Object.values(sections)) lines.sort();
  return {
    status: /status: (\w+)/.exec(output)?.[1],
    flags: /^;; flags: ([a-z ]*);/m.exec(output)?.[1].split(" ") ?? [],
    sections,
    output,
  };
}

/** Each takes 100 to 300 ms: named starts within a second, on a busy machine within some more. */
const READY_TRIES = 100;
const PROGRAM_MS = 30_000;
