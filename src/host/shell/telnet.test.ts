/** `telnet` against the servers of a small lab, and what it makes of Telnet's commands. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeUtf8 } from "../../bytes/index.ts";
import { buildNetwork, type Lab, parseNetworkFile } from "../../topology/index.ts";
import { NetworkVirtualTerminal } from "./network-virtual-terminal.ts";
import { splitWords } from "./words.ts";

const [IAC, WILL, WONT, DO, DONT, SB, SE] = [255, 251, 252, 253, 254, 250, 240];

function office(): Lab {
  const { file, errors } = parseNetworkFile(
    `hamlet: 1
name: Office
hosts:
  pc: { addresses: [10.0.0.1/24, "2001:db8::1/64"] }
  server:
    addresses: [10.0.0.2/24, "2001:db8::2/64"]
    users: { bob: hungry }
    services: { echo: , pop3: }
links:
  - between: [pc, server]
`,
    "office.yaml",
  );
  assert.deepEqual(errors, undefined);
  const lab = buildNetwork(file as NonNullable<typeof file>);
  lab.start();
  lab.world.runUntil(1e6);
  return lab;
}

function type(lab: Lab, line: string): { status: number; printed: string; errors: string } {
  let printed = "";
  let errors = "";
  const output = {
    print: (text: string) => (printed += text),
    printError: (text: string) => (errors += text),
  };
  const handle = lab.hosts.get("pc")?.exec(splitWords(line), output);
  assert.ok(handle !== undefined);
  return { status: lab.world.finish(handle), printed, errors };
}

test("telnet speaks POP3 by hand, and says when the server has closed", () => {
  const dialogue = '--text "user bob" --text "pass hungry" --text stat --text quit';
  for (const place of ["10.0.0.2 110", "10.0.0.2:110", "2001:db8::2 110", "[2001:db8::2]:110"]) {
    const { status, printed, errors } = type(office(), `telnet ${place} ${dialogue}`);
    assert.equal(status, 0, place);
    assert.match(
      printed,
      /^\+OK [^\n]*\n\+OK[^\n]*\n\+OK user successfully logged on[^\n]*\n\+OK 0 0\n\+OK[^\n]*\n$/,
    );
    assert.match(errors, /^connected to \S+110\n\S+110 has closed the connection\n$/);
  }
});

test("after the last line the answers still come; a port without a server refuses", () => {
  assert.equal(type(office(), 'telnet server.test --text "a"').status, 1);
  assert.equal(type(office(), 'telnet 10.0.0.2 7 --text "grüß dich"').printed, "grüß dich\n");
  assert.match(type(office(), "telnet 10.0.0.2 24 --text a").errors, /refused/);
  assert.match(type(office(), "telnet").errors, /HOST is missing/);
  assert.match(type(office(), "telnet 10.0.0.2 70000").errors, /PORT/);
});

test("options are refused once, subnegotiations are left out, IAC IAC is an octet", () => {
  const terminal = new NetworkVirtualTerminal();
  const asked = [IAC, DO, 24, IAC, WILL, 1, IAC, WONT, 3, IAC, DONT, 5, IAC, DO, 24];
  const { text, reply } = terminal.receive(
    Uint8Array.of(
      ...asked,
      ...encodeUtf8("login: "),
      IAC,
      SB,
      24,
      1,
      IAC,
      IAC,
      IAC,
      SE,
      65,
      IAC,
      241,
      66,
      13,
      0,
    ),
  );
  assert.equal(text, "login: AB");
  assert.deepEqual([...reply], [IAC, WONT, 24, IAC, DONT, 1]);
  assert.equal(terminal.receive(Uint8Array.of(IAC, IAC, 65)).text, "\ufffdA");
});

test("wherever what comes is cut, the same text is shown and the same is answered", () => {
  const octets = fc.array(
    fc.oneof(fc.constantFrom(IAC, WILL, WONT, DO, DONT, SB, SE, 13, 10, 0), fc.nat({ max: 255 })),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        octets,
        fc.string({ unit: fc.constantFrom("a", "ü", "漢", "😀") }).map((text) => [...encodeUtf8(text)]),
      ),
      (all) => {
        const end = encodeUtf8("..");
        const whole = new NetworkVirtualTerminal().receive(Uint8Array.of(...all, ...end));
        const terminal = new NetworkVirtualTerminal();
        const pieces = [...all, ...end].map((octet) => terminal.receive(Uint8Array.of(octet)));
        assert.equal(pieces.map(({ text }) => text).join(""), whole.text);
        assert.deepEqual(
          pieces.flatMap(({ reply }) => [...reply]),
          [...whole.reply],
        );
      },
    ),
  );
});
