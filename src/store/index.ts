/** Every store of Hamlet. Pure code (the lab) imports `store/memory/index.ts`, which touches no disk. */
export * from "./memory/index.ts";
export * from "./sqlite/index.ts";
