import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkError, type Task } from "../net/index.ts";
import { collect } from "../services/registry.ts";
import type { ServiceDefinition } from "../services/service.ts";
import { World } from "../sim/index.ts";
import { memoryStores } from "../store/memory/index.ts";
import { Host } from "./host.ts";
import type { Command } from "./shell/command.ts";

/** A service that writes down what happens to it. */
function recorder(name: string, events: string[]): ServiceDefinition {
  return {
    name,
    title: name,
    summary: "writes down what happens to it",
    schema: { type: "object" },
    *start(host, configuration) {
      if (JSON.stringify(configuration).includes("fail"))
        throw new NetworkError("address-in-use", "port taken");
      events.push(`${name} starts with ${JSON.stringify(configuration)} for ${host.users.length} users`);
      return {
        name,
        description: `${name} runs`,
        *stop(graceMs): Task {
          events.push(`${name} stops within ${graceMs} ms, ${host.users.length} users`);
        },
      };
    },
  };
}

const commands: Command[] = [
  command("greet", function* (shell, input) {
    shell.print(`hello ${input.operands.join(" ")}\n`);
    return 0;
  }),
  command("greet again", function* (shell) {
    shell.print("hello again\n");
    return 7;
  }),
  command("unreachable", function* () {
    throw new NetworkError("unreachable", "there is no way to 10.9.9.9");
  }),
  command("broken", function* () {
    throw new TypeError("a mistake of ours");
  }),
];

function command(name: string, run: Command["run"]): Command {
  return { name, summary: `does ${name}`, operands: "[WORD ...]", options: [], examples: [], run };
}

function makeHost(): { host: Host; world: World; events: string[]; failures: unknown[] } {
  const failures: unknown[] = [];
  const events: string[] = [];
  const world = new World({ seed: 1, onTaskFailure: (error) => failures.push(error) });
  const host = new Host({
    network: world.addHost("server").network,
    nameServers: [],
    users: [{ name: "bob", password: "hungry" }],
    stores: memoryStores(),
    services: collect([recorder("one", events), recorder("two", events)]),
    commands,
  });
  return { host, world, events, failures };
}

function exec(words: string[]): { status: number; printed: string; errors: string } {
  const { host, world } = makeHost();
  let printed = "";
  let errors = "";
  const handle = host.exec(words, {
    print: (text) => (printed += text),
    printError: (text) => (errors += text),
  });
  return { status: world.finish(handle), printed, errors };
}

test("services are switched on and off while the host runs", () => {
  const { host, world, events } = makeHost();
  host.install("one", { port: 1 });
  host.install("two", {});
  world.run(host.startAll());
  assert.deepEqual(
    host.services.map(({ name, running }) => [name, running?.description]),
    [
      ["one", "one runs"],
      ["two", "two runs"],
    ],
  );
  world.run(host.startService("one"));
  world.run(host.stopService("one", 10));
  world.run(host.stopService("one", 10));
  assert.equal(host.services[0].running, undefined);
  host.addUser("carol", "parsley");
  world.run(host.startService("one", { port: 2 }));
  world.run(host.stopAll(5));
  assert.deepEqual(events, [
    'one starts with {"port":1} for 1 users',
    "two starts with {} for 1 users",
    "one stops within 10 ms, 1 users",
    'one starts with {"port":2} for 2 users',
    "two stops within 5 ms, 2 users",
    "one stops within 5 ms, 2 users",
  ]);
});

test("a service that cannot start takes down those before it, and says why", () => {
  const { host, world, events } = makeHost();
  host.install("one", {});
  host.install("two", { fail: true });
  assert.throws(() => world.run(host.startAll()), { code: "address-in-use" });
  assert.deepEqual(events.at(-1), "one stops within 0 ms, 1 users");
  assert.ok(host.services.every((each) => each.running === undefined));
});

test("services that are not there", () => {
  const { host, world } = makeHost();
  assert.throws(() => host.install("three", {}), { code: "unknown-service" });
  assert.throws(() => world.run(host.startService("one")), /server has no service "one" \(it has: none\)/);
});

test("users are added, removed, and get new passwords", () => {
  const { host } = makeHost();
  host.addUser("carol", "parsley");
  host.setPassword("bob", "starving");
  assert.deepEqual(host.users, [
    { name: "bob", password: "starving" },
    { name: "carol", password: "parsley" },
  ]);
  assert.throws(() => host.addUser("bob", "x"), { code: "user-exists" });
  for (const name of ["b b", "b".repeat(65), ".b"])
    assert.throws(() => host.addUser(name, "x"), {
      code: "bad-user-name",
      message: /at most 64 letters, digits/,
    });
  host.removeUser("bob");
  assert.deepEqual(host.users, [{ name: "carol", password: "parsley" }]);
  assert.throws(() => host.removeUser("bob"), { code: "unknown-user" });
  assert.throws(() => host.setPassword("bob", "x"), { code: "unknown-user" });
});

test("commands run, the longest name first", () => {
  assert.deepEqual(exec(["greet", "you"]), { status: 0, printed: "hello you\n", errors: "" });
  assert.deepEqual(exec(["greet", "again"]), { status: 7, printed: "hello again\n", errors: "" });
  assert.match(exec(["greet", "--help"]).printed, /^Usage: greet /);
});

test("what is not understood is status 2, what does not work is status 1", () => {
  assert.deepEqual(exec(["gret"]), {
    status: 2,
    printed: "",
    errors: 'unknown command "gret", did you mean "greet"?\n',
  });
  assert.deepEqual(exec([]), { status: 2, printed: "", errors: 'unknown command ""; "help" lists them\n' });
  assert.equal(exec(["greet", "--loud"]).status, 2);
  assert.deepEqual(exec(["unreachable"]), {
    status: 1,
    printed: "",
    errors: "there is no way to 10.9.9.9\n",
  });
});

test("a mistake of ours is not dressed up as a failure of the command", () => {
  const { host, world } = makeHost();
  const handle = host.exec(["broken"], { print() {}, printError() {} });
  assert.throws(() => world.finish(handle), TypeError);
});
