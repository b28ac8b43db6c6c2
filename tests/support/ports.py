"""Ports on loopback for programs that are to be told theirs."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

# Below those that a system gives to whoever asks for any: none of these is given away between
# the choice and the start of the program.
_PORTS = range(20_000, 32_000)
_HOST = "127.0.0.1"


@contextmanager
def own_port() -> Iterator[int]:
    """A TCP port that nobody listens on, and that no other test chooses within the context."""
    while True:
        port = random.choice(_PORTS)
        # What is held for the others to see is the port of the same number of the other protocol.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
            try:
                held.bind((_HOST, port))
                socket.create_server((_HOST, port)).close()
            except OSError:
                continue
            yield port
            return
