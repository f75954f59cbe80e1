/** Who is logged in: sessions, known by a cookie that nobody can guess, bounded in number and time. */

import { encodeHex } from "../../bytes/index.ts";
import type { Clock, Random } from "../../net/index.ts";
import type { HostUser } from "../service.ts";

export interface Session {
  readonly id: string;
  readonly userName: string;
  /** Stands in every form of this session: another site cannot know it. */
  readonly formToken: string;
  /** What the next page says once: "Your mail was sent". */
  notice: string | undefined;
}

interface Kept extends Session {
  /** The password that it began with: another one ends it. */
  readonly password: string;
  readonly beganAtNs: number;
  usedAtNs: number;
}

export class Sessions {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #users: () => readonly HostUser[];
  readonly #idleMs: number;
  /** Least recently used first. */
  readonly #sessions = new Map<string, Kept>();

  constructor(clock: Clock, random: Random, users: () => readonly HostUser[], idleMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#users = users;
    this.#idleMs = idleMs;
  }

  get count(): number {
    return this.#sessions.size;
  }

  begin(user: HostUser): Session {
    this.#forgetOld();
    const mine = [...this.#sessions.values()].filter(({ userName }) => userName === user.name);
    if (mine.length >= SESSIONS_PER_USER_MAX) this.#sessions.delete(mine[0].id);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= SESSIONS_MAX) this.#sessions.delete(oldest);
    const nowNs = this.#clock.nowNs();
    const session: Kept = {
      id: this.makeToken(),
      userName: user.name,
      formToken: this.makeToken(),
      notice: undefined,
      password: user.password,
      beganAtNs: nowNs,
      usedAtNs: nowNs,
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  /** The session of a cookie; undefined when it is over, or its user is gone or has another password. */
  find(id: string | undefined): Session | undefined {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (session === undefined) return undefined;
    this.#sessions.delete(session.id);
    const user = this.#users().find(({ name }) => name === session.userName);
    if (this.#isOld(session) || user?.password !== session.password) return undefined;
    session.usedAtNs = this.#clock.nowNs();
    this.#sessions.set(session.id, session);
    return session;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }

  /** 256 bits that nobody can guess, where the random numbers are good. */
  makeToken(): string {
    return encodeHex(this.#random.bytes(32));
  }

  #forgetOld(): void {
    for (const session of this.#sessions.values())
      if (this.#isOld(session)) this.#sessions.delete(session.id);
  }

  #isOld({ beganAtNs, usedAtNs }: Kept): boolean {
    const nowNs = this.#clock.nowNs();
    return nowNs - usedAtNs > this.#idleMs * 1e6 || nowNs - beganAtNs > SESSION_MAX_MS * 1e6;
  }
}

const SESSIONS_MAX = 1000;
/** A person with more browsers is logged out of the one not used for longest. */
const SESSIONS_PER_USER_MAX = 20;
/** A working day, however busy it is. */
const SESSION_MAX_MS = 12 * 3600_000;
