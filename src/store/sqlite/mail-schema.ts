/** The tables of the mail store. Contents are kept once, however many mailboxes and recipients a mail has. */

import type { DatabaseKind } from "./database.ts";

export const mailDatabase: DatabaseKind = {
  what: "mail store",
  // "HMml"
  applicationId: 0x484d_6d6c,
  migrations: [
    `
    CREATE TABLE contents (
      id INTEGER PRIMARY KEY,
      octets BLOB NOT NULL
    ) STRICT;

    CREATE TABLE mailboxes (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      uid_validity INTEGER NOT NULL,
      next_uid INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE messages (
      mailbox_id INTEGER NOT NULL REFERENCES mailboxes,
      uid INTEGER NOT NULL,
      content_id INTEGER NOT NULL REFERENCES contents,
      prefix BLOB NOT NULL,
      octets INTEGER NOT NULL,
      arrived_at_ms INTEGER NOT NULL,
      PRIMARY KEY (mailbox_id, uid)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX messages_by_content ON messages (content_id);

    CREATE TABLE queue (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      reverse_path TEXT NOT NULL,
      content_id INTEGER NOT NULL REFERENCES contents,
      octets INTEGER NOT NULL,
      arrived_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX queue_by_content ON queue (content_id);

    CREATE TABLE recipients (
      sequence INTEGER NOT NULL REFERENCES queue,
      position INTEGER NOT NULL,
      address TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      next_attempt_at_ms INTEGER NOT NULL,
      last_result TEXT,
      PRIMARY KEY (sequence, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX recipients_by_attempt ON recipients (next_attempt_at_ms);

    CREATE TABLE doubts (
      key TEXT NOT NULL,
      address TEXT NOT NULL,
      arrived_at_ms INTEGER NOT NULL,
      PRIMARY KEY (key, address)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX doubts_by_arrival ON doubts (arrived_at_ms);
    `,
  ],
};
