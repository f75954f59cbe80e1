/** Services of one host find one another, wherever `serve` has put them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../net/index.ts";
import { OsNetwork } from "../../os/index.ts";
import { MappedNetwork } from "./mapped-network.ts";

test("who asks for a port of its own host at 127.0.0.1 comes to where it was put; others are asked as they are named", async () => {
  const os = new OsNetwork({ hostName: "localhost", lingerMs: 20 });
  const map = { address: "127.0.0.1", ports: new Map([[25, 0]]), offset: 0 };
  const network = new MappedNetwork(os, map, "mail.test", os.resolver);
  try {
    await os.run(
      (function* (): Task {
        const listener = yield* network.listen({ port: 25 });
        assert.notEqual(listener.local.port, 25);
        const client = yield* network.connect("127.0.0.1", 25, { timeoutMs: 5000 });
        assert.equal(client.remote.port, listener.local.port);
        const plain = yield* network.connect("127.0.0.1", listener.local.port, { timeoutMs: 5000 });
        for (const connection of [client, plain]) connection.close();
        listener.close();
      })(),
    );
  } finally {
    await os.close();
  }
});
