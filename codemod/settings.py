"""What the user asks for: ``wfix.toml`` at the root, overridden by the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as MappingType
from collections.abc import Sequence as SequenceType
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from pathspec import GitIgnoreSpec

from codemod.errors import SettingsError, SourceError, UsageError
from codemod.model import Location, Span, Strategy
from codemod.rules import ALL, all_rules, unknown_name
from codemod.scanner.files import UnreadableFile, read_regular
from codemod.spelling import hint
from codemod.syntax import documents
from codemod.syntax.tree import Document, Mapping, Member, Node, Scalar, Sequence, children

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
class Change:
    """A change to the repository, as far as it says whom to judge.

    ``paths`` are the files that differ. ``concerned_before`` are the configuration files of the
    Workers that these files concerned as everything was before.
    """

    paths: tuple[str, ...]
    concerned_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that steers a run.

    ``select`` empty means the default rules. ``environments`` None means all of them; in it, the
    empty string stands for the top level. ``strategy`` overrides every other choice, ``targets``
    maps a deployed name to its strategy; None leaves the choice to the planner. ``fresh`` says
    that nothing is deployed yet, so that a split need not move stored data; ``stubs`` asks
    for a method over RPC for each route that callers of a converted Worker fetch. ``changed``
    limits the judgement to the Workers that it concerns; None judges all. ``places`` are where
    ``wfix.toml`` says an environment, a target or a pattern of ``per-file-ignores``, by the key
    and the name.
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
    changed: Change | None = None
    bot: BotSettings = BotSettings()
    places: MappingType[tuple[str, str], Location] = field(default_factory=dict, compare=False)

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
    if not content:
        # What reads TOML takes longer to load than a known repository takes to be checked.
        return Settings()
    try:
        document = documents.parse(FILE_NAME, content)
    except SourceError as error:
        raise SettingsError(error.reason, error.line, error.column) from error
    return _Reader(document).settings()


def json_schema() -> str:
    """The JSON Schema (draft 7) of ``wfix.toml``, with the names of all rules."""
    schema = json.loads(Path(__file__).with_name("wfix.schema.json").read_text(encoding="utf-8"))
    names = [ALL, *(rule.name for rule in all_rules())]
    schema["definitions"]["rules"]["items"] = {"enum": names}
    return f"{json.dumps(schema, indent=2)}\n"


def content_of_configuration(root: Path) -> bytes:
    """The bytes of ``wfix.toml`` in ``root``, none where it is not there.

    Raises ``UsageError`` where it cannot be read.
    """
    try:
        return read_regular(root / FILE_NAME)
    except FileNotFoundError:
        if (root / FILE_NAME).is_symlink():
            raise UsageError(f"{FILE_NAME} is a link that leads to no file") from None
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
        raise UsageError(f'no strategy is called "{name}"{_meant(name, strategy_names())}')
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


def _meant(name: str, known: SequenceType[str]) -> str:
    return hint(name, known, f"known: {', '.join(known)}")


class _Reader:
    """Turns the document into settings, naming the place of everything that is wrong."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._places: dict[tuple[str, str], Location] = {}

    def settings(self) -> Settings:
        settings = Settings()
        for member in self._table(self._document.root).members:
            settings = self._with(settings, member)
        return replace(settings, places=self._places)

    def _with(self, settings: Settings, member: Member) -> Settings:
        value = member.value
        match member.key:
            case "select":
                return replace(settings, select=self._selected(value))
            case "ignore":
                return replace(settings, ignore=self._rules(value))
            case "exclude":
                return replace(settings, exclude=self._patterns(value))
            case "external-services":
                return replace(settings, external_services=self._names(value))
            case "environments":
                return replace(settings, environments=self._environments(value))
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
            raise self._error(node, f'nothing is grouped by "{name}"{_meant(name, [*GroupBy])}')
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

    def _rules(self, node: Node) -> tuple[str, ...]:
        names = self._names(node)
        for name, place in zip(names, children(node), strict=True):
            wrong = None if name == ALL else unknown_name(name)
            if wrong:
                raise self._error(place, wrong)
        return names

    def _selected(self, node: Node) -> tuple[str, ...]:
        names = self._rules(node)
        if not names:
            raise self._error(node, "select is empty: name rules, or leave it out")
        return names

    def _environments(self, node: Node) -> tuple[str, ...]:
        names = self._names(node)
        for name, place in zip(names, children(node), strict=True):
            self._keep(("environments", name), place.span)
        return names

    def _patterns(self, node: Node) -> tuple[str, ...]:
        patterns = self._names(node)
        for pattern, place in zip(patterns, children(node), strict=True):
            self._require_pattern(pattern, place.span)
        return patterns

    def _ignores(self, node: Node) -> dict[str, tuple[str, ...]]:
        ignores = {}
        for member in self._table(node).members:
            self._require_pattern(member.key, member.key_span)
            self._keep(("per-file-ignores", member.key), member.key_span)
            ignores[member.key] = self._rules(member.value)
        return ignores

    def _require_pattern(self, pattern: str, span: Span) -> None:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except (ValueError, re.error) as error:
            raise self._error_at(span, f'"{pattern}" is no gitignore pattern') from error

    def _keep(self, name: tuple[str, str], span: Span) -> None:
        self._places[name] = self._document.location(FILE_NAME, span)

    def _targets(self, node: Node) -> dict[str, Strategy]:
        strategies = {}
        for target in self._table(node).members:
            self._keep(("targets", target.key), target.key_span)
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
        message = f'unknown key "{member.key}"{_meant(member.key, known)}'
        return self._error_at(member.key_span, message)

    def _error(self, node: Node, message: str) -> SettingsError:
        return self._error_at(node.span, message)

    def _error_at(self, span: Span, message: str) -> SettingsError:
        location = self._document.location(FILE_NAME, span)
        return SettingsError(message, location.line, location.column)
