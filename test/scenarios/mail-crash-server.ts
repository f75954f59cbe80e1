/** A mail server of its own process, for mail-crash.test.ts to kill: keeps its mail in the folder of its argument. */

import { OsNetwork } from "../../src/os/index.ts";
import { imap, pop3 } from "../../src/services/mail/index.ts";
import { smtpService } from "../../src/services/mail/smtp-service.ts";
import { sqliteStores } from "../../src/store/index.ts";

const os = new OsNetwork({ hostName: "mail.hamburger.edu" });
const host = {
  network: os,
  nameServers: [],
  users: [{ name: "bob", password: "hungry" }],
  stores: sqliteStores(process.argv[2]),
};
const local = { address: "127.0.0.1", port: 0 };
const nowhere = {
  *mailExchangers() {
    return [{ preference: 0, exchange: "127.0.0.1" }];
  },
};
await os.run(
  (function* () {
    // Port 1 of this machine answers nobody: what is not local stays in the queue.
    const smtp = smtpService(() => nowhere, 1);
    const configuration = {
      ...local,
      domains: ["hamburger.edu"],
      name: "hamburger.edu",
      relayFor: ["127.0.0.0/8"],
    };
    const services = [
      yield* smtp.start(host, configuration),
      yield* pop3.start(host, local),
      yield* imap.start(host, local),
    ];
    const ports = services.map(({ description }) => Number(/:(\d+)( |$)/.exec(description)?.[1]));
    process.stdout.write(`${JSON.stringify(ports)}\n`);
  })(),
);
