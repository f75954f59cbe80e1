/** RTP as a capture shows it; Wireshark writes the same line (`tshark -d udp.port==5004,rtp`). */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { emitRtp } from "../../protocols/voice/index.ts";
import { dissect } from "../dissect.ts";
import { assertCovers } from "../testing/cover.ts";
import { CLIENT, SERVER, udpFrame } from "../testing/frames.ts";

const spoken = {
  marker: true,
  payloadType: 0,
  sequence: 7,
  timestamp: 1200,
  source: 0xbeef,
  contributing: [],
};

test("a packet of voice", () => {
  const data = emitRtp({ ...spoken, payload: new Uint8Array(160).fill(0xff) });
  const frame = udpFrame(CLIENT, 4000, SERVER, 5004, data);
  const dissection = dissect(frame);
  assert.equal(dissection.protocol, "RTP");
  assert.equal(dissection.info, "PT=ITU-T G.711 PCMU, SSRC=0x0000BEEF, Seq=7, Time=1200, Mark");
  assert.deepEqual(dissection.problems, []);
  assertCovers(dissection, frame.length);
});

test("a wrong version and wrong padding are malformed, and say why", () => {
  const problems = (octets: number[]): string[] => [
    ...dissect(udpFrame(CLIENT, 4000, SERVER, 5004, new Uint8Array(octets))).problems,
  ];
  assert.match(problems([0x40, 0, 0, 1])[0], /version 1 instead of 2/);
  assert.match(
    problems([0xa0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1, 9])[0],
    /padding of 9 octets where 2 are left/,
  );
});

test("whatever comes to the port is covered", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (data, isVersion2) => {
      if (isVersion2 && data.length > 0) data[0] = 0x80 | (data[0] & 0x3f);
      const frame = udpFrame(CLIENT, 4000, SERVER, 5004, data);
      assertCovers(dissect(frame), frame.length);
    }),
  );
});
