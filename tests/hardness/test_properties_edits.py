"""Edits in random documents commute, and repairs of random modules change what they name alone.

That an insertion changes the value as asked and that a removal undoes it stands in
``tests/syntax``.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemod import planner
from codemod.errors import EditError
from codemod.model import Strategy
from codemod.scanner import scan
from codemod.settings import Settings
from codemod.syntax import jsonc, toml, typescript
from codemod.syntax.edits import apply_edits
from codemod.syntax.tree import Mapping, walk

JSON_TRIVIA = st.sampled_from(["", " ", "\n", "\r\n\t", " // é\n", "/* , } */", "\n\n  "])
TOML_BREAK = st.sampled_from(["\n", "\r\n", "\n\n", " # é [x]\n", "\n  # above\n"])
CODE_TRIVIA = st.sampled_from(["", " ", "\n", "\r\n", "/* é */", " // }\n", "\n\t/** env */\n"])


@st.composite
def json_objects(draw: st.DrawFn, depth: int = 0) -> str:
    trivia = [draw(JSON_TRIVIA) for _ in range(4)]
    values = st.sampled_from(["1", '"é\\u0041"', "[1, 2]", "null"])
    inner = values if depth == 2 else st.one_of(values, json_objects(depth + 1))
    members = [
        f'{trivia[0]}"k{number}"{trivia[1]}:{draw(inner)}{trivia[2]}'
        for number in range(draw(st.integers(0, 3)))
    ]
    comma = "," if members and draw(st.booleans()) else ""
    return "{" + ",".join(members) + comma + trivia[3] + "}"


@st.composite
def toml_documents(draw: st.DrawFn) -> str:
    pairs = st.sampled_from(["a = 1", "b.c = 'é'", 'd = { e = "f" }', "g = [ { h = 1 }, {} ]"])
    headers = ("", "[t]", "[t.u]", "[[v]]", "[[v]]", "[w.x.y]")
    lines = []
    for header in headers[: draw(st.integers(1, len(headers)))]:
        lines.append(header)
        lines += draw(st.lists(pairs, max_size=3, unique=True))
    return "".join(line + draw(TOML_BREAK) for line in lines)


def both_orders(parse, text: str, choices: list[int]) -> None:
    """Two keys go into two tables: together, and one after the other, either way round."""
    content = text.encode()
    document = parse(content)
    tables = [node for node in walk(document.root) if isinstance(node, Mapping)]
    one, other = (tables[choice % len(tables)] for choice in choices)
    try:
        edits = [
            document.insert_member("f", one, "x1", "v"),
            document.insert_member("f", other, "x2", True),
        ]
        together = apply_edits(content, edits)
    except EditError:
        return  # They go to the same place: the one is asked to wait for the other.
    assert apply_edits(content, edits[::-1]) == together
    first, second = sorted(edits, key=lambda edit: edit.span)
    assert apply_edits(apply_edits(content, [second]), [first]) == together
    kept = (
        content[: first.span.start],
        content[first.span.end : second.span.start],
        content[second.span.end :],
    )
    assert together == first.text.encode().join(kept[:2]) + second.text.encode() + kept[2]
    before = json.dumps(plain_of(parse(content).root), default=str)
    after = plain_of(parse(together).root)
    assert json.dumps(without(after), default=str) == before


def plain_of(node):
    if isinstance(node, Mapping):
        return {member.key: plain_of(member.value) for member in node.members}
    return [plain_of(item) for item in node.items] if hasattr(node, "items") else node.value


def without(value):
    if isinstance(value, dict):
        return {key: without(item) for key, item in value.items() if key not in ("x1", "x2")}
    return [without(item) for item in value] if isinstance(value, list) else value


CHOICES = st.lists(st.integers(0, 50), min_size=2, max_size=2)


@given(json_objects(), CHOICES)
def test_insertions_into_json_commute(text, choices):
    both_orders(jsonc.parse, text, choices)


@given(toml_documents(), CHOICES)
def test_insertions_into_toml_commute(text, choices):
    both_orders(toml.parse, text, choices)


# --- TypeScript -----------------------------------------------------------------------------

TARGET = '{"name": "target", "main": "index.ts"}'
CALLER = """{"name": "caller", "main": "index.ts",
  "services": [{"binding": "TARGET", "service": "target"}]}"""
CALLS = "export default { fetch(_, env) { return env.TARGET.fetch('https://t/'); } };\n"


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A module with a Durable Object class and a default object, and trivia at every place."""
    tokens = [
        *(
            "export class",
            " Room",
            " extends",
            " DurableObject",
            "{",
            "}",
            "\n",
            "export default",
            " {",
            "async ",
            "fetch",
            "(",
        ),
        *("request", ",", "env", ")", "{", "return ", "new Response", "(", "env.V", ")", ";"),
        *("}", draw(st.sampled_from(["", ","])), "}", draw(st.sampled_from(["", ";"])), "\n"),
    ]
    # A comment after `return` or `async` could end the line that these need.
    fixed = {"async ", "return "}
    head = 'import { DurableObject } from "cloudflare:workers";\n'
    return head + "".join(
        token if token in fixed else token + draw(CODE_TRIVIA) for token in tokens
    )


@given(modules(), st.sampled_from([Strategy.NAMED, Strategy.RPC, Strategy.ENTRYPOINT]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_repairs_of_any_layout_keep_its_comments_and_settle(code, strategy):
    chosen = Settings(strategy=strategy, unsafe_fixes=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, configuration, module in (("t", TARGET, code), ("c", CALLER, CALLS)):
            (root / name).mkdir()
            (root / name / "wrangler.jsonc").write_text(configuration)
            (root / name / "index.ts").write_bytes(module.encode())
        made = planner.plan(scan(root), chosen)
        assert made.changes
        for change in made.changes:
            before = change.before or b""
            edits = [item.edit for item in change.edits]
            assert apply_edits(before, edits) == change.after
            assert comments(change.after) >= comments(before)
            if change.path.endswith(".ts"):
                assert not typescript.parse(change.path, change.after).root.has_error
            (root / change.path).write_bytes(change.after)
        assert planner.plan(scan(root), chosen).changes == ()


def comments(content: bytes) -> set[bytes]:
    return set(re.findall(rb"/\*.*?\*/|// }", content, re.DOTALL))
