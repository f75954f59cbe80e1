/**
 * The form of a network file: the one source of its JSON schema (networks/network.schema.json is written from it),
 * of the reference in networks/README.md and of what the parser accepts. What names and addresses must fit together
 * stands in meaning/.
 */

import type { ServiceDefinition } from "../services/service.ts";
import { NODE_NAME, NODE_NAME_WORDS } from "./node-name.ts";
import type { Schema } from "./schema-check.ts";
import { expectationSchema } from "./schema-expectations.ts";
import { map, named, orNothing, ref, text, whole } from "./schema-parts.ts";
import { PORT_MAX, shapes } from "./units.ts";

/** The schema of a network file in which these services can be installed. */
export function networkSchema(services: ReadonlyMap<string, ServiceDefinition>): Schema {
  const definitions: Record<string, Schema> = { ...commonDefinitions };
  const installed: Record<string, Schema> = {};
  for (const service of services.values()) {
    // Each service's own definitions get its name in front, so that no two of them can meet.
    const { $defs = {}, ...schema } = renameReferences(service.schema, service.name) as Schema;
    for (const [name, definition] of Object.entries($defs))
      definitions[`${service.name}.${name}`] = definition;
    const described: Schema = { description: service.summary, ...schema };
    const mayBeNothing = schema.required === undefined && schema.anyOf === undefined;
    installed[service.name] = mayBeNothing ? orNothing(described) : described;
  }
  const serviceMap = map("The services that the host runs, by name.", installed);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Hamlet network file",
    ...map("A network: what is in it, how it is linked, what happens in it and what is expected.", rootKeys),
    required: ["hamlet", "name", "hosts"],
    $defs: { ...definitions, services: { title: "a map of services", ...serviceMap } },
  };
}

const rootKeys: Record<string, Schema> = {
  hamlet: { const: 1, description: "Version of this file format." },
  name: text("What people call the network."),
  description: text("What it shows, for the one who opens it."),
  seed: whole(
    0,
    Number.MAX_SAFE_INTEGER,
    "Seed of all randomness; 1 if absent. The same seed is the same run.",
  ),
  hosts: named("The machines, by name.", ref("host"), "nodeName"),
  routers: named("Machines that forward packets; written as hosts are.", ref("host"), "nodeName"),
  switches: named("Learning Ethernet switches, by name.", ref("switch"), "nodeName"),
  links: { type: "array", description: "Cables between two interfaces.", items: ref("link") },
  forward: ref("forward"),
  story: { type: "array", description: "What happens, step by step.", items: ref("step") },
  expect: { type: "array", description: "What must have happened at the end.", items: ref("expectation") },
};

const hostKeys: Record<string, Schema> = {
  description: text("What the machine is for."),
  at: ref("position"),
  addresses: {
    ...ref("addresses"),
    description: "Addresses of eth0, or `dhcp`: the short form of `interfaces`.",
  },
  interfaces: {
    ...named("Interfaces by name, where there is more than eth0.", {
      oneOf: [
        ref("addresses"),
        {
          title: "an interface",
          ...map("", {
            addresses: ref("addresses"),
            mtu: whole(68, 65_535, "Largest IP packet; 1500 if absent."),
            mac: ref("hardwareAddress"),
          }),
        },
      ],
    }),
    minProperties: 1,
  },
  gateway: {
    ...ref("hostAddresses"),
    description: "Default gateway (one of each family); else routes are computed.",
  },
  nameServers: { ...ref("hostAddresses"), description: "Name servers that the machine asks, best first." },
  users: {
    type: "object",
    description: "Accounts: name and password.",
    propertyNames: {
      type: "string",
      pattern: "^[A-Za-z0-9_][A-Za-z0-9._\\-]{0,63}$",
      patternErrorMessage: "a user name of at most 64 letters, digits and . _ -",
    },
    additionalProperties: { type: "string", minLength: 1, title: 'a password as text (in quotes: "1234")' },
  },
  mailAccount: ref("mailAccount"),
  services: ref("services"),
};

