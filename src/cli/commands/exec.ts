/** `hamlet exec HOST CMD ...`: a command on a host of the network that is up. */

import { hasOption, optionText } from "../../host/shell/option-values.ts";
import { execAt } from "../control/client.ts";
import { defaultControlPath } from "../control/location.ts";
import type { Program } from "../program.ts";

export const exec: Program = {
  name: "exec",
  summary: "run a command on a host of the network that is up",
  operands: "HOST CMD ...",
  options: [
    {
      name: "control",
      value: "FILE",
      help: "control socket of the network, if it was started with --control",
    },
  ],
  examples: [
    "hamlet exec pc.crepes.fr dig hamburger.edu MX",
    "hamlet exec pc.crepes.fr ping mail.hamburger.edu -c 3",
    "hamlet exec pc.crepes.fr help",
  ],
  details: [
    "Options before HOST are for exec; all that follows CMD is for the command. Its output is printed as it comes, the lines of the standard input are its input, and its exit status is that of exec. Ctrl-C ends it.",
  ],
  stopsAtOperand: true,
  async run(context, input): Promise<number> {
    const [host, ...words] = input.operands;
    const { terminal } = context;
    const path = optionText(input, "control") ?? defaultControlPath(terminal.environment);
    const { colour } = terminal;
    return await execAt(path, { type: "exec", host, words, json: hasOption(input, "json"), colour }, context);
  },
};
