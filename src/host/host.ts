/**
 * A machine: a network to stand on, users, stores, and services that are switched on and off. The same class is a
 * host of the simulated internet (`topology/build.ts`) and the one host of `hamlet serve` on the machine's own
 * sockets. What must stay true: services see the users as they are now, for `users` is one living list.
 */

import { LocalError, type Network, suspend, type Task, type TaskHandle } from "../net/index.ts";
import type {
  HostStores,
  HostUser,
  RunningService,
  ServiceDefinition,
  ServiceHost,
} from "../services/service.ts";
import { type ExecOptions, runCommand } from "./exec.ts";
import { HostFiles } from "./files.ts";
import type { HostLog } from "./log.ts";
import type { Machine } from "./machine.ts";
import { type ServedEndpoint, ServingHost, ServingNetwork } from "./serving-network.ts";
import type { Command, MailAccount, ShellMemory } from "./shell/command.ts";
import { commands as allCommands } from "./shell/index.ts";

export interface HostOptions {
  readonly network: Network;
  /** Addresses of the name servers it asks, best first. */
  readonly nameServers: readonly string[];
  readonly users?: readonly HostUser[];
  /** What its mail client is set to. */
  readonly mailAccount?: MailAccount;
  readonly stores: HostStores;
  /** What can be installed, by name. */
  readonly services: ReadonlyMap<string, ServiceDefinition>;
  /** What can be typed; absent: every command of Hamlet. */
  readonly commands?: readonly Command[];
  /** The machine beneath, where its interfaces and tables can be looked at (in the lab). */
  readonly machine?: Machine;
  /** What its network logs to, where it is kept for looking at. */
  readonly log?: HostLog;
}

/** A service as it is installed, running or not. */
export interface InstalledService {
  readonly name: string;
  readonly configuration: unknown;
  readonly running: RunningService | undefined;
}

export class Host implements ServiceHost {
  readonly name: string;
  readonly network: Network;
  /** What the mail client is set to; may be changed. */
  mailAccount: MailAccount | undefined;
  readonly stores: HostStores;
  /** What commands keep between two runs. */
  readonly memory: ShellMemory = new Map<string, string>();
  /** What its commands have saved. */
  readonly files = new HostFiles();
  readonly machine: Machine | undefined;
  readonly log: HostLog | undefined;
  readonly commands: readonly Command[];
  readonly #definitions: ReadonlyMap<string, ServiceDefinition>;
  readonly #users: HostUser[];
  readonly #installed = new Map<string, Installed>();
  #nameServers: readonly string[];

  constructor(options: HostOptions) {
    this.name = options.network.hostName;
    this.network = options.network;
    this.#nameServers = options.nameServers;
    this.log = options.log;
    this.mailAccount = options.mailAccount;
    this.stores = options.stores;
    this.machine = options.machine;
    this.commands = options.commands ?? allCommands;
    this.#definitions = options.services;
    this.#users = [...(options.users ?? [])];
  }

  /** Addresses of the name servers it asks now, best first: another list when they are others. */
  get nameServers(): readonly string[] {
    return this.#nameServers;
  }

  setNameServers(addresses: readonly string[]): void {
    this.#nameServers = [...addresses];
  }

  /** The accounts now; the list changes with them. */
  get users(): readonly HostUser[] {
    return this.#users;
  }

