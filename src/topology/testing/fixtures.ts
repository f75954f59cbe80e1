/** Services and commands that exist for the tests of this folder only, and files made of pieces. */

import type { Command } from "../../host/shell/command.ts";
import { collect } from "../../services/registry.ts";
import type { ServiceDefinition } from "../../services/service.ts";
import type { FileError } from "../network-file.ts";
import { type ParseOptions, parseNetworkFile } from "../parse.ts";

export const knock: ServiceDefinition = {
  name: "knock",
  title: "Knock",
  summary: "answers who is there",
  schema: {
    type: "object",
    properties: {
      port: { $ref: "#/$defs/port" },
      names: { type: "array", items: { type: "string" }, minItems: 1, uniqueItems: true },
      mode: { enum: ["loud", "soft"] },
    },
    required: ["port"],
    additionalProperties: false,
    $defs: { port: { type: "integer", minimum: 1, maximum: 65_535 } },
  },
  problems: (configuration) => {
    const { names = [] } = configuration as { names?: readonly string[] };
    return names.flatMap((name, i) =>
      name === "nobody" ? [{ path: ["names", i], message: "nobody knocks" }] : [],
    );
  },
  *start(_host, configuration) {
    return { name: "knock", description: JSON.stringify(configuration), *stop() {} };
  },
};

export const say: Command = {
  name: "say",
  summary: "prints its words",
  operands: "[WORD ...]",
  options: [{ name: "exit", value: "N", help: "exit status" }],
  examples: [],
  *run(shell, input) {
    for (const word of input.operands) shell.print(`${word}\n`);
    for (let line = yield* shell.readLine(); line !== null; line = yield* shell.readLine())
      shell.print(`< ${line}\n`);
    return Number(input.options.get("exit")?.[0] ?? 0);
  },
};

export const testOptions: ParseOptions = { services: collect([knock]), commands: [say] };

/** A small network that is right; tests change one thing in it. */
export const rightFile = `hamlet: 1
name: Test
seed: 7
hosts:
  a.test:
    addresses: [10.0.0.1/24, "2001:db8::1/64"]
    nameServers: 10.0.0.2
    users: { bob: hungry }
    services:
      knock: { port: 7 }
  b.test:
    addresses: [10.0.0.2/24]
    gateway: 10.0.0.254
routers:
  r1:
    interfaces:
      lan: [10.0.0.254/24, "2001:db8::fe/64"]
      wan: { addresses: [10.9.0.1/30], mtu: 1400 }
  r2:
    addresses: [10.9.0.2/30]
switches:
  lan: { connects: [a.test, b.test, "r1:lan"], delay: 0.1 ms }
links:
  - name: far
    between: ["r1:wan", r2]
    delay: 40 ms
    bandwidth: 10 Mbit/s
    loss: 1 %
    back: { bandwidth: 1 Mbit/s, queue: 20 }
forward:
  from: b.test
  socks: 1080
  ports:
    - { listen: 2525, to: "a.test:25" }
    - { listen: "[::1]:2053", to: "a.test:53", protocol: both }
story:
  - name: greet
    on: a.test
    run: say 'hello you' there
    input: |
      one
      two
  - { at: 3 s, cut: far, direction: forth }
  - { after: 1 s, heal: far }
  - { powerOff: b.test }
expect:
  - mailbox: bob@a.test
    subject: Hi
    count: 0
  - { step: greet, exit: 0, prints: [hello, "/^there$/"], within: 1 s }
  - { packets: ARP, from: a.test, to: 10.0.0.2, atMost: 4, before: 1 s }
`;

/** The errors of a file as "line:column message". */
export function errorsOf(text: string, options: ParseOptions = testOptions): string[] {
  const { errors = [] } = parseNetworkFile(text, "test.yaml", options);
  return errors.map((error: FileError) => `${error.line}:${error.column} ${error.message}`);
}

/** The errors after `from` (which must be there) was replaced in the right file. */
export function errorsAfter(from: string, to: string): string[] {
  if (!rightFile.includes(from)) throw new Error(`the right file does not contain ${from}`);
  return errorsOf(rightFile.replace(from, to));
}
