/** Mail as services: "smtp" (server, queue, mailboxes) and "pop3". See README.md. */
export type { Pop3Configuration, SmtpConfiguration } from "./configuration.ts";
export { pop3Service as pop3 } from "./pop3-service.ts";
export type { MailExchanger, MailRouting } from "./routing.ts";
export { type RunningSmtp, smtpService } from "./smtp-service.ts";
export type * from "./store.ts";