const qualityKeys: Record<string, Schema> = {
  delay: { ...ref("duration"), description: "Time that every packet travels, at most 1 h; 1 ms if absent." },
  jitter: { ...ref("duration"), description: "Up to so much longer, by chance." },
  bandwidth: {
    ...ref("bandwidth"),
    description: "How fast bits are sent, 1 bit/s to 10000 Gbit/s; 1 Gbit/s if absent.",
  },
  queue: whole(1, 1_000_000, "Packets that wait for their turn, 1000 if absent; one more is dropped."),
  loss: { ...ref("percentage"), description: "Packets lost on the way." },
  burst: {
    type: "number",
    minimum: 1,
    maximum: 1e6,
    description: "Mean length of a run of lost packets; 1 if absent.",
  },
  reorder: { ...ref("percentage"), description: "Packets held back, so that later ones overtake them." },
  reorderBy: { ...ref("duration"), description: "How long they are held back; 5 ms if absent." },
  duplicate: { ...ref("percentage"), description: "Packets that arrive twice." },
  corrupt: { ...ref("percentage"), description: "Packets in which a bit is turned." },
};

const linkKeys: Record<string, Schema> = {
  name: ref("name"),
  between: {
    type: "array",
    items: ref("end"),
    minItems: 2,
    maxItems: 2,
    description: "The two ends: HOST, HOST:INTERFACE or SWITCH.",
  },
  ...qualityKeys,
  forth: { title: "a direction", ...map("Other values from the first end to the second.", qualityKeys) },
  back: { title: "a direction", ...map("Other values from the second end to the first.", qualityKeys) },
};

const stepTimes: Record<string, Schema> = {
  name: ref("name"),
  at: {
    ...ref("duration"),
    description: "Virtual time at which the step begins, whatever else goes on; at most 2400 h.",
  },
  after: {
    ...ref("duration"),
    description: "So long after the step before has ended; 0 if neither is given.",
  },
};

