/**
 * The fields that a display filter can name, a line each: key, type, title, and the keys of the dissection where these
 * are others. A dissector's new field goes here too (a test looks); a protocol without a line here may be asked for any
 * field of its own.
 */

export const CATALOGUE = `
frame.number number No. of the packet
frame.len number Octets on the link
frame.time_relative time Seconds since the first packet
frame.time_virtual time Virtual time: seconds since the start of the world
frame.time_epoch time Seconds since 1970
frame.time_delta time Seconds since the packet before
frame.protocols text Layers: "eth:ip:tcp:smtp"
frame.interface_name text Where it left: "mail.crepes.fr eth0"
frame.comment text Why it was sent, lost or sent again
_ws.malformed none Something in it cannot be understood
_ws.col.protocol text Column protocol
_ws.col.info text Column info
host text A host that sends or gets it, by name
host.src text The host that sends it
host.dst text The host that it is for
conversation number Number of the conversation
application text Protocol of the conversation: "smtp"
lost none A copy of it was dropped on its way
lost.reason text Why it was dropped
resent none It carries again what was sent before
problem text What is wrong with it: a bad checksum, a malformed layer
info text Column info
protocol text Column protocol
comment text Why it was sent, lost or sent again
eth.addr mac Source or destination eth.src,eth.dst
eth.src mac Source
eth.dst mac Destination
eth.type number Type of what it carries
eth.padding.data octets Padding
arp.hw.type number Hardware type
arp.proto.type number Protocol type
arp.hw.size number Hardware size
arp.proto.size number Protocol size
arp.opcode number 1 request, 2 reply
arp.src.hw_mac mac Sender MAC address
arp.src.proto_ipv4 address Sender IP address
arp.dst.hw_mac mac Target MAC address
arp.dst.proto_ipv4 address Target IP address
ip.addr address Source or destination address ip.src,ip.dst
ip.src address Source address
ip.dst address Destination address
ip.version number Version
ip.hdr_len number Header length in octets
ip.dsfield.dscp number Differentiated services codepoint
ip.dsfield.ecn number Explicit congestion notification
ip.len number Total length
ip.id number Identification
ip.flags.rb boolean Reserved bit
ip.flags.df boolean Don't fragment
ip.flags.mf boolean More fragments
ip.frag_offset number Fragment offset in units of 8 octets
ip.ttl number Time to live
ip.proto number Protocol of what it carries
ip.checksum number Header checksum
ip.opt.type number Option
ipv6.addr address Source or destination address ipv6.src,ipv6.dst
ipv6.src address Source address
ipv6.dst address Destination address
ipv6.version number Version
ipv6.tclass number Traffic class
ipv6.flow number Flow label
ipv6.plen number Payload length
ipv6.nxt number Next header
ipv6.hlim number Hop limit
ipv6.ext.nxt number Next header behind an extension
ipv6.ext.len number Length of an extension
ipv6.opt.type number Option
ipv6.routing.type number Routing type
ipv6.routing.segleft number Segments left
ipv6.routing.data octets Type-specific data
ipv6.fraghdr.nxt number Next header of a fragment
ipv6.fraghdr.reserved_octet number Reserved
ipv6.fraghdr.offset number Fragment offset in units of 8 octets
ipv6.fraghdr.reserved_bits number Reserved
ipv6.fraghdr.more boolean More fragments
ipv6.fraghdr.ident number Identification of a fragment
icmp.type number Type: 8 echo request, 0 echo reply, 3 unreachable, 11 time exceeded
icmp.code number Code
icmp.checksum number Checksum
icmp.ident number Identifier of an echo
icmp.seq number Sequence number of an echo
icmp.data octets Data of an echo
icmp.unused octets Unused
icmp.mtu number MTU of next hop
icmp.redir_gw address Gateway address
icmpv6.type number Type: 128 echo request, 129 echo reply, 135 solicitation
icmpv6.code number Code
icmpv6.checksum number Checksum
icmpv6.echo.identifier number Identifier of an echo
icmpv6.echo.sequence_number number Sequence number of an echo
icmpv6.data octets Data of an echo
icmpv6.unused octets Unused
icmpv6.mtu number MTU of next hop
icmpv6.pointer number Place of the problem
icmpv6.rs.reserved octets Reserved
icmpv6.rd.reserved octets Reserved
icmpv6.nd.ns.reserved octets Reserved
icmpv6.nd.ns.target_address address Whose MAC address is asked for
icmpv6.nd.na.target_address address Whose MAC address is told
icmpv6.nd.na.flag.r boolean Router
icmpv6.nd.na.flag.s boolean Solicited
icmpv6.nd.na.flag.o boolean Override
icmpv6.nd.na.flag.rsv number Reserved
icmpv6.nd.ra.cur_hop_limit number Current hop limit
icmpv6.nd.ra.flag.m boolean Managed address configuration
icmpv6.nd.ra.flag.o boolean Other configuration
icmpv6.nd.ra.flag.rsv number Reserved
icmpv6.nd.ra.router_lifetime number Router lifetime in seconds
icmpv6.nd.ra.reachable_time number Reachable time in milliseconds
icmpv6.nd.ra.retrans_timer number Retransmission timer in milliseconds
icmpv6.rd.na.target_address address Target of a redirect
icmpv6.nd.rd.destination_address address Destination of a redirect
icmpv6.opt octets Option
icmpv6.opt.type number Type of an option
icmpv6.opt.length number Length of an option
icmpv6.opt.linkaddr mac Link-layer address
icmpv6.opt.reserved number Reserved
icmpv6.opt.mtu number MTU
icmpv6.opt.data octets Data of an option
udp.port number Source or destination port udp.srcport,udp.dstport
udp.srcport number Source port
udp.dstport number Destination port
udp.length number Length of header and data
udp.checksum number Checksum
udp.payload octets Data
udp.stream number Number among the UDP conversations
tcp.port number Source or destination port tcp.srcport,tcp.dstport
tcp.srcport number Source port
tcp.dstport number Destination port
tcp.stream number Number among the TCP conversations
tcp.payload octets Data
tcp.len number Octets of data
tcp.seq number Sequence number from the start of the conversation
tcp.seq_raw number Sequence number as it is in the header
tcp.ack number Acknowledgment number from the start of the conversation
tcp.ack_raw number Acknowledgment number as it is in the header
tcp.hdr_len number Header length in octets
tcp.flags number All flags: 0x002 is SYN
tcp.flags.fin boolean No more data from the sender
tcp.flags.syn boolean Synchronize sequence numbers
tcp.flags.rst boolean Reset the connection tcp.flags.rst
tcp.flags.reset boolean Reset the connection tcp.flags.rst
tcp.flags.psh boolean Push tcp.flags.psh
tcp.flags.push boolean Push tcp.flags.psh
tcp.flags.ack boolean The acknowledgment number counts
tcp.flags.urg boolean The urgent pointer counts
tcp.flags.ece boolean ECN-echo
tcp.flags.cwr boolean Congestion window reduced
tcp.window_size number Window in octets, scaled
tcp.window_size_value number Window as it is in the header
tcp.checksum number Checksum
tcp.urgent_pointer number Urgent pointer
tcp.option octets Option
tcp.option_kind number Kind of an option
tcp.option_len number Length of an option
tcp.option.data octets Data of an option
tcp.options.mss_val number Maximum segment size
tcp.options.wscale.shift number Window scale
tcp.options.sack_le number Left edge of a SACK block
tcp.options.sack_re number Right edge of a SACK block
tcp.options.timestamp.tsval number Timestamp value
tcp.options.timestamp.tsecr number Timestamp echo reply
tcp.analysis none The analysis has something to say tcp.analysis.flags
tcp.analysis.flags none The analysis has something to say
tcp.analysis.retransmission none Sent again
tcp.analysis.fast_retransmission none Sent again because of duplicate ACKs
tcp.analysis.spurious_retransmission none Sent again although it was acknowledged
tcp.analysis.out_of_order none Behind its place in the sequence
tcp.analysis.lost_segment none What comes before it was not seen
tcp.analysis.ack_lost_segment none Acknowledges what was not seen
tcp.analysis.duplicate_ack none Acknowledges the same once more
tcp.analysis.duplicate_ack_num number Which duplicate it is
tcp.analysis.duplicate_ack_frame number The packet whose ACK it repeats
tcp.analysis.keep_alive none Keep-alive
tcp.analysis.keep_alive_ack none Answer to a keep-alive
tcp.analysis.zero_window none The window is closed
tcp.analysis.zero_window_probe none Asks whether the window is open again
tcp.analysis.zero_window_probe_ack none Answer to such a probe
tcp.analysis.window_full none Fills the receiver's window
tcp.analysis.window_update none Nothing but a larger window
dhcp.type number Message type: 1 request, 2 reply
dhcp.hw.type number Hardware type
dhcp.hw.len number Hardware address length
dhcp.hops number Relays that it has come through
dhcp.id number Transaction ID
dhcp.secs number Seconds elapsed
dhcp.flags.bc boolean The client wants a broadcast
dhcp.flags.reserved number Reserved flags
dhcp.ip.client address Client IP address
dhcp.ip.your address Your (client) IP address
dhcp.ip.server address Next server IP address
dhcp.ip.relay address Relay agent IP address
dhcp.hw.addr octets Client hardware address
dhcp.hw.mac_addr mac Client MAC address
dhcp.hw.addr_padding octets Client hardware address padding
dhcp.server text Server host name
dhcp.file text Boot file name
dhcp.cookie text Magic cookie
dhcp.option none An option
dhcp.option.type number Option
dhcp.option.length number Length of an option
dhcp.option.value octets Value of an option
dhcp.option.padding octets Padding
dhcp.option.end none End of the options
dhcp.option.dhcp number 1 Discover, 2 Offer, 3 Request, 4 Decline, 5 ACK, 6 NAK, 7 Release, 8 Inform
dhcp.option.dhcp_server_id address Server Identifier
dhcp.option.requested_ip_address address Requested IP Address
dhcp.option.ip_address_lease_time number IP Address Lease Time (s)
dhcp.option.renewal_time_value number Renewal (T1) Time (s)
dhcp.option.rebinding_time_value number Rebinding (T2) Time (s)
dhcp.option.subnet_mask address Subnet Mask
dhcp.option.router address Router
dhcp.option.domain_name_server address Domain Name Server
dhcp.option.domain_name text Domain Name
dhcp.option.hostname text Host Name
dhcp.option.broadcast_address address Broadcast Address
dhcp.option.dhcp_max_message_size number Maximum Message Size
dhcp.option.vendor_class_id text Vendor Class Identifier
dhcp.option.request_list_item number An option that is asked for
dhcp.option.message text Why, for a person
dhcp.option.option_overload number Option overload
dns.id number Transaction ID
dns.length number Length over TCP
dns.part octets Part of a message
dns.flags.response boolean 0 query, 1 response
dns.flags.opcode number Opcode
dns.flags.authoritative boolean Authoritative answer
dns.flags.truncated boolean Truncated
dns.flags.recdesired boolean Recursion desired
dns.flags.recavail boolean Recursion available
dns.flags.z boolean Reserved
dns.flags.authenticated boolean Authentic data
dns.flags.checkdisable boolean Checking disabled
dns.flags.rcode number Response code: 0 no error, 3 no such name
dns.count.queries number Questions
dns.count.answers number Answer records
dns.count.auth_rr number Authority records
dns.count.add_rr number Additional records
dns.query text A question
dns.record text A record
dns.qry.name text The name that is asked for
dns.qry.type number The type that is asked for: 1 A, 15 MX, 28 AAAA
dns.qry.class number Class of a question
dns.resp.name text Owner of a record
dns.resp.type number Type of a record
dns.resp.class number Class of a record
dns.resp.ttl number Time to live of a record in seconds
dns.resp.len number Length of a record's data
dns.a address IPv4 address of a record dns.a.address
dns.aaaa address IPv6 address of a record dns.aaaa.address
dns.ns text Name server of a record dns.ns.host
dns.cname text Canonical name dns.cname.canonicalName
dns.ptr.domain_name text Name of an address dns.ptr.host
dns.mx.preference number Preference of a mail exchanger
dns.mx.mail_exchange text Mail exchanger dns.mx.exchange
dns.txt text Text of a record dns.txt.strings
dns.srv.priority number Priority of a server
dns.srv.weight number Weight of a server
dns.srv.port number Port of a server
dns.srv.target text Target of a server
dns.soa.mname text Primary name server dns.soa.primary
dns.soa.rname text Mailbox of who is responsible dns.soa.mailbox
dns.soa.serial_number number Serial number of a zone dns.soa.serial
dns.soa.refresh_interval number Refresh interval dns.soa.refreshSeconds
dns.soa.retry_interval number Retry interval dns.soa.retrySeconds
dns.soa.expire_limit number Expire limit dns.soa.expireSeconds
dns.soa.minimum_ttl number How long "there is none" may be kept dns.soa.negativeSeconds
dns.data octets Octets behind the data
dns.trailing octets Octets behind the last record
smtp.req none It has a command
smtp.rsp none It has a reply
smtp.command_line text Command
smtp.req.command text Verb of a command
smtp.req.parameter text Parameter of a command
smtp.response text Reply
smtp.response.code number Reply code
smtp.rsp.parameter text Text of a reply
smtp.data.line text A line of the message
smtp.eom text The lonely dot at the end
pop.request text Command
pop.response text Response
pop.data.line text A line of the message
pop.eom text End of a response
imap.line text Line
imap.request text Command
imap.response text Response to a command
imap.untagged text Response that answers no command
imap.request_tag text Tag of a command
imap.response_tag text Tag of a response
imap.request.command text Name of a command
imap.request.command.uid boolean By UID
imap.response.command text Word behind the status
imap.response.status text OK, NO or BAD
imap.request.parameters text What stands behind a command
imap.response.parameters text What stands behind a response
imap.literal text Counted octets: a message, or a part of it
echo.data text Data
upper.data text Text
fetch.data text Request or answer
fetch.datagram text Datagram
meter.data text Data
rtp.version number Version
rtp.padding boolean Padding
rtp.ext boolean Extension
rtp.cc number Contributing sources
rtp.marker boolean Marker
rtp.p_type number Payload type
rtp.seq number Sequence number
rtp.timestamp number Timestamp
rtp.ssrc number Synchronization source
rtp.csrc.item number Contributing source
rtp.ext.profile number Extension: defined by profile
rtp.ext.len number Extension length
rtp.hdr_ext octets Header extension
rtp.payload octets Payload
rtp.padding.data octets Padding
data.data octets Data that no dissector knows
`;
