"""Cuts what the bot calls out of GitHub's own OpenAPI description, and prints it.

The description is ``generated/api.github.com.json`` of the npm package ``@octokit/openapi`` (MIT,
see ``LICENSE``), release 23.0.2. What is only there to be read is left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

OPERATIONS = {
    "/app": ("get",),
    "/app/installations": ("get",),
    "/app/installations/{installation_id}/access_tokens": ("post",),
    "/installation/repositories": ("get",),
    "/repos/{owner}/{repo}": ("get",),
    "/repos/{owner}/{repo}/compare/{basehead}": ("get",),
    "/repos/{owner}/{repo}/installation": ("get",),
    "/repos/{owner}/{repo}/issues": ("get", "post"),
    "/repos/{owner}/{repo}/issues/{issue_number}": ("get", "patch"),
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/issues/{issue_number}/labels": ("post",),
    "/repos/{owner}/{repo}/pulls": ("get", "post"),
    "/repos/{owner}/{repo}/pulls/{pull_number}": ("get", "patch"),
    "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers": ("post",),
    "/search/issues": ("get",),
    "/user": ("get",),
}
_TO_READ = {"description", "summary", "externalDocs", "examples", "example", "tags", "x-github"}
_JSON = "application/json"
_ASKED_FOR = "application/vnd.github+json"
_NULL = {"type": "string", "nullable": True, "enum": ["null"]}


def sliced(whole: dict[str, Any]) -> dict[str, Any]:
    """The operations and every component that they lead to."""
    paths = {
        path: {verb: _bare(whole["paths"][path][verb]) for verb in verbs}
        for path, verbs in OPERATIONS.items()
    }
    for operations in paths.values():
        if "get" in operations:
            # GitHub answers so to every conditional request; its description says so of some.
            operations["get"]["responses"].setdefault("304", {"description": "Not modified"})
    components: dict[str, dict[str, Any]] = {}
    pending = _references(paths)
    while pending:
        kind, name = pending.pop()
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _bare(whole["components"][kind][name])
            pending += _references(components[kind][name])
    made = {
        "openapi": whole["openapi"],
        "info": {"title": whole["info"]["title"], "version": whole["info"]["version"]},
        "paths": paths,
        "components": {kind: dict(sorted(found.items())) for kind, found in components.items()},
    }
    _alias(made)
    return _typed(made)


def _bare(node: Any, *, are_names: bool = False) -> Any:
    """``node`` without what is only there to be read; keys of properties are names, and stay."""
    if isinstance(node, list):
        return [_bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _bare(value, are_names=key in {"properties", "headers"})
        for key, value in node.items()
        if are_names or not (key in _TO_READ or key.startswith("x-"))
    }


def _references(node: Any) -> list[tuple[str, str]]:
    if isinstance(node, list):
        return [found for item in node for found in _references(item)]
    if not isinstance(node, dict):
        return []
    found = [item for value in node.values() for item in _references(value)]
    reference = node.get("$ref")
    if isinstance(reference, str):
        _, _, kind, name = reference.split("/")
        found.append((kind, name))
    return found


def _alias(node: Any) -> None:
    """Lets answers be asked for as GitHub advises: by its own name for JSON."""
    if isinstance(node, list):
        for item in node:
            _alias(item)
    elif isinstance(node, dict):
        content = node.get("content")
        if isinstance(content, dict) and _JSON in content:
            content[_ASKED_FOR] = content[_JSON]
        for value in node.values():
            _alias(value)


def _typed(node: Any) -> Any:
    """``node`` without schemas that may be null and have no type.

    The validator that Prism uses takes no such schema, and Prism checks nothing then.
    """
    if isinstance(node, list):
        return [_typed(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _typed(value) for key, value in node.items()}
    if node.get("nullable") is not True or "type" in node:
        return node
    del node["nullable"]
    for several in ("oneOf", "anyOf"):
        if several in node:
            return {**node, several: [*node[several], _NULL]}
    return {"anyOf": [node, _NULL]}


if __name__ == "__main__":
    description = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump(sliced(description), sys.stdout, indent=1)
    sys.stdout.write("\n")
