"""Configurations as people write them: each is read, written back, edited and edited back."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from codemod.errors import SourceError
from codemod.syntax import documents, jsonc
from codemod.syntax.edits import apply_edits
from codemod.syntax.lines import BOM
from codemod.syntax.tree import Document, Mapping, Node, Sequence

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "configs"
SUFFIXES = (".json", ".jsonc", ".toml")
FILES = sorted(path for path in CORPUS.rglob("*") if path.suffix in SUFFIXES)

INVALID = {
    "brucemckayone__codex/infrastructure/wrangler/wrangler.jsonc": (
        "line 1, column 1: the file is empty"
    ),
}

SLOW = pytest.mark.slow
Steps = tuple[str | int, ...]

pytestmark = pytest.mark.skipif(
    not FILES, reason="the corpus of public configurations is not beside this repository"
)


def name(path: Path) -> str:
    return path.relative_to(CORPUS).as_posix()


VALID = [path for path in FILES if name(path) not in INVALID]
JSON = [path for path in VALID if path.suffix != ".toml"]


def bindings(node: Node, path: Steps = ()) -> Iterator[tuple[Steps, Mapping]]:
    """Every object of the lists ``services`` and ``durable_objects.bindings``, at any level."""
    if isinstance(node, Mapping):
        for member in node.members:
            yield from bindings(member.value, (*path, member.key))
    elif isinstance(node, Sequence) and (
        path[-1:] == ("services",) or path[-2:] == ("durable_objects", "bindings")
    ):
        for index, item in enumerate(node.items):
            if isinstance(item, Mapping):
                yield (*path, index), item


def at(value, path: Steps):
    for step in path:
        value = value[step]
    return value


def comments(document: Document) -> list[bytes]:
    return [document.source[span.start : span.end] for span in document.comments()]


def test_exactly_the_listed_files_are_rejected():
    rejected = {}
    for path in FILES:
        try:
            documents.parse(path.name, path.read_bytes())
        except SourceError as error:
            rejected[name(path)] = str(error)
    assert rejected == INVALID


def test_the_nodes_give_every_file_back():
    """The objects of JSON keep all of its text; those of TOML know where theirs stands."""
    for path in JSON:
        source = path.read_bytes()
        assert jsonc.parse(source).nodes.to_source().encode() == source, name(path)


def test_toml_means_what_the_standard_library_says(plain):
    for path in VALID:
        if path.suffix == ".toml":
            source = path.read_bytes()
            assert plain(documents.parse(path.name, source).root) == tomllib.loads(
                source.decode()
            ), name(path)


@pytest.mark.parametrize(
    ("shape", "files"),
    [
        *(
            pytest.param(lambda source: source, VALID[part::4], id=f"as it is, {part}", marks=marks)
            for part, marks in enumerate([(), SLOW, SLOW, SLOW])
        ),
        # These three never occur among the files.
        pytest.param(lambda source: source.replace(b"\n", b"\r\n"), VALID[::3], id="CRLF"),
        pytest.param(lambda source: BOM + source, VALID[1::3], id="byte order mark", marks=SLOW),
        pytest.param(lambda source: source.replace(b"\n", b"\r"), JSON[2::3], id="CR", marks=SLOW),
    ],
)
def test_every_binding_takes_a_key_and_gives_it_back(shape, files, plain):
    for path in files:
        source = shape(path.read_bytes())
        document = documents.parse(path.name, source)
        before = plain(document.root)
        for place, mapping in [((), document.root), *bindings(document.root)]:
            edit = document.insert_member(name(path), mapping, "wfix-test", "default")
            edited = documents.parse(path.name, apply_edits(source, [edit]))
            expected = copy.deepcopy(before)
            at(expected, place)["wfix-test"] = "default"
            assert plain(edited.root) == expected, (name(path), place)
            assert comments(edited) == comments(document), (name(path), place)
            changed = dict([((), edited.root), *bindings(edited.root)])[place]
            undo = edited.remove_member(name(path), changed, "wfix-test")
            assert apply_edits(edited.source, [undo]) == source, (name(path), place)
