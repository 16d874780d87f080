"""Opens TCP connections to a port of this machine and sends nothing: flood.py PORT COUNT once|again.

With "again", a connection that the other side closes is opened anew. Prints, each second, how many it has opened so far and how many of
them are open now, until its standard input ends.
"""

import itertools
import resource
import select
import socket
import sys
import time

port, count, mode = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

# Ports of one address would run out: a closed connection keeps its own for a minute.
sources = itertools.cycle(f"127.0.0.{last}" for last in range(2, 250))
events = select.epoll()
events.register(sys.stdin.fileno(), select.EPOLLIN | select.EPOLLHUP)
held = {}
opened = 0


def connect():
    global opened
    connection = socket.socket()
    connection.setblocking(False)
    try:
        connection.bind((next(sources), 0))
        connection.connect(("127.0.0.1", port))
    except BlockingIOError:
        pass
    except OSError:
        connection.close()
        return
    held[connection.fileno()] = connection
    events.register(connection.fileno(), select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR)
    opened += 1


told = time.monotonic()
while True:
    wanted = count - (len(held) if mode == "again" else opened)
    for _ in range(min(wanted, 500)):
        connect()
    for descriptor, _ in events.poll(0 if wanted > 0 else 0.05):
        if descriptor == sys.stdin.fileno():
            sys.exit()
        events.unregister(descriptor)
        held.pop(descriptor).close()
    if time.monotonic() - told >= 1:
        told = time.monotonic()
        print(opened, len(held), flush=True)
