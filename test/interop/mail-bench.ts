/** What the mail tests with foreign programs share: our servers on 127.0.0.1, and programs run beside them. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Log, silentLog, type Task, toByteString } from "../../src/net/index.ts";
import { OsNetwork } from "../../src/os/index.ts";
import { imap, pop3, type SmtpConfiguration } from "../../src/services/mail/index.ts";
import { smtpService } from "../../src/services/mail/smtp-service.ts";
import { memoryStores } from "../../src/store/index.ts";

export class MailBench {
  readonly log: string[] = [];
  readonly os = new OsNetwork({ hostName: "mail.hamburger.edu", lingerMs: 50, log: this.#logInto() });
  readonly stores = memoryStores();
  readonly folder = mkdtempSync(join(tmpdir(), "hamlet-interop-"));
  readonly #children: ChildProcess[] = [];
  smtpPort = 0;
  pop3Port = 0;
  imapPort = 0;

  /** hamburger.edu with bob; mail to other domains goes to `remotePort` of 127.0.0.1. */
  async start(remotePort = 1, configuration: Partial<SmtpConfiguration> = {}): Promise<void> {
    const host = {
      network: this.os,
      nameServers: [],
      users: [{ name: "bob", password: "hungry" }],
      stores: this.stores,
    };
    const local = { address: "127.0.0.1", port: 0 };
    const routing = {
      *mailExchangers() {
        return [{ preference: 0, exchange: "127.0.0.1" }];
      },
    };
    const smtp = {
      ...local,
      domains: ["hamburger.edu"],
      name: "hamburger.edu",
      relayFor: ["127.0.0.1"],
      ...configuration,
    };
    const servers = await this.os.run(
      (function* () {
        return [
          yield* smtpService(() => routing, remotePort).start(host, smtp),
          yield* pop3.start(host, local),
          yield* imap.start(host, local),
        ];
      })(),
    );
    [this.smtpPort, this.pop3Port, this.imapPort] = servers.map(({ description }) =>
      Number(/:(\d+)( |$)/.exec(description)?.[1]),
    );
  }

  /** Runs a program to its end. */
  async run(
    program: string,
    words: readonly string[],
    input = "",
  ): Promise<{ status: number; output: string }> {
    const child = this.spawn(program, words);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    const timer = setTimeout(() => child.kill("SIGKILL"), PROGRAM_MS);
    const [status] = await once(child, "close");
    clearTimeout(timer);
    return { status, output };
  }

  /** Starts a program that runs until the bench is closed. */
  spawn(program: string, words: readonly string[], options: { detached?: boolean } = {}): ChildProcess {
    const child = spawn(program, words, { stdio: "pipe", cwd: this.folder, ...options });
    // Read in any case: a program whose pipe is full stands still.
    child.stdout?.resume();
    child.stderr?.resume();
    child.on("error", (error) => assert.fail(`${program}: ${error.message}`));
    this.#children.push(child);
    return child;
  }

  /** Waits until somebody listens on a port. */
  async waitForPort(port: number): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const socket = connect(port, "127.0.0.1");
      const [answer] = await Promise.race([
        once(socket, "connect").then(() => ["connected"]),
        once(socket, "error").then(() => ["refused"]),
      ]).catch(() => ["refused"]);
      socket.destroy();
      if (answer === "connected") return;
      await wait(50);
    }
    assert.fail(`nobody listens on port ${port}`);
  }

  async freePort(): Promise<number> {
    const listener = await this.os.run(this.os.listen({ address: "127.0.0.1", port: 0 }));
    listener.close();
    return listener.local.port;
  }

  /** What is in bob's mailbox, as soon as there are `count` mails. */
  async mailbox(count: number): Promise<string[]> {
    const store = this.stores.mail();
    for (let tries = 0; tries < 200; tries++) {
      const mails = await this.os.run(
        (function* (): Task<string[]> {
          const texts: string[] = [];
          for (const { uid } of yield* store.messages("bob")) {
            texts.push(toByteString((yield* store.readMessage("bob", uid)) ?? new Uint8Array(0)));
          }
          return texts;
        })(),
      );
      if (mails.length >= count) return mails;
      await wait(50);
    }
    assert.fail(`no ${count} mails came to bob`);
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
      await gone;
      clearTimeout(timer);
    }
    await this.os.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #logInto(): Log {
    const keep = (text: string): void => void this.log.push(text);
    return { ...silentLog, info: keep, warn: keep, error: keep };
  }
}

/** Opens a bench, does the work, closes it. */
export async function withMailBench(work: (bench: MailBench) => Promise<void>): Promise<void> {
  const bench = new MailBench();
  try {
    await work(bench);
  } finally {
    await bench.close();
  }
}

/** A program of a test ends within it. */
const PROGRAM_MS = 30_000;
