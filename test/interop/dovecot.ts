/** Dovecot with the mailbox of bob, whose password is hungry: the other server of POP3 and IMAP. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { MailBench } from "./mail-bench.ts";
import { isInstalled } from "./programs.ts";

export type DovecotProtocol = "pop3" | "imap";

/** Whether it is here and can be started; prints its version. */
export function hasDovecot(t: TestContext, protocol: DovecotProtocol): boolean {
  const debianPackage = `dovecot-${protocol}d`;
  if (!isInstalled(t, "dovecot", debianPackage)) return false;
  if (!existsSync(`/usr/lib/dovecot/${protocol}`)) {
    const advice = `Dovecot has no ${protocol} here: apt-get install ${debianPackage}`;
    assert.ok(!process.env.CI, advice);
    t.skip(advice);
    return false;
  }
  if (process.getuid?.() === 0) return true;
  t.skip("Dovecot is started by root, who gives its parts their users");
  return false;
}

/** Starts it with these messages in the inbox; the port where it listens. */
export async function startDovecot(
  bench: MailBench,
  protocol: DovecotProtocol,
  mails: readonly string[],
  { capabilities }: { readonly capabilities?: string } = {},
): Promise<number> {
  const port = await bench.freePort();
  const { folder } = bench;
  chmodSync(folder, 0o755);
  for (const part of ["cur", "new", "tmp"]) mkdirSync(join(folder, "mail/bob", part), { recursive: true });
  for (const [i, mail] of mails.entries())
    writeFileSync(join(folder, `mail/bob/new/${i + 1}.a.test`), mail, "latin1");
  await bench.run("chown", ["-R", "mail:mail", join(folder, "mail")]);
  writeFileSync(join(folder, "dovecot.conf"), configuration(folder, protocol, port) + limited(capabilities));
  bench.spawn("dovecot", ["-F", "-c", join(folder, "dovecot.conf")]);
  await bench.waitForPort(port);
  return port;
}

/** It says and does only this. */
function limited(capabilities: string | undefined): string {
  return capabilities === undefined ? "" : `imap_capability = ${capabilities}\n`;
}

const configuration = (folder: string, protocol: DovecotProtocol, port: number): string => `
protocols = ${protocol}
base_dir = ${folder}/run
log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 1
listen = 127.0.0.1
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
}
service ${protocol}-login {
  inet_listener ${protocol} {
    port = ${port}
  }
  inet_listener ${protocol}s {
    port = 0
  }
}
passdb {
  driver = static
  args = password=hungry
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/mail/%u
}
`;
