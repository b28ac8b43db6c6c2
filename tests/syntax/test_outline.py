"""What a module imports, read off its text: the same as its tree says, or nothing at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemod.scanner.modules import outlined
from codemod.syntax import outline, typescript
from codemod.syntax.outline import Imported

PLAIN = [
    ("", "no import at all"),
    ('import a from "./a";\nimport { b, c as d } from "./b"\n', "the usual statements"),
    ('import type { T } from "./t"; import { type U, v } from "./u";', "types, whole and in part"),
    ('import { type U } from "./u";', "a list of types alone loads nothing"),
    ('import {} from "./empty";', "an empty list loads the module"),
    ('import * as all from "./all"; import d, * as e from "./e"; import f, { g } from "./f"', ""),
    ('import "./effect";', "for its effect"),
    ("#!/usr/bin/env node\n'use strict';\n// a\n/* b */import{a}from'./a'", "trivia before it"),
    ('\ufeffimport a from "./a"', "a byte order mark"),
    ('import a from "./a";\nconst text = "imported from here", important = 1;', "words like it"),
    ('// import("./a")', "a comment before any code"),
    ('import { default as a } from "./a"', "the default export by its name"),
]

DOUBTFUL = [
    ('export * from "./a";', "a re-export"),
    ('const a = require("./a");', "a require"),
    ('const load = () => import("./a");', "an import in a function"),
    ('f();\nimport a from "./a";', "an import after code"),
    ('f(); // import("./a")', "a comment after code that reads like one"),
    ('import type "./a";', "a type import of nothing"),
    ('import type from "./a";', "a default import called type"),
    ('import { "a b" as c } from "./a";', "a name that is a string"),
    ('import a from "./\\u0061";', "an escape in the specifier"),
    ('import a /* why */ from "./a";', "a comment within"),
    ('import data = require("./data");', "an import of CommonJS"),
    ("// a\u2028import a from './a'", "a line separator that ends a comment"),
    ('import défaut from "./a";', "a name of other letters"),
]


@pytest.mark.parametrize(("text", "why"), PLAIN)
def test_a_plain_module_is_read_as_its_tree_says(text: str, why: str) -> None:
    found = outline.read(text.encode())
    assert found is not None, why
    assert found == outlined(typescript.parse("module.ts", text.encode())), why


@pytest.mark.parametrize(("text", "why"), DOUBTFUL)
def test_in_doubt_the_text_tells_nothing(text: str, why: str) -> None:
    assert outline.read(text.encode()) is None, why


def test_what_it_tells_of_a_name() -> None:
    found = outline.read(b'import { type a as b } from "./c";')
    assert found is not None
    assert found.imports == (Imported("b", "a", "./c", type_only=True),)


STATEMENTS = [
    'import a from "./x";',
    "import {a, type b} from './y'\n",
    'import type {c} from "./z";',
]
WORDS = ["import", "export", "from", "type", "as", "require", "const", "default", "a", "b"]
MARKS = ["*", "{", "}", ",", '"./x"', "'./y'", ";", "\n", " ", "/*", "*/", "//", "(", ")", "`", "="]
PIECES = st.sampled_from(STATEMENTS * 4 + WORDS + MARKS)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_stands_there_it_never_contradicts_the_tree(text: str) -> None:
    content = text.encode()
    source = typescript.parse("module.ts", content)
    found = outline.read(content)
    # Where the syntax is broken, the tree may have lost what the text says.
    if found is not None and not source.root.has_error:
        tree = outlined(source)
        assert found.specifiers == tree.specifiers
        last = {item.local: item for item in found.imports}
        assert list(last.values()) == list(tree.imports)


def test_it_agrees_with_the_tree_on_the_modules_of_packages(node_tools: Any) -> None:
    told = 0
    files = node_tools.packages.rglob("*")
    for path in sorted(path for path in files if path.suffix in (".ts", ".mjs")):
        content = path.read_bytes() if path.is_file() else b""
        if len(content) > 100_000:
            continue
        found = outline.read(content)
        if found is not None:
            told += 1
            tree = outlined(typescript.parse(str(path), content))
            assert (found.specifiers, set(found.imports)) == (tree.specifiers, set(tree.imports))
    assert told > 100
