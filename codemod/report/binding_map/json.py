"""The map for programs: one JSON object.

``version`` grows when a key changes its meaning or goes away. Paths are given as the user would
type them, lines and columns count from 1, and what does not apply or cannot be known is null.

- ``workers``: ``name`` (the deployed name, else the path), ``environment`` (null: the top level),
  ``path`` of the configuration, ``exports`` (each ``name`` and ``kind``, the default export
  first; null where they are unknown), ``unknown`` (why they are), ``open`` (why there may be
  more).
- ``services``: names that no single Worker of the repository has: ``name``, ``kind``
  (``external`` or ``unknown``), ``reason``.
- ``bindings``: ``kind`` (the key in the configuration), ``worker`` and ``environment`` that
  declare it, ``name``, ``target`` (a name from above), ``target_path`` and ``target_environment``
  (null for a service), ``entrypoint``, ``class_name``, ``status`` (null for all but services) and
  its ``reason``, and where it stands: ``path``, ``line``, ``column``.
- ``unreadable``: ``path`` and ``reason`` of what could not be read.
"""

from __future__ import annotations

import json
from typing import Any

from codemod.report.binding_map.graph import Arrow, Graph, Node
from codemod.report.display import Display

VERSION = 1


def render(graph: Graph) -> str:
    """The object, indented, ending in a newline. It is ASCII: any encoding carries it."""
    return json.dumps(content(graph), indent=2) + "\n"


def content(graph: Graph) -> dict[str, Any]:
    """The object before it is written, for formats that carry it along."""
    display = graph.display
    return {
        "version": VERSION,
        "workers": [_worker(node, display) for node in graph.workers],
        "services": [
            {"name": node.name, "kind": node.kind, "reason": node.reason}
            for node in (*graph.external, *graph.unknown)
        ],
        "bindings": [_binding(arrow, display) for arrow in graph.arrows],
        "unreadable": [
            {"path": display.path(item.path), "reason": item.reason} for item in graph.unreadable
        ],
    }


def _worker(node: Node, display: Display) -> dict[str, Any]:
    exports = [{"name": export.name, "kind": export.kind} for export in node.exports]
    return {
        "name": node.name,
        "environment": node.environment,
        "path": _path(node, display),
        "exports": None if node.reason else exports,
        "unknown": node.reason or None,
        "open": node.open or None,
    }


def _binding(arrow: Arrow, display: Display) -> dict[str, Any]:
    binding = arrow.binding
    return {
        "kind": binding.kind,
        "worker": arrow.source.name,
        "environment": arrow.source.environment,
        "name": binding.name,
        "target": arrow.target.name,
        "target_path": _path(arrow.target, display),
        "target_environment": arrow.target.environment,
        "entrypoint": binding.entrypoint,
        "class_name": binding.class_name,
        "status": arrow.status,
        "reason": (arrow.verdict.reason if arrow.verdict else "") or None,
        "path": display.path(binding.location.path),
        "line": binding.location.line,
        "column": binding.location.column,
    }


def _path(node: Node, display: Display) -> str | None:
    return None if node.path is None else display.path(node.path)
