/** Runs the checks that no linter does, prints what they find, and exits with 1 when they find anything. */

import { checkImports } from "./imports.ts";
import { checkSize } from "./size.ts";
import { root, withSources } from "./source.ts";
import { checkTasks } from "./tasks.ts";

const everything = {
  config: "tsconfig.json",
  folders: ["src", "test", "bench", "scripts"],
  without: "src/web",
};
const page = { config: "tsconfig.web.json", folders: ["src/web"] };
const findings = [everything, page].flatMap((selection) =>
  withSources(root, selection, (sources, checker) => [
    ...checkImports(sources),
    ...checkTasks(sources, checker),
    ...checkSize(sources),
  ]),
);
for (const { file, line, problem } of findings) console.log(`${file}:${line}: ${problem}`);
if (findings.length > 0) {
  console.log(`${findings.length} finding(s)`);
  process.exitCode = 1;
}
