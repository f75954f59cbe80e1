/** `npm run check`: what to run before every commit, in under a minute. */

import { platformTests, pureTestSteps, runTogether, staticSteps, testStep } from "./run.ts";

const platformStep = { ...testStep(platformTests), title: "tests of os, cli and scripts" };
process.exitCode = (await runTogether([platformStep, ...pureTestSteps, ...staticSteps])) ? 0 : 1;
