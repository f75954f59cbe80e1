/** Mail as services: "smtp" (server, queue, mailboxes), "pop3" and "imap". See README.md. */

import { StubResolver } from "../../protocols/dns/index.ts";
import { smtpService } from "./smtp-service.ts";

export type { ImapConfiguration, Pop3Configuration, SmtpConfiguration } from "./configuration.ts";
export { imapService as imap } from "./imap-service.ts";
export { pop3Service as pop3 } from "./pop3-service.ts";
export type { MailExchanger, MailRouting } from "./routing.ts";
export { type RunningSmtp, smtpService } from "./smtp-service.ts";
export type * from "./store.ts";

/** Mail exchangers are looked up at the name servers of the host: by its own resolver, where that can. */
export const smtp = smtpService((host) => {
  const { resolver } = host.network;
  return resolver instanceof StubResolver ? resolver : new StubResolver(host.network, () => host.nameServers);
});
