/**
 * `npm test`: everything. Two programs at a time where they are alone with themselves; what talks to foreign programs
 * and to a browser has the machine for itself. Ends with the test runner's own counts.
 */

import { platformTests, pureTestSteps, runLoudly, runTogether, staticSteps, testStep } from "./run.ts";

const isClean = await runTogether(staticSteps);
const isPureFine = await runTogether(pureTestSteps);
const status = await runLoudly(testStep([...platformTests, "test/**/*.test.ts"]));
process.exitCode = isClean && isPureFine && status === 0 ? 0 : 1;
