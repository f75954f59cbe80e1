/** Numbers that both ends of an exchange share. */

export const DNS_PORT = 53;
/** RFC 1035 section 4.2.1: the largest UDP message without EDNS. */
export const UDP_PAYLOAD_PLAIN = 512;
/** RFC 9715 section 3: larger datagrams are fragmented somewhere, and fragments get lost or forged. */
export const UDP_PAYLOAD_MAX = 1232;
