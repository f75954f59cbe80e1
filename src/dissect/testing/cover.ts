/** The promise of every dissection: fields cover the frame, and siblings do not overlap. */

import assert from "node:assert/strict";
import type { Dissection, Field } from "../dissection.ts";

export function assertCovers(dissection: Dissection, length: number): void {
  let at = 0;
  for (const layer of dissection.layers) {
    assert.equal(layer.start, at, `layer ${layer.protocol} begins where the one before ends`);
    assertInOrder(layer.fields, layer.start, layer.end, layer.protocol);
    at = layer.end;
  }
  assert.equal(at, length, "the layers reach the end of the frame");
}

/** Fields fill [start, end) without a gap; fields of bits fill their octets bit by bit. */
function assertInOrder(fields: readonly Field[], start: number, end: number, where: string): void {
  let bit = start * 8;
  for (const field of fields) {
    const label = `${where} > ${field.key}`;
    const firstBit = field.start * 8 + (field.bits?.start ?? 0);
    assert.equal(firstBit, bit, `${label} begins where the field before ends`);
    bit = field.bits === undefined ? field.end * 8 : field.start * 8 + field.bits.end;
    if (field.children === undefined || field.children.length === 0) continue;
    if (field.bits === undefined) assertInOrder(field.children, field.start, field.end, label);
    else
      for (const child of field.children)
        assert.ok(child.bits !== undefined, `${label} has bits as children`);
  }
  assert.equal(bit, end * 8, `${where}: the fields reach the end`);
}
