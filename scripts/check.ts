/** `npm run check`: what to run before every commit, in under a minute. */

import { runTogether, staticSteps, unitTestSteps } from "./run.ts";

process.exitCode = (await runTogether([...unitTestSteps, ...staticSteps])) ? 0 : 1;