const commonDefinitions: Record<string, Schema> = {
  ...(shapes as Record<string, Schema>),
  name: {
    type: "string",
    pattern: "^[A-Za-z0-9_]([A-Za-z0-9._\\-]{0,251}[A-Za-z0-9_])?$",
    patternErrorMessage: "a name of letters, digits and . _ - (such as mail.crepes.fr)",
  },
  nodeName: { type: "string", pattern: NODE_NAME, patternErrorMessage: NODE_NAME_WORDS },
  position: {
    type: "array",
    title: "a position, such as [120, 80]",
    description:
      "Where it stands in the drawing, right and down, in pixels; absent: it finds a place by itself.",
    items: { type: "number", minimum: -1e6, maximum: 1e6 },
    minItems: 2,
    maxItems: 2,
  },
  end: {
    type: "string",
    pattern: "^[^:\\s]+(:[^:\\s]+)?$",
    patternErrorMessage: "HOST, HOST:INTERFACE or SWITCH",
  },
  addresses: {
    oneOf: [
      {
        type: "array",
        title: 'a list of addresses with their prefix length, such as ["192.168.1.5/24"]',
        items: {
          type: "string",
          pattern: "^(dhcp|[0-9A-Fa-f:.]+/[0-9]{1,3})$",
          patternErrorMessage: "an address with its prefix length, such as 192.168.1.5/24 or 2001:db8::5/64",
        },
        uniqueItems: true,
      },
      {
        type: "string",
        const: "dhcp",
        title: 'a list of addresses with their prefix length, such as ["192.168.1.5/24"], or dhcp',
      },
    ],
  },
  hardwareAddress: {
    type: "string",
    pattern: "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$",
    patternErrorMessage: "a hardware address such as 02:00:5e:00:00:05",
    description: "Hardware (MAC) address; the lab gives one if absent.",
  },
  hostAddresses: {
    oneOf: [ref("hostAddress"), { type: "array", title: "a list of addresses", items: ref("hostAddress") }],
  },
  hostAddress: {
    type: "string",
    pattern: "^[0-9A-Fa-f:.]+$",
    patternErrorMessage: "an address such as 192.168.1.1 or 2001:db8::1",
  },
  host: orNothing({ title: "a host", ...map("", hostKeys) }),
  mailAccount: {
    title: "a mail account",
    ...map("Settings of the machine's mail client; `mail send`, `pop` and `imap` use them, too.", {
      name: text("The own name, for the From of a mail."),
      address: {
        type: "string",
        pattern: "^[^@\\s]+@[^@\\s]+$",
        patternErrorMessage: "an address such as alice@crepes.fr",
        description: "The own address.",
      },
      incomingServer: { ...ref("server"), description: "The server that keeps the mailbox." },
      incomingProtocol: {
        enum: ["POP3", "IMAP"],
        description: "POP3 (if absent) fetches mail; with IMAP it stays on the server.",
      },
      outgoingServer: { ...ref("server"), description: "The server that takes mail (SMTP)." },
      userName: text("The name to log in with."),
      password: { type: "string", minLength: 1, title: 'a password as text (in quotes: "1234")' },
    }),
    required: ["address"],
  },
  server: {
    type: "string",
    pattern: "^[^:\\s]+(:[0-9]{1,5})?$",
    patternErrorMessage: "HOST or HOST:PORT such as mail.crepes.fr",
  },
  switch: orNothing({
    title: "a switch",
    ...map("", {
      description: text("Where it stands."),
      at: ref("position"),
      connects: {
        type: "array",
        description: "What is plugged in, each as HOST or HOST:INTERFACE.",
        items: ref("end"),
      },
      ...qualityKeys,
    }),
  }),
  link: { title: "a link", ...map("", linkKeys), required: ["between"] },
  listen: {
    oneOf: [
      { type: "integer", minimum: 0, maximum: PORT_MAX, title: "a port from 0 to 65535" },
      {
        type: "string",
        pattern: "^((\\[[^\\]]+\\]|[0-9.]+):)?[0-9]{1,5}$",
        patternErrorMessage: "an address and a port such as 127.0.0.1:2525 or [::1]:2525",
      },
    ],
    description: "Where this machine listens; without an address it is 127.0.0.1.",
  },
  forward: {
    title: "a map with from, ports, socks",
    ...map("How real clients come in from this machine.", {
      from: { ...ref("name"), description: "The host of the network at which they come in." },
      socks: ref("listen"),
      ports: {
        type: "array",
        description: "Ports that lead to a port of a host.",
        items: ref("forwardedPort"),
      },
    }),
    required: ["from"],
  },
  forwardedPort: {
    title: "a forwarded port",
    ...map("", {
      listen: ref("listen"),
      to: {
        type: "string",
        pattern: "^[^:\\s]+:[0-9]{1,5}$",
        patternErrorMessage: "HOST:PORT such as mail.crepes.fr:25",
        description: "The host of the network and its port.",
      },
      protocol: { enum: ["tcp", "udp", "both"], description: "tcp if absent." },
    }),
    required: ["listen", "to"],
  },
  step: {
    title: "a step",
    oneOf: [
      step("a command", ["on", "run"], {
        on: { ...ref("name"), description: "The host." },
        run: { ...text("The command, as it would be typed there."), minLength: 1 },
        input: { type: "string", description: "What it reads." },
      }),
      step("a cut", ["cut"], {
        cut: { ...ref("name"), description: "A link that is broken from now on." },
        direction: ref("direction"),
      }),
      step("a healing", ["heal"], {
        heal: { ...ref("name"), description: "A link that works again, both ways." },
      }),
      step("a change", ["change"], {
        change: { ...ref("name"), description: "A link that is of another quality from now on." },
        direction: ref("direction"),
        ...qualityKeys,
      }),
      step("a power failure", ["powerOff"], {
        powerOff: { ...ref("name"), description: "A host that goes dark." },
      }),
      step("a return of power", ["powerOn"], {
        powerOn: { ...ref("name"), description: "A host that comes back." },
      }),
    ],
  },
  direction: {
    enum: ["both", "forth", "back"],
    description:
      "both (if absent), forth (from the first end to the second, which neither end notices), or back.",
  },
  expectation: expectationSchema,
  endpoint: { type: "string", minLength: 1, title: "a host or an address" },
};

function step(title: string, required: string[], keys: Record<string, Schema>): Schema {
  return { title, ...map("", { ...stepTimes, ...keys }), required };
}

function renameReferences(value: unknown, service: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameReferences(item, service));
  if (typeof value !== "object" || value === null) return value;
  const renamed = Object.entries(value).map(([key, member]) => {
    const isReference = key === "$ref" && typeof member === "string";
    return [
      key,
      isReference ? member.replace("#/$defs/", `#/$defs/${service}.`) : renameReferences(member, service),
    ];
  });
  return Object.fromEntries(renamed);
}
