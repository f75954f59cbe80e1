/** What an administrator does at a host: services on and off, accounts added, removed, given a new password. */

import { LocalError, type Task } from "../../net/index.ts";
import { hostOf } from "../exec.ts";
import type { Command } from "./command.ts";
import { atOnce, show } from "./output.ts";
import { formatTable } from "./table.ts";

export const service: Command = {
  name: "service",
  summary: "list the services of this host, switch one on or off",
  operands: "[start|stop|restart] [NAME]",
  options: [],
  examples: ["service", "service stop pop3", "service start pop3"],
  *run(shell, input): Task<number> {
    const host = hostOf(shell, "service");
    const [action, name] = input.operands;
    if (action === undefined) {
      const views = host.services.map(({ name: each, running }) => ({
        name: each,
        state: running === undefined ? "off" : "on",
        description: running?.description ?? "",
      }));
      const rows = views.map((view) => [view.name, view.state, view.description]);
      return show(shell, views, formatTable(["Service", "State", "Description"], rows));
    }
    if (name === undefined || !["start", "stop", "restart"].includes(action)) {
      throw new LocalError("usage", "service: expected start, stop or restart and the name of a service");
    }
    if (action !== "start") yield* host.stopService(name);
    const running = action === "stop" ? undefined : yield* host.startService(name);
    const text = running === undefined ? `${name} is off\n` : `${name} is on: ${running.description}\n`;
    return show(shell, { name, state: running === undefined ? "off" : "on" }, text);
  },
};

export const user: Command = {
  name: "user",
  summary: "list the accounts of this host; add or remove one, set its password",
  operands: "[add|remove|password] [NAME] [PASSWORD]",
  options: [],
  examples: ["user", "user add carol parsley", "user password bob starving", "user remove carol"],
  run: atOnce((shell, input) => {
    const host = hostOf(shell, "user");
    const [action, name = "", password = ""] = input.operands;
    if (action === undefined) {
      const names = host.users.map((each) => each.name);
      return show(shell, names, names.map((each) => `${each}\n`).join(""));
    }
    const count = action === "remove" ? 2 : 3;
    if (input.operands.length !== count || !["add", "remove", "password"].includes(action)) {
      throw new LocalError(
        "usage",
        "user: expected add NAME PASSWORD, remove NAME or password NAME PASSWORD",
      );
    }
    if (action === "add") host.addUser(name, password);
    else if (action === "remove") host.removeUser(name);
    else host.setPassword(name, password);
    return 0;
  }),
};