  addUser(name: string, password: string): void {
    if (!USER_NAME.test(name)) {
      const rule = "at most 64 letters, digits and . _ -, of which a letter, digit or _ is the first";
      throw new LocalError("bad-user-name", `"${name.slice(0, 80)}" is no user name: ${rule}`);
    }
    requirePassword(password);
    if (this.#indexOfUser(name) !== -1) throw new LocalError("user-exists", `user ${name} exists already`);
    this.#users.push({ name, password });
  }

  /** The account goes; what is in its mailbox stays in the store. */
  removeUser(name: string): void {
    this.#users.splice(this.#requireUser(name), 1);
  }

  setPassword(name: string, password: string): void {
    requirePassword(password);
    this.#users[this.#requireUser(name)] = { name, password };
  }

  /** What is installed, in the order of installation. */
  get services(): readonly InstalledService[] {
    return [...this.#installed.values()];
  }

  /** Installs a service without starting it; again: its configuration is replaced for the next start. */
  install(name: string, configuration: unknown): void {
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw new LocalError("unknown-service", `there is no service "${name}"`);
    const installed = this.#installed.get(name);
    if (installed === undefined) this.#installed.set(name, new Installed(definition, configuration));
    else installed.configuration = configuration;
  }

  /** Takes a service away, at once; the task lets its open dialogues end. What it has stored stays. */
  uninstall(name: string, graceMs = STOP_GRACE_MS): Task {
    const installed = this.#require(name);
    this.#installed.delete(name);
    return installed.stop(graceMs);
  }

  /** The service that listens there, if one does. */
  serviceAt(protocol: ServedEndpoint["protocol"], port: number): string | undefined {
    for (const { name, served } of this.#installed.values()) {
      if (served.some((each) => each.protocol === protocol && each.local.port === port)) return name;
    }
    return undefined;
  }

  /** Switches an installed service on; with a configuration it is installed first. Does nothing when it runs. */
  *startService(name: string, configuration?: unknown): Task<RunningService> {
    if (configuration !== undefined) this.install(name, configuration);
    return yield* this.#require(name).start(this);
  }

  /** Switches a service off; open dialogues get `graceMs` to end. Does nothing when it is off. */
  *stopService(name: string, graceMs = STOP_GRACE_MS): Task {
    yield* this.#require(name).stop(graceMs);
  }

  /** Starts all that is installed, in order; the first failure stops what was started and is thrown. */
  *startAll(): Task {
    for (const service of this.#installed.values()) {
      try {
        yield* service.start(this);
      } catch (error) {
        yield* this.stopAll(0);
        throw error;
      }
    }
  }

  /** Stops all services, the last one first. */
  *stopAll(graceMs = STOP_GRACE_MS): Task {
    for (const service of [...this.#installed.values()].reverse()) yield* service.stop(graceMs);
  }

  /** The machine lost its power: nothing runs any more, whatever the services had to say. */
  forgetRunning(): void {
    for (const service of this.#installed.values()) service.forget();
  }

  /** Runs one command, e.g. ["ping", "mail.crepes.fr"]; its exit status is the task's value. */
  exec(words: readonly string[], options: ExecOptions): TaskHandle<number> {
    return this.network.spawn(`$ ${words.join(" ")}`, runCommand(this, words, options));
  }

  #require(name: string): Installed {
    const installed = this.#installed.get(name);
    if (installed === undefined) {
      const names = [...this.#installed.keys()].join(", ") || "none";
      throw new LocalError("unknown-service", `${this.name} has no service "${name}" (it has: ${names})`);
    }
    return installed;
  }

  #indexOfUser(name: string): number {
    return this.#users.findIndex((user) => user.name === name);
  }

  #requireUser(name: string): number {
    const index = this.#indexOfUser(name);
    if (index === -1) throw new LocalError("unknown-user", `${this.name} has no user ${name}`);
    return index;
  }
}

class Installed implements InstalledService {
  readonly name: string;
  configuration: unknown;
  running: RunningService | undefined;
  readonly #definition: ServiceDefinition;
  #network: ServingNetwork | undefined;
  #isStarting = false;
  readonly #waiting: (() => void)[] = [];

  constructor(definition: ServiceDefinition, configuration: unknown) {
    this.name = definition.name;
    this.configuration = configuration;
    this.#definition = definition;
  }

  /** Where it listens. */
  get served(): readonly ServedEndpoint[] {
    return this.#network?.served ?? [];
  }

  *start(host: ServiceHost): Task<RunningService> {
    // Two who start it at once, as the machine comes up and somebody switches it on, start it once.
    while (this.#isStarting) {
      yield* suspend<void>((resolve) => {
        this.#waiting.push(resolve);
        return () => {};
      });
    }
    if (this.running !== undefined) return this.running;
    this.#isStarting = true;
    try {
      const network = new ServingNetwork(host.network);
      this.running = yield* this.#definition.start(new ServingHost(host, network), this.configuration);
      this.#network = network;
      return this.running;
    } finally {
      this.#isStarting = false;
      for (const go of this.#waiting.splice(0)) go();
    }
  }

  *stop(graceMs: number): Task {
    const running = this.running;
    this.forget();
    if (running !== undefined) yield* running.stop(graceMs);
  }

  forget(): void {
    this.running = undefined;
    this.#network = undefined;
  }
}

function requirePassword(password: string): void {
  if (!PASSWORD.test(password))
    throw new LocalError("bad-password", "a password has 1 to 255 characters, all of them printable");
}

/** What mail systems and shells agree on; the network file's schema has the same rule. */
const USER_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
/** What a network file can hold, and a line of a protocol. */
const PASSWORD = /^[^\p{Cc}\p{Cs}\ufffd]{1,255}$/u;
/** A dialogue that is going on gets this long: more than any answer takes, less than a person waits. */
const STOP_GRACE_MS = 2_000;
