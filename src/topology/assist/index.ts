/** Help for who writes a network file: `completeNetworkFile`, `describeNetworkFile`. */
export * from "./complete.ts";
