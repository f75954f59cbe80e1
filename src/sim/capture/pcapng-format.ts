/** The numbers of a pcapng file: draft-ietf-opsawg-pcapng sections 3.5 (options) and 4 (blocks). */

export const BLOCK_SECTION_HEADER = 0x0a0d0d0a;
export const BLOCK_INTERFACE_DESCRIPTION = 1;
export const BLOCK_SIMPLE_PACKET = 3;
export const BLOCK_NAME_RESOLUTION = 4;
export const BLOCK_INTERFACE_STATISTICS = 5;
export const BLOCK_ENHANCED_PACKET = 6;

/** Stands in the section header in the writer's byte order: section 4.1. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

export const OPTION_END = 0;
export const OPTION_COMMENT = 1;

/** Options of the section header: section 4.1. */
export const SHB_OS = 3;
export const SHB_USERAPPL = 4;

/** Options of an interface description: section 4.2. */
export const IF_NAME = 2;
export const IF_DESCRIPTION = 3;
export const IF_IPV4_ADDRESS = 4;
export const IF_IPV6_ADDRESS = 5;
export const IF_MAC_ADDRESS = 6;
export const IF_TIMESTAMP_RESOLUTION = 9;
export const IF_TIMESTAMP_OFFSET = 14;

/** Options of an enhanced packet: section 4.3. */
export const EPB_FLAGS = 2;
export const EPB_PACKET_ID = 5;

/** Direction in the lowest two bits of epb_flags: section 4.3.1. */
export const DIRECTION_INBOUND = 1;
export const DIRECTION_OUTBOUND = 2;

/** Options of interface statistics: section 4.6. */
export const ISB_START_TIME = 2;
export const ISB_FILTER_ACCEPT = 6;

/** Records of a name resolution block: section 4.5. */
export const NAME_RECORD_END = 0;
export const NAME_RECORD_IPV4 = 1;
export const NAME_RECORD_IPV6 = 2;

/** LINKTYPE_ETHERNET. */
export const LINK_TYPE_ETHERNET = 1;
