/** `npm run check`: what to run before every commit, in under a minute. */

import { runLoudly, runTogether, staticSteps, testStep } from "./run.ts";

const clean = await runTogether(staticSteps);
const status = await runLoudly(testStep(["src/**/*.test.ts", "scripts/**/*.test.ts"]));
process.exitCode = clean && status === 0 ? 0 : 1;
