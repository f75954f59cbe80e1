/**
 * One side of a measurement of bench/mail.ts, on Hamlet's own network.
 *
 *     mail-peer.ts serve memory|FOLDER                   a mail server: SMTP and POP3; prints both ports
 *     mail-peer.ts send PORT SESSIONS COUNT SIZE         letters by SMTP; prints how many a second
 *     mail-peer.ts fetch PORT                            all of bob's by POP3; prints octets a second
 */

import { fromByteString, type Task } from "../src/net/index.ts";
import { OsNetwork } from "../src/os/index.ts";
import { Pop3Client } from "../src/protocols/pop3/index.ts";
import { parseMailbox, SmtpClient } from "../src/protocols/smtp/index.ts";
import { pop3 } from "../src/services/mail/index.ts";
import { smtpService } from "../src/services/mail/smtp-service.ts";
import { memoryStores } from "../src/store/index.ts";
import { sqliteStores } from "../src/store/sqlite/index.ts";

const [what, where, ...rest] = process.argv.slice(2);
const os = new OsNetwork({ hostName: "mail.hamburger.edu" });

if (what === "serve") await os.run(serve());
else {
  const beganNs = os.clock.nowNs();
  const amount = await os.run(what === "send" ? send(Number(where)) : fetchAll(Number(where)));
  console.log(Math.round((amount * 1e10) / (os.clock.nowNs() - beganNs)) / 10);
  await os.close();
}

function* serve(): Task {
  const stores = where === "memory" ? memoryStores() : sqliteStores(where);
  const host = { network: os, nameServers: [], users: [{ name: "bob", password: "hungry" }], stores };
  const local = { address: "127.0.0.1", port: 0 };
  const nowhere = {
    *mailExchangers() {
      return [];
    },
  };
  const domains = { domains: ["hamburger.edu"], name: "hamburger.edu" };
  const smtp = yield* smtpService(() => nowhere, 1).start(host, { ...local, ...domains });
  const pop = yield* pop3.start(host, local);
  for (const { description } of [smtp, pop]) console.log(/:(\d+)( |$)/.exec(description)?.[1]);
}

function* send(port: number): Task<number> {
  const [sessions, count, size] = rest.map(Number);
  const tasks = Array.from({ length: sessions }, (_, i) =>
    os.spawn(`session ${i}`, sendSome(port, count / sessions, size)),
  );
  for (const task of tasks) yield* task.join();
  return count;
}

function* sendSome(port: number, count: number, size: number): Task {
  const connection = yield* os.connect("127.0.0.1", port, { timeoutMs: 10_000 });
  const client = yield* SmtpClient.start(connection, { helloName: "client.example" });
  const line = `${"X".repeat(78)}\r\n`;
  for (let i = 0; i < count; i++) {
    const fields = `From: <alice@crepes.fr>\r\nMessage-ID: <${port}.${os.random.below(1e9)}@crepes.fr>\r\n\r\n`;
    const [outcome] = yield* client.send({
      reversePath: parseMailbox("alice@crepes.fr"),
      recipients: [parseMailbox("bob@hamburger.edu")],
      content: fromByteString(fields + line.repeat(Math.ceil(size / line.length))),
    });
    if (outcome.outcome !== "delivered") throw new Error(outcome.reply.lines.join(" "));
  }
  yield* client.quit();
}

function* fetchAll(port: number): Task<number> {
  const connection = yield* os.connect("127.0.0.1", port, { timeoutMs: 10_000 });
  const client = yield* Pop3Client.start(connection);
  yield* client.login("bob", "hungry");
  let octets = 0;
  for (const { number } of yield* client.list()) octets += (yield* client.retrieve(number)).length;
  yield* client.quit();
  return octets;
}
