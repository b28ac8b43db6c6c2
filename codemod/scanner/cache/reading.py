"""The result of a scan in the parts that are kept, and how it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from codemod.scanner.parts import Code, Outline, Skeleton
from codemod.scanner.tracing import Trace, files_read


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a scan read. ``codes`` are the results of the outline's tasks, in their order.

    ``read`` and ``failures`` are the files that it rests on, and those that could not be read.
    """

    outline: Outline
    codes: tuple[Code, ...]
    suppressions: tuple[Suppression, ...]
    read: Mapping[str, str]
    failures: Mapping[str, str]

    @staticmethod
    def of(
        outline: Outline, codes: Iterable[Code], suppressions: Iterable[Suppression], trace: Trace
    ) -> Reading:
        """The reading that rests on ``trace``."""
        read: dict[str, str] = {}
        failures: dict[str, str] = {}
        for part in trace.every():
            failures.update(part.failures)
            for path, sha256 in files_read(part.answers.items()).items():
                read.setdefault(path, sha256)
        return Reading(
            outline, tuple(codes), tuple(suppressions), dict(sorted(read.items())), failures
        )


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


_Stored = msgspec.defstruct(
    "_Stored",
    [
        ("outline", _Outline),
        ("codes", tuple[_Code, ...]),
        ("suppressions", tuple[Suppression, ...]),
    ],
)
_encoder = msgspec.msgpack.Encoder()


def encode(reading: Reading) -> bytes:
    """``reading`` as bytes, without the files that it rests on.

    Raises ``UnicodeEncodeError`` for names that are no text.
    """
    return _encoder.encode(
        {
            "outline": reading.outline,
            "codes": reading.codes,
            "suppressions": reading.suppressions,
        }
    )


def decode(content: msgspec.Raw, read: Mapping[str, str], failures: Mapping[str, str]) -> Reading:
    """What ``encode`` wrote. Raises ``msgspec.MsgspecError`` where it is something else."""
    stored: Any = msgspec.msgpack.decode(content, type=_Stored)
    outline = _with(Outline, stored.outline, workers=tuple(map(_skeleton, stored.outline.workers)))
    codes = tuple(Code(_exports(code.exports), code.usages) for code in stored.codes)
    return Reading(outline, codes, stored.suppressions, read, failures)


def _with(model: type, stored: msgspec.Struct, **changed: object) -> Any:
    return model(**(msgspec.structs.asdict(stored) | changed))


def _skeleton(stored: Any) -> Skeleton:
    found: Skeleton = _with(
        Skeleton, stored, deployments=tuple(map(_deployment, stored.deployments))
    )
    return found


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
