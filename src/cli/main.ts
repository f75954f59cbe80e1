/** The program `hamlet`: keeps what Node makes of the sources, which takes most of a short command's time; then start.ts. */

import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Inside the clone, where only who may change the program may write. Where that fails, all goes on without.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/hamlet", import.meta.url)));
await import("./start.ts");
