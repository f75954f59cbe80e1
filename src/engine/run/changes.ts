/**
 * What each change does to a run. Must depend on the run alone, never on who asks or when on the machine's clock: it is
 * done again on the way to a moment of the past.
 */

import { decodeBase64 } from "../../bytes/index.ts";
import type { Host } from "../../host/index.ts";
import { LocalError, type Task, type TaskHandle } from "../../net/index.ts";
import { panelNamed } from "../panels/registry.ts";
import type { ChangeName, Parameters, Results } from "../protocol/index.ts";
import { hostOf } from "../views/host-view.ts";
import type { Performed, Run } from "./run.ts";

export function performChange<Name extends ChangeName>(
  run: Run,
  method: Name,
  params: Parameters<Name>,
): Performed<Name> {
  const perform = performers[method] as (run: Run, params: Parameters<Name>) => Performed<Name>;
  return perform(run, params);
}

/** The answer to what would change nothing: it is no change, and is not recorded. Undefined: it is one. */
export function refusalOf<Name extends ChangeName>(
  run: Run,
  method: Name,
  params: Parameters<Name>,
): Results[Name] | undefined {
  if (method !== "panel.act") return undefined;
  const { host, panel, action, value } = params as Parameters<"panel.act">;
  requirePower(run, host);
  return panelNamed(panel).refusal?.(hostOf(run, host), action, value) as Results[Name] | undefined;
}

type Performers = {
  readonly [Name in ChangeName]: (run: Run, params: Parameters<Name>) => Performed<Name>;
};

const performers: Performers = {
  "topology.add": (run, { kind, name, x, y }) => {
    const node = run.document.addNode(kind, { ...(name === undefined ? {} : { name }), at: [x, y] });
    return changed(run, { node });
  },
  "topology.remove": (run, { node }) => {
    run.document.removeNode(node);
    return changed(run, {});
  },
  "topology.connect": (run, { a, b, quality }) => {
    const link = run.document.connect(a, b, quality);
    return changed(run, { link });
  },
  "topology.disconnect": (run, { link }) => {
    run.document.removeLink(link);
    return changed(run, {});
  },
  "topology.move": (run, { node, x, y }) => {
    run.document.setPosition(node, [x, y]);
    return changed(run, {});
  },
  "link.change": (run, { link, direction, quality }) => {
    run.document.changeLink(link, direction, quality);
    return changed(run, {});
  },
  "link.cut": ({ lab }, { link, direction }) => {
    lab.cut(link, direction);
    return done;
  },
  "link.heal": ({ lab }, { link }) => {
    lab.heal(link);
    return done;
  },
  "host.power": ({ lab }, { host, on }) => {
    lab.setPower(host, on);
    return done;
  },
  "host.configure": (run, { host, ...configuration }) => {
    run.document.configureHost(host, configuration);
    return changed(run, {});
  },
  "service.install": (run, { host, service }) => {
    run.document.installService(host, service);
    return changed(run, {});
  },
  "service.switch": (run, { host: name, service, on }) => {
    const host = hostOf(run, name);
    const words = on ? "switch on" : "switch off";
    return inLab(run, host, `${words} ${service}`, switchService(host, service, on));
  },
  "user.add": (run, { host, user, password }) => {
    hostOf(run, host).addUser(user, password);
    return done;
  },
  "user.remove": (run, { host, user }) => {
    hostOf(run, host).removeUser(user);
    return done;
  },
  "user.password": (run, { host, user, password }) => {
    hostOf(run, host).setPassword(user, password);
    return done;
  },
  "panel.act": (run, { host: name, panel, action, value }) => {
    const host = hostOf(run, name);
    // What an action does at once it does before there is a task.
    requirePower(run, name);
    return inLab(run, host, `${panel} ${action}`, panelNamed(panel).act(host, action, value));
  },
  "shell.start": (run, { host, line, columns }) => {
    requirePower(run, host);
    return { result: { shell: run.shells.start(hostOf(run, host), line, columns) } };
  },
  "shell.input": (run, { shell, line }) => {
    run.shells.input(shell, line);
    return done;
  },
  "shell.end": (run, { shell }) => {
    run.shells.end(shell);
    return done;
  },
  "shell.interrupt": (run, { shell }) => {
    run.shells.interrupt(shell);
    return done;
  },
  "file.write": (run, { host, name, content }) => {
    const octets = decodeBase64(content);
    if (octets === undefined) throw new LocalError("bad-file", "the content of a file is base64");
    hostOf(run, host).files.write(name, octets);
    return done;
  },
  "file.rename": (run, { host, name, to }) => {
    hostOf(run, host).files.rename(name, to);
    return done;
  },
  "file.remove": (run, { host, name }) => {
    hostOf(run, host).files.remove(name);
    return done;
  },
  "story.play": (run) => {
    run.storyAsked = true;
    run.lab.playStory();
    return done;
  },
};

/** The file has changed: the lab follows. */
function changed<Result>(run: Run, result: Result): { readonly result: Result } {
  run.lab.changeTo(run.document.file);
  return { result };
}

/** A task of the host: it ends when the host loses its power. */
function inLab<Result>(
  run: Run,
  host: Host,
  name: string,
  task: Task<Result>,
): { readonly task: TaskHandle<Result> } {
  requirePower(run, host.name);
  return { task: host.network.spawn(name, task) };
}

function requirePower({ lab }: Run, host: string): void {
  if (lab.world.host(host)?.isOn === false) throw new LocalError("host-off", `${host} is switched off`);
}

function* switchService(host: Host, service: string, on: boolean): Task<Record<string, never>> {
  if (on) yield* host.startService(service);
  else yield* host.stopService(service);
  return {};
}

const done = { result: {} };
