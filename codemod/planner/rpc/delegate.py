"""A method that only calls a function: what a reference to a handler comes to in a class."""

from __future__ import annotations

from dataclasses import dataclass

from codemod.planner.layout import Layout
from codemod.planner.rpc.annotations import EVENTS

_GIVEN = ("this.env", "this.ctx")


@dataclass(frozen=True, slots=True)
class Delegate:
    """A handler that calls ``function`` with the first ``arity`` of event, ``env`` and ``ctx``.

    ``event_type`` annotates the event; None: without annotation. ``overrides`` says whether
    ``override`` stands before it.
    """

    handler: str
    function: str
    arity: int
    event_type: str | None
    overrides: bool

    def written(self, layout: Layout, outer: str, indent: str) -> str:
        """The method; its first line has no indentation, the others have ``outer`` at least."""
        name = EVENTS[self.handler][0]
        if self.function.split(".", maxsplit=1)[0] == name:
            name = f"{name}_"
        typed = f"{name}: {self.event_type}" if self.event_type else name
        parameter = typed if self.arity else ""
        given = ", ".join((name, *_GIVEN)[: self.arity])
        body = f"return {self.function}({given}){layout.end}"
        modifier = "override " if self.overrides else ""
        lines = (
            f"{modifier}{self.handler}({parameter}) {{",
            f"{outer}{indent}{body}",
            f"{outer}}}",
        )
        return layout.line_break.join(lines)
