"""What a configuration of Vite or Vitest says of the Workers that run beside one another."""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from dataclasses import dataclass

from tree_sitter import Node

from codemod.model import Location
from codemod.scanner import modules
from codemod.scanner.resolving.packages import joined
from codemod.syntax import typescript
from codemod.syntax.typescript import TRANSPARENT, Source, property_name, string_value, unwrap

_PLUGIN = "@cloudflare/vite-plugin"
_NOTHING = frozenset({"undefined", "null", "false"})


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """Workers that run beside the main one, by their configurations or else their names.

    ``setting`` is the option that lists them: ``auxiliaryWorkers`` of the Vite plugin, or
    ``miniflare.workers`` of the Vitest pool, where a name may be that of a stand-in. ``complete``
    says whether all of them could be read.
    """

    setting: str
    location: Location
    config_paths: tuple[str, ...]
    names: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ViteConfiguration:
    """A configuration of Vite or Vitest.

    ``has_plugin`` says whether it loads Cloudflare's Vite plugin; ``main`` is the configuration
    of wrangler that it names, None where it takes the default one of its folder.
    """

    path: str
    has_plugin: bool
    main: str | None
    auxiliary: tuple[Auxiliary, ...]


def read(source: Source) -> ViteConfiguration:
    """Reads a configuration without running it: only what is written out in it is seen."""
    imported = modules.imports(source)
    plugins = {name for name, item in imported.items() if item.specifier == _PLUGIN}
    folder = posixpath.dirname(source.path)
    main = None
    auxiliary = []
    for node in typescript.walk(source.root):
        if node.type == "object" and main is None and _is_main(node, plugins):
            path = _text(node, "configPath")
            main = joined(folder, path) if path else None
        setting = _setting(node)
        if setting:
            value = unwrap(node.child_by_field_name("value") or node)
            if _may_hold_workers(value):
                auxiliary.append(_auxiliary(setting, source.location(node), value, folder))
    return ViteConfiguration(source.path, bool(plugins), main, tuple(auxiliary))


def _is_main(node: Node, plugins: Collection[str]) -> bool:
    """Whether an object holds the plugin's options, or the ``wrangler`` options of the pool."""
    call = node.parent.parent if node.parent else None
    if call is not None and call.type == "call_expression":
        function = call.child_by_field_name("function")
        return function is not None and typescript.text(function) in plugins
    return _key_of(node) == "wrangler"


def _setting(node: Node) -> str | None:
    """The option that lists auxiliary Workers, where ``node`` sets it."""
    if node.type == "pair":
        key = node.child_by_field_name("key")
        name = property_name(key) if key is not None else None
    else:
        is_shorthand = node.type == "shorthand_property_identifier"
        name = typescript.text(node) if is_shorthand else None
    if name == "auxiliaryWorkers":
        return name
    if name == "workers" and node.parent is not None and _key_of(node.parent) == "miniflare":
        return "miniflare.workers"
    return None


def _key_of(node: Node) -> str | None:
    """The key whose value an expression is, casts and parentheses around it left aside."""
    parent = node.parent
    while parent is not None and parent.type in TRANSPARENT:
        parent = parent.parent
    key = parent.child_by_field_name("key") if parent and parent.type == "pair" else None
    return property_name(key) if key is not None else None


def _may_hold_workers(value: Node) -> bool:
    if value.type == "array":
        return bool(_items(value))
    return value.type != "object" and typescript.text(value) not in _NOTHING


def _auxiliary(setting: str, location: Location, value: Node, folder: str) -> Auxiliary:
    paths, names = [], []
    items = _items(value) if value.type == "array" else []
    for item in items:
        path, name = _text(item, "configPath"), _text(item, "name")
        if path:
            paths.append(joined(folder, path))
        elif name:
            names.append(name)
    complete = bool(items) and len(items) == len(paths) + len(names)
    return Auxiliary(setting, location, tuple(paths), tuple(names), complete)


def _items(array: Node) -> list[Node]:
    return [unwrap(item) for item in array.named_children if item.type != "comment"]


def _text(node: Node, name: str) -> str | None:
    """The string that the property ``name`` of an object literal has."""
    for pair in typescript.children_of_type(node, "pair"):
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None and property_name(key) == name:
            return string_value(unwrap(value))
    return None
