"""The memory that payloads are held in while they come.

Bounded by bytes and not by connections: so whoever sends a byte a second, on however many of them,
takes no room from what is sent at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FREE_BYTES = 64 * 1024
"""What every payload may have: more than most webhooks are long."""
SHARED_BYTES = 64 * 1024 * 1024
"""What all of them together may have beyond that."""


@dataclass(slots=True)
class Room:
    """``left`` are the shared bytes that nobody has, ``open`` is how many payloads are held."""

    left: int = SHARED_BYTES
    open: int = 0


@dataclass(slots=True)
class Payload:
    """What came of one payload so far, as long as it is not released."""

    room: Room
    content: bytearray = field(default_factory=bytearray)
    _shared: int = 0
    _is_open: bool = False

    def add(self, chunk: bytes) -> bool:
        """Holds what came; false where there is no room for it."""
        shared = max(0, len(self.content) + len(chunk) - FREE_BYTES)
        if shared - self._shared > self.room.left:
            return False
        if not self._is_open:
            self._is_open = True
            self.room.open += 1
        self.room.left -= shared - self._shared
        self._shared = shared
        self.content += chunk
        return True

    def release(self) -> None:
        """Lets go of it all, at once: what else refers to this may live until it is collected."""
        self.room.left += self._shared
        self.room.open -= self._is_open
        self.content, self._shared, self._is_open = bytearray(), 0, False
