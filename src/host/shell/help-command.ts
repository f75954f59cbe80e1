/** `help`: what can be typed at this host. */

import { LocalError } from "../../net/index.ts";
import { hostOf } from "../exec.ts";
import { help as helpOf } from "./arguments.ts";
import type { Command } from "./command.ts";
import { atOnce, show } from "./output.ts";
import { formatTable } from "./table.ts";

export const help: Command = {
  name: "help",
  summary: "list the commands, or explain one",
  operands: "[COMMAND ...]",
  options: [],
  examples: ["help", "help mail send"],
  run: atOnce((shell, input) => {
    const { commands } = hostOf(shell, "help");
    const { columns } = shell;
    const wanted = input.operands.join(" ");
    if (wanted === "") {
      const views = commands.map(({ name, summary }) => ({ name, summary }));
      return show(
        shell,
        views,
        formatTable(
          ["Command", "What it does"],
          views.map((view) => [view.name, view.summary]),
          columns,
        ),
      );
    }
    const command = commands.find((each) => each.name === wanted);
    if (command === undefined) throw new LocalError("unknown-command", `unknown command "${wanted}"`);
    shell.print(helpOf(command, columns));
    return 0;
  }),
};
