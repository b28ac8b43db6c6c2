"""What the user asks for: ``wfix.toml`` at the root, overridden by the command line."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence as SequenceType
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from codemod.errors import SettingsError, SourceError, UsageError
from codemod.model import Strategy
from codemod.scanner.files import UnreadableFile, read_regular
from codemod.syntax import toml
from codemod.syntax.tree import Document, Mapping, Member, Node, Scalar, Sequence

FILE_NAME = "wfix.toml"
AUTO = "auto"
_KEYS = (
    "select",
    "ignore",
    "exclude",
    "external-services",
    "environments",
    "per-file-ignores",
    "targets",
    "bot",
)


class GroupBy(StrEnum):
    """Which repairs share a pull request: those of one target, of one rule, or all of them."""

    TARGET = "target"
    RULE = "rule"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True)
class BotSettings:
    """The table ``[bot]``: how the bot opens pull requests in this repository.

    ``reviewers`` are logins, or ``organisation/team``. Without ``unsafe_fixes`` and
    ``manual_fixes`` such repairs wait for somebody to ask for them on the dashboard. The limits
    count the bot's own pull requests; 0 is none at all.
    """

    enabled: bool = True
    group_by: GroupBy = GroupBy.TARGET
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    pull_requests_per_hour: int = 4
    pull_requests_at_once: int = 10
    unsafe_fixes: bool = False
    manual_fixes: bool = False
    dashboard: bool = True


_BOT_KEYS = (
    "enabled",
    "group-by",
    "labels",
    "reviewers",
    "pull-requests-per-hour",
    "pull-requests-at-once",
    "unsafe-fixes",
    "manual-fixes",
    "dashboard",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that steers a run.

    ``select`` empty means the default rules. ``environments`` None means all of them; in it, the
    empty string stands for the top level. ``strategy`` overrides every other choice, ``targets``
    maps a deployed name to its strategy; None leaves the choice to the planner. ``fresh`` says
    that nothing is deployed yet, so that a split need not move stored data; ``stubs`` asks
    for a method over RPC for each route that callers of a converted Worker fetch. ``changed`` are
    paths: only Workers that they touch, and those bound to these, are judged; None judges all.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    external_services: tuple[str, ...] = ()
    environments: tuple[str, ...] | None = None
    per_file_ignores: MappingType[str, tuple[str, ...]] = field(default_factory=dict)
    targets: MappingType[str, Strategy] = field(default_factory=dict)
    strategy: Strategy | None = None
    unsafe_fixes: bool = False
    fresh: bool = False
    stubs: bool = False
    changed: tuple[str, ...] | None = None
    bot: BotSettings = BotSettings()

    def covers(self, environment: str | None) -> bool:
        """Whether the user asked for this environment; None is the top level."""
        return self.environments is None or (environment or "") in self.environments


def load(root: Path) -> Settings:
    """The settings of ``wfix.toml`` in ``root``, the defaults where there is none.

    Raises ``SettingsError`` for what is not a setting, ``UsageError`` where it cannot be read.
    """
    return read(content_of_configuration(root))


def read(content: bytes) -> Settings:
    """The settings of a ``wfix.toml`` with this content. Raises ``SettingsError``."""
    try:
        document = toml.parse(content)
    except SourceError as error:
        raise SettingsError(error.reason, error.line, error.column) from error
    return _Reader(document).settings()


def json_schema() -> str:
    """The JSON Schema (draft 7) of ``wfix.toml``."""
    return Path(__file__).with_name("wfix.schema.json").read_text(encoding="utf-8")


def content_of_configuration(root: Path) -> bytes:
    """The bytes of ``wfix.toml`` in ``root``, none where it is not there.

    Raises ``UsageError`` where it cannot be read.
    """
    try:
        return read_regular(root / FILE_NAME)
    except FileNotFoundError:
        return b""
    except UnreadableFile as error:
        raise UsageError(f"{FILE_NAME} {error}") from error
    except OSError as error:
        raise UsageError(f"{FILE_NAME} cannot be read: {error.strerror}") from error


def parse_strategy(name: str) -> Strategy | None:
    """The strategy called ``name``, None for ``auto``. Raises ``UsageError`` for other names."""
    if name == AUTO:
        return None
    if name not in _STRATEGIES:
        raise UsageError(f'no strategy is called "{name}"{_hint(name, strategy_names())}')
    return Strategy(name)


_STRATEGIES = (
    Strategy.ENTRYPOINT,
    Strategy.NAMED,
    Strategy.RPC,
    Strategy.SPLIT,
    Strategy.LEAVE,
)


def strategy_names() -> list[str]:
    return [AUTO, *_STRATEGIES]


def _hint(name: str, known: SequenceType[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f'; did you mean "{near[0]}"?' if near else f"; known: {', '.join(known)}"


class _Reader:
    """Turns the document into settings, naming the place of everything that is wrong."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def settings(self) -> Settings:
        settings = Settings()
        for member in self._table(self._document.root).members:
            settings = self._with(settings, member)
        return settings

    def _with(self, settings: Settings, member: Member) -> Settings:
        value = member.value
        match member.key:
            case "select":
                return replace(settings, select=self._names(value))
            case "ignore":
                return replace(settings, ignore=self._names(value))
            case "exclude":
                return replace(settings, exclude=self._names(value))
            case "external-services":
                return replace(settings, external_services=self._names(value))
            case "environments":
                return replace(settings, environments=self._names(value))
            case "per-file-ignores":
                return replace(settings, per_file_ignores=self._ignores(value))
            case "targets":
                return replace(settings, targets=self._targets(value))
            case "bot":
                return replace(settings, bot=self._bot(value))
        raise self._unknown(member, _KEYS)

    def _bot(self, node: Node) -> BotSettings:
        bot = BotSettings()
        for member in self._table(node).members:
            bot = self._with_bot(bot, member)
        return bot

    def _with_bot(self, bot: BotSettings, member: Member) -> BotSettings:
        value = member.value
        match member.key:
            case "enabled":
                return replace(bot, enabled=self._truth(value))
            case "group-by":
                return replace(bot, group_by=self._group_by(value))
            case "labels":
                return replace(bot, labels=self._names(value))
            case "reviewers":
                return replace(bot, reviewers=self._names(value))
            case "pull-requests-per-hour":
                return replace(bot, pull_requests_per_hour=self._count(value))
            case "pull-requests-at-once":
                return replace(bot, pull_requests_at_once=self._count(value))
            case "unsafe-fixes":
                return replace(bot, unsafe_fixes=self._truth(value))
            case "manual-fixes":
                return replace(bot, manual_fixes=self._truth(value))
            case "dashboard":
                return replace(bot, dashboard=self._truth(value))
        raise self._unknown(member, _BOT_KEYS)

    def _group_by(self, node: Node) -> GroupBy:
        name = self._string(node)
        if name not in [*GroupBy]:
            raise self._error(node, f'nothing is grouped by "{name}"{_hint(name, [*GroupBy])}')
        return GroupBy(name)

    def _truth(self, node: Node) -> bool:
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            raise self._error(node, "expected true or false")
        return node.value

    def _count(self, node: Node) -> int:
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._error(node, "expected a whole number, 0 or above")
        return value

    def _names(self, node: Node) -> tuple[str, ...]:
        if not isinstance(node, Sequence):
            raise self._error(node, "expected an array of strings")
        return tuple(self._string(item) for item in node.items)

    def _string(self, node: Node) -> str:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            raise self._error(node, "expected a string")
        return node.value

    def _table(self, node: Node) -> Mapping:
        if not isinstance(node, Mapping):
            raise self._error(node, "expected a table")
        return node

    def _ignores(self, node: Node) -> dict[str, tuple[str, ...]]:
        return {member.key: self._names(member.value) for member in self._table(node).members}

    def _targets(self, node: Node) -> dict[str, Strategy]:
        strategies = {}
        for target in self._table(node).members:
            for member in self._table(target.value).members:
                if member.key != "strategy":
                    raise self._unknown(member, ["strategy"])
                try:
                    strategy = parse_strategy(self._string(member.value))
                except UsageError as error:
                    raise self._error(member.value, str(error)) from error
                if strategy:
                    strategies[target.key] = strategy
        return strategies

    def _unknown(self, member: Member, known: SequenceType[str]) -> SettingsError:
        location = self._document.location(FILE_NAME, member.key_span)
        message = f'unknown key "{member.key}"{_hint(member.key, known)}'
        return SettingsError(message, location.line, location.column)

    def _error(self, node: Node, message: str) -> SettingsError:
        location = self._document.location(FILE_NAME, node.span)
        return SettingsError(message, location.line, location.column)
