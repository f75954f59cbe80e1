/** A zone with something of everything, as a master file that BIND and we both read. */

export const ZONE = `$TTL 1h
@ IN SOA dns hostmaster (
    2026112101 ; serial
    2h 15m 2w 5m )
@ NS dns
@ MX 10 mail
@ MX 20 backup.crepes.fr.
@ TXT "v=spf1 mx -all" "semi; colon" "quote \\" back \\\\ slash" ""
@ CAA 0 issue "ca.example; policy=ev"
dns A 127.0.0.4
dns AAAA ::1
mail 300 A 10.2.0.10
mail AAAA 2001:db8::10
www A 10.2.0.20
www A 10.2.0.21
www A 10.2.0.22
alias CNAME www
far CNAME www.crepes.fr.
dangling CNAME nothing
loop1 CNAME loop2
loop2 CNAME loop1
*.wild A 10.2.0.40
*.wild MX 5 mail
exact.wild TXT "here the wildcard does not count"
a.b.c.deep A 10.2.0.50
sub NS ns.sub
sub NS dns.crepes.fr.
ns.sub A 10.2.0.53
info HINFO "PDP-11" "UNIX V7"
_smtp._tcp SRV 0 5 25 mail
odd\\.dot A 10.2.0.60
sp\\032ace A 10.2.0.61
unknown TYPE65280 \\# 4 DEADBEEF
nomail MX 0 .
10.rev PTR mail
big TXT ${Array.from({ length: 20 }, (_, i) => `"${String.fromCharCode(65 + i).repeat(150)}"`).join(" ")}
`;

/** Names and types to ask both servers about. */
export const QUESTIONS: readonly (readonly [string, string])[] = [
  ["hamburger.edu", "SOA"],
  ["hamburger.edu", "NS"],
  ["hamburger.edu", "MX"],
  ["hamburger.edu", "TXT"],
  ["hamburger.edu", "CAA"],
  ["hamburger.edu", "A"],
  ["MAIL.Hamburger.edu", "A"],
  ["mail.hamburger.edu", "AAAA"],
  ["mail.hamburger.edu", "TYPE28"],
  ["www.hamburger.edu", "A"],
  ["alias.hamburger.edu", "A"],
  ["alias.hamburger.edu", "CNAME"],
  ["alias.hamburger.edu", "MX"],
  ["dangling.hamburger.edu", "A"],
  ["nothing.hamburger.edu", "A"],
  ["x.wild.hamburger.edu", "A"],
  ["x.y.wild.hamburger.edu", "MX"],
  ["x.wild.hamburger.edu", "TXT"],
  ["wild.hamburger.edu", "A"],
  ["*.wild.hamburger.edu", "A"],
  ["exact.wild.hamburger.edu", "A"],
  ["below.exact.wild.hamburger.edu", "A"],
  ["c.deep.hamburger.edu", "A"],
  ["x.c.deep.hamburger.edu", "A"],
  ["sub.hamburger.edu", "NS"],
  ["www.sub.hamburger.edu", "A"],
  ["ns.sub.hamburger.edu", "A"],
  ["sub.hamburger.edu", "DS"],
  ["info.hamburger.edu", "HINFO"],
  ["_smtp._tcp.hamburger.edu", "SRV"],
  ["odd\\.dot.hamburger.edu", "A"],
  ["sp\\032ace.hamburger.edu", "A"],
  ["unknown.hamburger.edu", "TYPE65280"],
  ["nomail.hamburger.edu", "MX"],
  ["10.rev.hamburger.edu", "PTR"],
  ["big.hamburger.edu", "TXT"],
  ["crepes.fr", "A"],
];
