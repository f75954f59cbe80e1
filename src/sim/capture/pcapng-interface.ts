/** The interface description of a pcapng file, both ways: draft-ietf-opsawg-pcapng section 4.2. */

import { decodeUtf8Lossy, type Writer } from "../../bytes/index.ts";
import { formatAddress, parseAddress } from "../../net/index.ts";
import type { CaptureInterface } from "./packet.ts";
import type { BlockReader, Option } from "./pcapng-block.ts";
import { block, endOptions, option, textOption } from "./pcapng-block-writer.ts";
import * as format from "./pcapng-format.ts";

export function writeInterfaceDescription(out: Writer, details: CaptureInterface): void {
  block(out, format.BLOCK_INTERFACE_DESCRIPTION, () => {
    out.uint16(format.LINK_TYPE_ETHERNET).uint16(0).uint32(SNAP_LENGTH);
    textOption(out, format.IF_NAME, `${details.hostName} ${details.name}`);
    const addresses = details.addresses.length === 0 ? "no address" : details.addresses.join(", ");
    textOption(out, format.IF_DESCRIPTION, `interface ${details.name} of ${details.hostName} (${addresses})`);
    for (const address of details.addresses) {
      const bytes = parseAddress(address);
      if (bytes?.length === 4) {
        // The option carries a netmask; the tap knows none, so it is that of a single host.
        option(out, format.IF_IPV4_ADDRESS, Uint8Array.of(...bytes, 255, 255, 255, 255));
      } else if (bytes?.length === 16) {
        option(out, format.IF_IPV6_ADDRESS, Uint8Array.of(...bytes, 128));
      }
    }
    const mac = details.mac.split(":").map((octet) => Number.parseInt(octet, 16));
    if (mac.length === 6) option(out, format.IF_MAC_ADDRESS, Uint8Array.from(mac));
    option(out, format.IF_TIMESTAMP_RESOLUTION, Uint8Array.of(9));
    endOptions(out);
  });
}

export function describeInterface(id: number, options: readonly Option[]): CaptureInterface {
  let name = `interface ${id}`;
  let mac = "";
  const addresses: string[] = [];
  for (const { code, value } of options) {
    if (code === format.IF_NAME) name = decodeUtf8Lossy(value);
    if (code === format.IF_MAC_ADDRESS && value.length === 6) mac = formatMac(value);
    if (code === format.IF_IPV4_ADDRESS && value.length === 8)
      addresses.push(formatAddress(value.subarray(0, 4)));
    if (code === format.IF_IPV6_ADDRESS && value.length === 17)
      addresses.push(formatAddress(value.subarray(0, 16)));
  }
  // Our own files say "host interface"; a name of one word is that of an interface of the capturing machine.
  const space = name.lastIndexOf(" ");
  return { id, hostName: name.slice(0, Math.max(0, space)), name: name.slice(space + 1), mac, addresses };
}

function formatMac(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/**
 * Section 4.2, if_tsresol: a negative power of 10, or of 2 with the highest bit set; microseconds without it.
 */
export function timeScale(block: BlockReader, options: readonly Option[]): (units: bigint) => bigint {
  let unitsPerSecond = 1_000_000n;
  let offsetNs = 0n;
  for (const { code, value } of options) {
    if (code === format.IF_TIMESTAMP_RESOLUTION && value.length === 1) {
      const exponent = BigInt(value[0] & 0x7f);
      unitsPerSecond = value[0] & 0x80 ? 2n ** exponent : 10n ** exponent;
    }
    if (code === format.IF_TIMESTAMP_OFFSET) {
      offsetNs = BigInt.asIntN(64, block.uint64At(value, "if_tsoffset")) * NS_PER_SECOND;
    }
  }
  return (units) => (units * NS_PER_SECOND) / unitsPerSecond + offsetNs;
}

const NS_PER_SECOND = 1_000_000_000n;
/** Room for any frame of the simulation, and what capture programs themselves use. */
const SNAP_LENGTH = 262_144;
