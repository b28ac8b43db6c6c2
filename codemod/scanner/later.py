"""A sequence that is worked out when it is first looked into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

_T_co = TypeVar("_T_co", covariant=True)


class Later(Sequence[_T_co]):
    """The ``count`` items that ``work_out`` gives; it equals a tuple of them."""

    def __init__(self, count: int, work_out: Callable[[], tuple[_T_co, ...]]) -> None:
        self._count = count
        self._work_out = work_out
        self._items: tuple[_T_co, ...] | None = None

    def _known(self) -> tuple[_T_co, ...]:
        if self._items is None:
            self._items = self._work_out()
        return self._items

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> _T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[_T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> _T_co | tuple[_T_co, ...]:
        return self._known()[index]

    def __iter__(self) -> Iterator[_T_co]:
        return iter(self._known())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | Later) and self._known() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._known())

    def __repr__(self) -> str:
        return repr(self._known())
