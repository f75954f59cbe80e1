import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { FormatError } from "../../bytes/index.ts";
import { anyHeader } from "../kernel/tcp/testing/arbitraries.ts";
import {
  describeTcp,
  emitTcpHeader,
  parseTcpHeader,
  TcpFlag,
  TcpHeader,
  tcpChecksum,
  tcpHeaderLength,
  tcpPseudoSum,
  writeTcpChecksum,
} from "./tcp.ts";

suite("TCP on the wire", () => {
  test("what is emitted is parsed as it was", () => {
    fc.assert(
      fc.property(anyHeader, fc.uint8Array({ maxLength: 20 }), (header, data) => {
        const length = tcpHeaderLength(header);
        const bytes = new Uint8Array(7 + length + data.length);
        emitTcpHeader(header, bytes, 7);
        bytes.set(data, 7 + length);
        const parsed = parseTcpHeader(bytes, 7);
        assert.equal(parsed.dataLength, data.length);
        Object.assign(parsed, { dataStart: 0, dataEnd: 0 });
        const blocks = (h: TcpHeader): number[] => Array.from(h.sackEdges.subarray(0, 2 * h.sackCount));
        assert.deepEqual(blocks(parsed), blocks(header));
        assert.deepEqual({ ...parsed, sackEdges: 0 }, { ...header, sackEdges: 0 });
      }),
    );
  });

  test("any octets are parsed or refused with a FormatError, and nothing is read beyond the end", () => {
    const octets = fc.uint8Array({ minLength: 0, maxLength: 80 });
    fc.assert(
      fc.property(octets, fc.integer({ min: 0, max: 15 }), (bytes, offset) => {
        if (bytes.length > 12) bytes[12] = offset << 4;
        try {
          const header = parseTcpHeader(bytes);
          assert.ok(header.dataStart <= header.dataEnd && header.dataEnd === bytes.length);
          assert.ok(header.sackCount <= 4);
          describeTcp(header);
        } catch (error) {
          assert.ok(error instanceof FormatError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("the checksum covers pseudo-header, header and data", () => {
    const header = Object.assign(new TcpHeader(), {
      sourcePort: 1,
      destinationPort: 2,
      flags: TcpFlag.acknowledgment,
    });
    const source = Uint8Array.of(192, 0, 2, 1);
    const destination = Uint8Array.of(192, 0, 2, 2);
    const pseudo = tcpPseudoSum(source, destination);
    const bytes = new Uint8Array(20 + 5).fill(7);
    emitTcpHeader(header, bytes, 0);
    writeTcpChecksum(bytes, 0, bytes.length, pseudo);
    assert.equal(tcpChecksum(bytes, 0, bytes.length, pseudo), 0);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      assert.notEqual(tcpChecksum(bytes, 0, bytes.length, pseudo), 0, `bit ${bit}`);
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
    assert.notEqual(
      tcpChecksum(bytes, 0, bytes.length, tcpPseudoSum(source, Uint8Array.of(192, 0, 2, 3))),
      0,
    );
  });

  test("a known segment, octet by octet", () => {
    // A SYN as any capture shows it: RFC 9293 section 3.1, written out by hand.
    const bytes = Uint8Array.from(
      "c0 00 00 50 00 00 00 64 00 00 00 00 a0 02 ff ff 00 00 00 00 02 04 05 b4 04 02 08 0a 00 00 00 07 00 00 00 00 01 03 03 03"
        .split(" ")
        .map((octet) => Number.parseInt(octet, 16)),
    );
    const header = parseTcpHeader(bytes);
    assert.equal(
      describeTcp(header),
      "49152 → 80 [SYN] Seq=100 Win=65535 Len=0 MSS=1460 WS=3 SACK_PERM TSval=7 TSecr=0",
    );
    assert.equal(tcpHeaderLength(header), 40);
  });

  test("options that lie about their length are refused by name", () => {
    const bytes = new Uint8Array(24);
    bytes[12] = 0x60;
    for (const option of [
      [2, 0],
      [2, 3, 1],
      [8, 10],
      [5, 4],
      [77, 1],
      [1, 1, 1, 9],
    ]) {
      bytes.fill(0, 20);
      bytes.set(option, 20);
      assert.throws(() => parseTcpHeader(bytes), { name: "FormatError", field: "tcp.option.length" });
    }
    bytes.set([254, 4, 1, 1], 20);
    assert.equal(parseTcpHeader(bytes).dataStart, 24, "an unknown option is skipped");
  });
});
