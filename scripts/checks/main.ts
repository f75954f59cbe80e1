/** Runs the checks that no linter does, prints what they find, and exits with 1 when they find anything. */

import { checkImports } from "./imports.ts";
import { checkSize } from "./size.ts";
import { root, withSources } from "./source.ts";
import { checkTasks } from "./tasks.ts";

const findings = withSources(root, ["src", "test", "bench", "scripts"], (sources, checker) => [
  ...checkImports(sources),
  ...checkTasks(sources, checker),
  ...checkSize(sources),
]);
for (const { file, line, problem } of findings) console.log(`${file}:${line}: ${problem}`);
if (findings.length > 0) {
  console.log(`${findings.length} finding(s)`);
  process.exitCode = 1;
}
