/** SOCKS5: RFC 1928. */
export { connectThrough } from "./client.ts";
export { type SocksServerOptions, serveSocks } from "./server.ts";
export { DESTINATION_WITHIN, type Destination, findDestination } from "./wire.ts";
