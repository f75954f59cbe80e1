/** 5,000 TCP clients at once on one echo server of the machine's own network, without an error. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { silentLog } from "../../src/net/index.ts";
import { OsNetwork } from "../../src/os/index.ts";
import { startEchoServer } from "../../src/protocols/echo/index.ts";

const CLIENTS = 5000;
/** Descriptors besides those of the connections. */
const OTHERS = 100;

test(`${CLIENTS} echo clients at once`, { timeout: 120_000 }, async (context) => {
  const limit = descriptorLimit();
  if (limit < CLIENTS + OTHERS) {
    context.skip(
      `this process may open ${limit} descriptors (ulimit -n), and ${CLIENTS + OTHERS} are needed`,
    );
    return;
  }
  const complaints: string[] = [];
  const complain = (text: string): void => void complaints.push(text);
  const os = new OsNetwork({
    lingerMs: 20,
    log: { ...silentLog, info: complain, warn: complain, error: complain },
  });
  try {
    const where = { address: "127.0.0.1", port: 0, transports: ["tcp"], connectionsMax: CLIENTS } as const;
    const server = await os.run(startEchoServer(os, where));
    const program = fileURLToPath(new URL("./many-clients-client.ts", import.meta.url));
    const words = [program, String(server.tcp?.port), String(CLIENTS)];
    const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 110_000 });
    assert.deepEqual(JSON.parse(stdout), { open: CLIENTS, right: 3 * CLIENTS, errors: [] });
    assert.deepEqual(complaints, []);
    await os.run(server.stop(1000));
  } finally {
    await os.close();
  }
});

/** Node raises its own limit to the hard one at start; a system without a report has no such limit. */
function descriptorLimit(): number {
  const report = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | "unlimited" } };
  };
  const soft = report.userLimits?.open_files?.soft ?? "unlimited";
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : soft;
}
