"""What the service takes from its environment and from nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from codemod.bot.service import queue
from codemod.errors import UsageError

WEBHOOKS = "WFIX_BOT_WEBHOOK_SECRET"
WEBHOOKS_FILE = "WFIX_BOT_WEBHOOK_SECRET_FILE"


def webhook_secret(environment: Mapping[str, str]) -> bytes:
    """What webhooks are signed with. Raises ``UsageError`` where there is none, or two."""
    given, path = environment.get(WEBHOOKS), environment.get(WEBHOOKS_FILE)
    if bool(given) == bool(path):
        raise UsageError(f"webhooks are signed: set one of {WEBHOOKS} and {WEBHOOKS_FILE}")
    secret = given.encode() if given else _content(path or "")
    if not secret.strip():
        source = WEBHOOKS if given else f"the file that {WEBHOOKS_FILE} names"
        raise UsageError(f"{source} is empty: webhooks are signed")
    return secret.strip()


def for_children(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that signs in, and needs neither the queue nor webhooks."""
    withheld = {WEBHOOKS, WEBHOOKS_FILE, queue.VARIABLE}
    return {name: value for name, value in environment.items() if name not in withheld}


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"the file that {WEBHOOKS_FILE} names cannot be read: {reason}") from error
