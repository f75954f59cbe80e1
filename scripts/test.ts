/**
 * `npm test`: everything. One runner for all tests, each file in a process of its own, so that its counts, the last
 * thing that is printed, are those of all tests. (npm run check is the fast one.)
 */

import { runLoudly, runTogether, staticSteps, testStep } from "./run.ts";

const isClean = await runTogether(staticSteps);
const status = await runLoudly(testStep(["src/**/*.test.ts", "scripts/**/*.test.ts", "test/**/*.test.ts"]));
process.exitCode = isClean && status === 0 ? 0 : 1;
