"""What is followed through a Worker's code, and what can become of it at a place."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from codemod.scanner.tracking.program import Place

ELEMENT = "[]"
"""Stands for the index of an element of an array."""


@dataclass(frozen=True, slots=True)
class Environment:
    """``env`` itself. Where it is not certain to be, only names of declared bindings count."""

    certain: bool


@dataclass(frozen=True, slots=True)
class Bound:
    """``env.<name>``, of an environment that is certain or not.

    ``gave`` says that it is not the binding but a stub that it gave, as a Durable Object namespace.
    """

    name: str
    certain: bool
    gave: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """A property of ``env.<name>``, None where its name is computed.

    ``within`` says that the value is a property of that property, however deep.
    """

    bound: Bound
    name: str | None
    within: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that holds ``value`` under ``key``; an array, where ``key`` is ``ELEMENT``."""

    key: str
    value: Value


Value = Environment | Bound | Method | Stored


@dataclass(frozen=True, slots=True)
class Goes:
    """The expression at ``place`` has ``value``."""

    place: Place
    value: Value


@dataclass(frozen=True, slots=True)
class Reads:
    """The expression at ``place`` is a property of ``environment`` whose name starts so."""

    place: Place
    environment: Environment
    start: str


@dataclass(frozen=True, slots=True)
class Called:
    """``call`` calls ``method``. ``arguments`` is None where they are not written out."""

    call: Place
    method: Method
    arguments: tuple[Node, ...] | None


@dataclass(frozen=True, slots=True)
class Awaited:
    """The expression at ``place`` is awaited: it reads ``method``, a property, by RPC."""

    place: Place
    method: Method


@dataclass(frozen=True, slots=True)
class Written:
    """The program itself sets ``env.<name>``."""

    place: Place
    bound: Bound


@dataclass(frozen=True, slots=True)
class Compared:
    """``value`` is only looked at: compared, tested, evaluated for nothing."""

    place: Place
    value: Value


@dataclass(frozen=True, slots=True)
class Lost:
    """``value`` cannot be followed further. ``how`` is in words: ``is returned``."""

    place: Place
    value: Value
    how: str


Step = Goes | Reads | Called | Awaited | Compared | Written | Lost
