/** The tables of the mail store, as they have become: each step starts from what the one before it left. Contents are kept once, however many mailboxes and recipients a mail has. */

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
    // Folders with flags, for IMAP: what was a mailbox is its INBOX, with the same UIDs.
    `
    CREATE TABLE users (
      name TEXT PRIMARY KEY,
      last_uid_validity INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO users SELECT name, uid_validity FROM mailboxes;

    CREATE TABLE folders (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      user TEXT NOT NULL,
      name TEXT NOT NULL,
      special_use TEXT,
      uid_validity INTEGER NOT NULL,
      uid_next INTEGER NOT NULL,
      highest_mod_seq INTEGER NOT NULL,
      first_recent INTEGER NOT NULL,
      UNIQUE (user, name)
    ) STRICT;
    INSERT INTO folders SELECT id, name, 'INBOX', NULL, uid_validity, next_uid, 1, 1 FROM mailboxes;

    CREATE TABLE letters (
      folder_id INTEGER NOT NULL REFERENCES folders,
      uid INTEGER NOT NULL,
      content_id INTEGER NOT NULL REFERENCES contents,
      prefix BLOB NOT NULL,
      octets INTEGER NOT NULL,
      arrived_at_ms INTEGER NOT NULL,
      flags TEXT NOT NULL,
      mod_seq INTEGER NOT NULL,
      PRIMARY KEY (folder_id, uid)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO letters SELECT mailbox_id, uid, content_id, prefix, octets, arrived_at_ms, '', 1 FROM messages;
    DROP TABLE messages;
    DROP TABLE mailboxes;
    ALTER TABLE letters RENAME TO messages;
    CREATE INDEX messages_by_content ON messages (content_id);

    CREATE TABLE subscriptions (
      user TEXT NOT NULL,
      folder TEXT NOT NULL,
      PRIMARY KEY (user, folder)
    ) STRICT, WITHOUT ROWID;
    `,
  ],
};
