"""The result of a scan in the parts that are kept, and how they are written down.

What reads a part raises ``msgspec.MsgspecError`` where it is something else, what writes one
``UnicodeEncodeError`` for names that are no text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import GenericAlias
from typing import Any, get_type_hints

import msgspec

from codemod.model import (
    Binding,
    Deployment,
    DeploymentRef,
    Export,
    Exports,
    Location,
    Suppression,
    Target,
    Unknown,
    Usages,
)
from codemod.scanner.parts import Code, Outline, Skeleton, Task


class Lost(Exception):
    """A part that was kept is no more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a scan read.

    ``outline`` is without Workers and tasks: ``skeletons`` gives the ``count`` Workers there are,
    and each of ``codes`` gives the results of some tasks, all in the order of the outline. They
    raise ``Lost`` where another process has removed what they would give. ``read`` and
    ``failures`` are the files that it rests on, and those that could not be read. ``digest`` is as
    in ``Project``.
    """

    outline: Outline
    count: int
    skeletons: Callable[[], tuple[Skeleton, ...]]
    codes: tuple[Callable[[], tuple[Code, ...]], ...]
    suppressions: tuple[Suppression, ...]
    read: Mapping[str, str]
    failures: Mapping[str, str]
    digest: str | None = None


# --- Stored ---------------------------------------------------------------------------------

# Of two classes that stand for each other, msgspec cannot tell which one is meant: they are read
# as one that has the members of both.


class _Target(msgspec.Struct):
    config_path: str | None = None
    environment: str | None = None
    reason: str | None = None
    location: Location | None = None


class _Exports(msgspec.Struct):
    default: Export | None = None
    named: tuple[Export, ...] = ()
    open: tuple[Unknown, ...] = ()
    reason: str | None = None
    location: Location | None = None


def _like(model: type, **other: object) -> Any:
    """A class with the members of ``model``, some of ``other`` types."""
    types = get_type_hints(model) | other
    return msgspec.defstruct(
        f"_{model.__name__}", [(member.name, types[member.name]) for member in fields(model)]
    )


def _several(kind: type) -> GenericAlias:
    return GenericAlias(tuple, (kind, ...))


_Binding = _like(Binding, target=_Target)
_Deployment = _like(Deployment, bindings=_several(_Binding))
_Skeleton = _like(Skeleton, deployments=_several(_Deployment))
_Outline = _like(Outline, workers=_several(_Skeleton))


class _Code(msgspec.Struct):
    exports: _Exports
    usages: Usages


class _Written(msgspec.Struct, array_like=True, frozen=True):
    tasks: msgspec.Raw
    codes: msgspec.Raw


_encoder = msgspec.msgpack.Encoder()
_outlines = msgspec.msgpack.Decoder(_Outline)
_skeletons = msgspec.msgpack.Decoder(_several(_Skeleton))
_runs = msgspec.msgpack.Decoder(_Written)
_tasks = msgspec.msgpack.Decoder(tuple[Task, ...])
_codes = msgspec.msgpack.Decoder(tuple[_Code, ...])


def encode(part: Outline | tuple[Skeleton, ...]) -> bytes:
    return _encoder.encode(part)


def encode_run(tasks: Sequence[Task], codes: Sequence[Code]) -> bytes:
    return _encoder.encode((tasks, codes))


def decode_outline(content: msgspec.Raw) -> Outline:
    stored = _outlines.decode(content)
    outline: Outline = _with(Outline, stored, workers=_whole_skeletons(stored.workers))
    return outline


def decode_skeletons(content: memoryview) -> tuple[Skeleton, ...]:
    return _whole_skeletons(_skeletons.decode(content))


def decode_tasks(content: memoryview) -> tuple[Task, ...]:
    """The tasks of a run."""
    return _tasks.decode(_runs.decode(content).tasks)


def decode_codes(content: memoryview) -> tuple[Code, ...]:
    """The results of a run's tasks."""
    stored = _codes.decode(_runs.decode(content).codes)
    return tuple(Code(_exports(code.exports), code.usages) for code in stored)


def _with(model: type, stored: msgspec.Struct, **changed: object) -> Any:
    return model(**(msgspec.structs.asdict(stored) | changed))


def _whole_skeletons(stored: Sequence[Any]) -> tuple[Skeleton, ...]:
    return tuple(
        _with(Skeleton, item, deployments=tuple(map(_deployment, item.deployments)))
        for item in stored
    )


def _deployment(stored: Any) -> Deployment:
    found: Deployment = _with(
        Deployment,
        stored,
        bindings=tuple(
            _with(Binding, binding, target=_target(binding.target)) for binding in stored.bindings
        ),
    )
    return found


def _target(stored: _Target) -> Target:
    if stored.config_path is not None:
        return DeploymentRef(stored.config_path, stored.environment)
    return Unknown(stored.reason or "", stored.location)


def _exports(stored: _Exports) -> Exports | Unknown:
    if stored.reason is not None:
        return Unknown(stored.reason, stored.location)
    return Exports(stored.default, stored.named, stored.open)
