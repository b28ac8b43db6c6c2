"""JSON that every reader takes."""

from __future__ import annotations

import json
from typing import Any

from codemod.report.display import well_formed


def dumps(content: dict[str, Any]) -> str:
    """``content`` as indented ASCII ending in a newline, without lone surrogates."""
    return json.dumps(_well_formed(content), indent=2) + "\n"


def _well_formed(value: Any) -> Any:
    match value:
        case str():
            return well_formed(value)
        case dict():
            return {key: _well_formed(item) for key, item in value.items()}
        case list() | tuple():
            return [_well_formed(item) for item in value]
    return value
