/** `npm test`: everything. Ends with the test runner's own counts. */

import { runLoudly, runTogether, staticSteps, testStep } from "./run.ts";

const clean = await runTogether(staticSteps);
const status = await runLoudly(testStep(["src/**/*.test.ts", "scripts/**/*.test.ts", "test/**/*.test.ts"]));
process.exitCode = clean && status === 0 ? 0 : 1;
