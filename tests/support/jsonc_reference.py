"""What ``jsonc-parser``, the npm package that wrangler reads JSON with, makes of texts."""

from __future__ import annotations

import json

from codemod.errors import SourceError
from codemod.syntax import jsonc
from codemod.syntax.tree import Mapping, Node, Sequence

# As in cloudflare/workers-sdk, packages/workers-utils/src/parse.ts: no byte order mark, trailing
# commas allowed, any reported error fatal. Numbers travel as text, since JSON has no infinity.
REFERENCE = """
const { parse } = require("jsonc-parser");
const texts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
function tagged(value) {
    if (typeof value === "number") return { number: String(value) };
    if (typeof value === "string") return value.toWellFormed();
    if (Array.isArray(value)) return value.map(tagged);
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).map(([key, item]) => [key.toWellFormed(), tagged(item)]);
    return { object: entries };
}
const results = texts.map((text) => {
    const errors = [];
    const value = parse(text.replace(/^\\ufeff/, ""), errors, { allowTrailingComma: true });
    return errors.length ? null : [tagged(value)];
});
process.stdout.write(JSON.stringify(results));
"""


def agreed(value: object) -> object:
    """What the reference wrote, as Python's values, all numbers as floats."""
    if isinstance(value, list):
        return [agreed(item) for item in value]
    if isinstance(value, dict) and "number" in value:
        return float(value["number"])
    if isinstance(value, dict):
        return {key: agreed(item) for key, item in value["object"]}
    return value


def ours(node: Node) -> object:
    if isinstance(node, Mapping):
        return {member.key: ours(member.value) for member in node.members}
    if isinstance(node, Sequence):
        return [ours(item) for item in node.items]
    is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return float(node.value) if is_number else node.value


def disagreements(node_tools, texts: list[str]) -> list[str]:
    """Those of the texts that are read otherwise here than there, with what either reads."""
    results = json.loads(node_tools.run(REFERENCE, json.dumps(texts)))
    wrong = []
    for text, result in zip(texts, results, strict=True):
        try:
            read = [ours(jsonc.parse(text.encode()).root)]
        except SourceError:
            read = None
        if read != (result and [agreed(result[0])]):
            wrong.append(f"{text!r}: {read}, but jsonc-parser reads {result}")
    return wrong
