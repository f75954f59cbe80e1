"""A plain Python pair, as a textbook writes it: `serve`, or `ask PORT SECONDS SIZE`."""

import socket
import sys
import time

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if sys.argv[1] == "serve":
    sock.bind(("127.0.0.1", 0))
    print(sock.getsockname()[1], flush=True)
    while True:
        data, peer = sock.recvfrom(2048)
        sock.sendto(data, peer)

port, seconds, size = int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
sock.settimeout(0.2)
server, request, trips = ("127.0.0.1", port), bytes(size), 0
began = time.monotonic()
while time.monotonic() - began < seconds:
    sock.sendto(request, server)
    try:
        sock.recvfrom(2048)
        trips += 1
    except TimeoutError:
        pass
print(round(trips / (time.monotonic() - began)))
