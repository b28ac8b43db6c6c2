"""Fills answers up to the shapes of an OpenAPI description: what they have to hold, and do not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_DEPTH = 12
_STRINGS = {
    "date-time": "2026-01-01T00:00:00Z",
    "uri": "https://example.invalid/",
    "email": "a@example.invalid",
}


@dataclass(frozen=True)
class Shapes:
    """A description, as parsed from its JSON."""

    description: dict[str, Any]

    def complete(self, verb: str, path: str, status: int, given: object) -> object:
        """``given`` with all that an answer to ``verb path`` with this status has to hold."""
        for template, operations in self.description["paths"].items():
            operation = operations.get(verb.lower())
            if operation and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                answer = self._resolved(operation["responses"].get(str(status), {}))
                content = answer.get("content", {}).get("application/json")
                return self._filled(content["schema"], given, _DEPTH) if content else given
        return given

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            _, _, kind, name = node["$ref"].split("/")
            node = self.description["components"][kind][name]
        return node

    def _filled(self, schema: dict[str, Any], given: object, depth: int) -> object:
        schema = self._resolved(schema)
        if given is None and schema.get("nullable"):
            return None
        for several in ("allOf", "anyOf", "oneOf"):
            if several in schema:
                if given is None and any(one.get("nullable") for one in schema[several]):
                    return None
                every = schema[several] if several == "allOf" else schema[several][:1]
                for one in every:
                    given = self._filled(one, given, depth)
        if "properties" in schema and depth:
            given = self._filled_object(schema, given if isinstance(given, dict) else {}, depth)
        if schema.get("type") == "array":
            items = given if isinstance(given, list) else []
            return [self._filled(schema["items"], item, depth) for item in items]
        return self._made(schema) if given is None else given

    def _filled_object(
        self, schema: dict[str, Any], given: dict[str, object], depth: int
    ) -> dict[str, object]:
        filled = dict(given)
        for name, inner in schema["properties"].items():
            if name in given or name in schema.get("required", ()):
                filled[name] = self._filled(inner, given.get(name), depth - 1)
        return filled

    def _made(self, schema: dict[str, Any]) -> object:
        if "enum" in schema:
            return schema["enum"][0]
        match schema.get("type"):
            case "string":
                return _STRINGS.get(schema.get("format", ""), "x")
            case "integer" | "number":
                return 1
            case "boolean":
                return False
        return {}
