"""A session of Python's imaplib with a server whose INBOX has three letters, the second with a picture."""

import imaplib
import sys

print("imaplib of Python", sys.version.split()[0])
imap = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))


def ok(answer, wanted="OK"):
    assert answer[0] == wanted, answer
    return answer[1]


assert "IMAP4REV1" in imap.capabilities
ok(imap.authenticate("PLAIN", lambda challenge: b"\0bob\0hungry"))
ok(imap.create("Work/2026"))
ok(imap.create('"Entw&APw-rfe"'))
names = [line.split(b' "/" ')[1] for line in ok(imap.list())]
assert names == [b"INBOX", b"Entw&APw-rfe", b"Work", b"Work/2026"], names
ok(imap.subscribe("Work"))
assert ok(imap.lsub()) == [b'() "/" Work']

assert ok(imap.select("INBOX")) == [b"3"]
assert ok(imap.search(None, "FROM", "zoe")) == [b"2"]
assert ok(imap.search("UTF-8", 'TEXT "ketchup?"')) == [b"1 3"]
data = ok(imap.fetch("2", "(UID BODYSTRUCTURE)"))
assert b'"image" "png"' in data[0], data
data = ok(imap.fetch("2", "(BODY.PEEK[2])"))
assert data[0][1] == b"iVBORw0KGgo=", data
data = ok(imap.fetch("1", "(FLAGS)"))
assert b"Seen" not in data[0], data
data = ok(imap.fetch("1", "(RFC822)"))
assert data[0][1].endswith(b"ketchup?\r\n"), data
assert b"Seen" in ok(imap.fetch("1", "(FLAGS)"))[0]

ok(imap.store("1:2", "+FLAGS", r"(\Deleted Lunch)"))
ok(imap.copy("2", "Work/2026"))
assert ok(imap.expunge()) == [b"1", b"1"]
assert ok(imap.status("Work/2026", "(MESSAGES UIDNEXT)")) == [b"Work/2026 (MESSAGES 1 UIDNEXT 2)"]
ok(imap.append("Work/2026", r"(\Seen)", imaplib.Time2Internaldate(0), b"Subject: new\r\n\r\nx\r\n"))
ok(imap.select("Work/2026"))
assert b'" 1-Jan-1970' in ok(imap.uid("FETCH", "2", "(INTERNALDATE)"))[0]
ok(imap.uid("MOVE", "2", "INBOX"))
assert ok(imap.noop()) and imap.response("EXPUNGE")[1] in ([b"2"], [None])
ok(imap.rename("Work", "Play"))
ok(imap.close())
ok(imap.delete("Play/2026"))
ok(imap.select("Play/2026"), "NO")
ok(imap.enable("UTF8=ACCEPT"))
ok(imap.create('"crêpes"'))
assert any("crêpes".encode() in line for line in ok(imap.list()))
ok(imap.logout(), "BYE")
print("everything was as it should be")
