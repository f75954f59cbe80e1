/** Runs every transcript of the folder `transcripts/`; each section `== name` of a file is one test. */

import { readdirSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { runTranscript } from "./testing/transcript.ts";

const folder = new URL("./transcripts/", import.meta.url);

for (const file of readdirSync(folder).sort()) {
  suite(`TCP transcripts: ${file.replace(/\.txt$/, "")}`, () => {
    const [, ...sections] = readFileSync(new URL(file, folder), "utf8").split(/^== /m);
    if (sections.length === 0) throw new Error(`${file} has no section "== name"`);
    for (const section of sections) {
      const end = section.indexOf("\n");
      test(section.slice(0, end), () => runTranscript(section.slice(end)));
    }
  });
}
