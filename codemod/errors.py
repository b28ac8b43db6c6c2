"""The errors that wfix raises on purpose: each says where, what was expected, what to do."""

from __future__ import annotations


class WfixError(Exception):
    """Base of all errors of wfix; ``str()`` of one is a sentence for a person."""


class SourceError(WfixError):
    """A file, or the place in it that matters, cannot be read as its language.

    ``line`` and ``column`` are 1-based, ``column`` counts code points; both are 1 where the
    whole file is meant.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.reason = message
        self.line = line
        self.column = column


class EditError(WfixError):
    """Edits overlap, lie outside their file, or meet a file with other content than planned for."""


class UsageError(WfixError):
    """The command line or ``wfix.toml`` asks for something that cannot be (exit code 2)."""


class SettingsError(UsageError):
    """``wfix.toml`` cannot be read, or holds what is no setting.

    ``line`` and ``column`` are those of a ``SourceError``.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"wfix.toml:{line}:{column}: {message}")
        self.reason = message
        self.line = line
        self.column = column


class NoProof(WfixError):
    """There is no runtime to prove anything on, or it gave no answer (exit code 2)."""


class NoWorkerFound(WfixError):
    """No Worker's configuration lies under the given paths (exit code 3)."""


class StalePlan(WfixError):
    """A file changed after the plan was made, evidence included (exit code 4)."""


class Refused(WfixError):
    """A guard forbids the writing: dirty tree, no version control, new files (exit code 5)."""


class RolledBack(WfixError):
    """The writing failed and everything was put back (exit code 6)."""
