/** `npm run swarm -- --seed N --runs M`: as many random runs as wanted; a failure prints the command that repeats it. */

import { parseArgs } from "node:util";
import { messageOf } from "../../src/net/index.ts";
import { makePlan } from "./plan.ts";
import { play } from "./play.ts";
import { repeatCommand } from "./repeat.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    runs: { type: "string", default: "1" },
    verbose: { type: "boolean", default: false },
  },
});
const first = wholeNumber("--seed", values.seed);
const runs = wholeNumber("--runs", values.runs);
let failed = 0;
for (let seed = first; seed < first + runs; seed++) {
  const plan = makePlan(seed);
  if (values.verbose)
    console.log(JSON.stringify({ ...plan, networkFile: JSON.parse(plan.networkFile) }, undefined, 1));
  try {
    const { events, virtualSeconds, mailsAccepted, streamOctets } = play(plan);
    const what = `${plan.faults.length} faults, ${mailsAccepted} mails, ${streamOctets} octets in streams`;
    console.log(`seed ${seed}: ok (${what}; ${events} events, ${Math.round(virtualSeconds)} s)`);
  } catch (error) {
    failed++;
    console.log(
      `seed ${seed}: FAILED: ${values.verbose && error instanceof Error ? error.stack : messageOf(error)}`,
    );
    console.log(`  repeat it with: ${repeatCommand(seed)}`);
  }
}
console.log(`${runs - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  console.error(`${option} ${text}: a whole number is needed`);
  process.exit(2);
}
