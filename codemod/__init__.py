"""wfix finds and fixes what breaks when one Cloudflare Worker calls another.

As a library: ``from codemod import scan, plan, prove, apply``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codemod.api import apply, plan, prove, scan

__all__ = ["apply", "plan", "prove", "scan"]


def __getattr__(name: str) -> Any:
    # The library's parts are loaded when asked for, so that the command line starts quickly.
    if name in __all__:
        from codemod import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
