/**
 * The tasks of a world: a group per host, so that all tasks of a host can be cancelled, and one for the world itself.
 * Groups with ready tasks run in the order in which they became ready.
 */

import { type Task, type TaskHandle, TaskRunner } from "../net/index.ts";

export class WorldTasks {
  readonly #groups: TaskGroup[] = [];
  #ready: TaskGroup[] = [];
  readonly #onFailure: (error: unknown, taskName: string, groupName: string) => void;

  constructor(onFailure: (error: unknown, taskName: string, groupName: string) => void) {
    this.#onFailure = onFailure;
  }

  get anyReady(): boolean {
    return this.#ready.length > 0;
  }

  /** "mail.hamburger.edu: smtp accept": the tasks that have not ended, group by group, oldest first. */
  get liveNames(): string[] {
    return this.#groups.flatMap((group) => group.liveNames.map((name) => `${group.name}: ${name}`));
  }

  addGroup(name: string): TaskGroup {
    const group: TaskGroup = new TaskGroup(
      name,
      () => this.#ready.push(group),
      (error, taskName) => this.#onFailure(error, taskName, name),
    );
    this.#groups.push(group);
    return group;
  }

  /** Resumes every ready task, and those that become ready meanwhile, until none is. */
  runReady(): void {
    for (let at = 0; at < this.#ready.length; at++) this.#ready[at].runReady();
    this.#ready = [];
  }
}

export class TaskGroup {
  readonly name: string;
  readonly #runner: TaskRunner;
  #open = true;

  constructor(name: string, onReady: () => void, onFailure: (error: unknown, taskName: string) => void) {
    this.name = name;
    this.#runner = new TaskRunner(onReady, onFailure);
  }

  get liveNames(): string[] {
    return this.#runner.liveNames();
  }

  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    const handle = this.#runner.spawn(name, task);
    if (!this.#open) handle.cancel();
    return handle;
  }

  /** For WorldTasks only. */
  runReady(): void {
    this.#runner.runReady();
  }

  /** Ends all tasks; those that are spawned before `open` end at once. */
  cancelAll(): void {
    this.#open = false;
    this.#runner.cancelAll();
  }

  open(): void {
    this.#open = true;
  }
}
