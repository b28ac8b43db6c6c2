"""Agreement with Microsoft's ``jsonc-parser``, the npm package that wrangler reads JSON with."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from jsonc_reference import disagreements

from codemod.errors import SourceError
from codemod.syntax import jsonc

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "configs"

KEYS = ['"a"', '"b"', '"services"', '"é"', '"\\u0061"', '"\\ud83d\\ude00"', '"a\\"b"', '""']
SCALARS = [
    *('""', '"x"', '"a/*b*/c"', '"//"', '"\\n\\t\\r\\b\\f\\/\\\\"', '"\\u00e9\\uD800"', '"日本"'),
    *("0", "-0", "-1.5", "1e3", "1E-2", "1.5e+300", "1e999", "9007199254740993", "0.1"),
    *("true", "false", "null"),
]
TRIVIA = [
    "",
    "",
    "",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "// c\n",
    "// c\r",
    "/**/",
    "/* * / */",
    "/*\n*/",
]
NOISE = [
    *SCALARS,
    *KEYS,
    *TRIVIA,
    *("{", "}", "[", "]", ",", ":", "'", "'x'", "+1", "01", "1.", ".5", "0x1F", "-", "1e", "2-"),
    *("Infinity", "NaN", "undefined", "True", "nullx", "a", "#", "/", "*/", "/*", "//", '"', "\\"),
    *('"\t"', '"\x00"', '"\\x"', '"\\u12"', '"a\nb"', "\ufeff", "\u00a0", "\u2028", "\f", "\v"),
]
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\r\n]*|/\*.*?\*/|[\w.+-]+|\s+|.', re.DOTALL)


def trivia(random_: random.Random) -> str:
    return "".join(random_.choices(TRIVIA, k=random_.randint(0, 2)))


def document(random_: random.Random, depth: int = 0) -> str:
    """A valid document, at random."""
    kind = random_.choice(["object", "array", "scalar"] if depth < 3 else ["scalar"])
    if kind == "scalar" and depth:
        return random_.choice(SCALARS)
    items = []
    for _ in range(random_.randint(0, 4)):
        item = trivia(random_) + document(random_, depth + 1) + trivia(random_)
        if kind != "array":
            item = trivia(random_) + random_.choice(KEYS) + trivia(random_) + ":" + item
        items.append(item)
    inside = ",".join(items) + (random_.choice(["", ","]) if items else "") + trivia(random_)
    outside = (trivia(random_), trivia(random_)) if depth == 0 else ("", "")
    return outside[0] + ("[" + inside + "]" if kind == "array" else "{" + inside + "}") + outside[1]


def damaged(random_: random.Random, text: str) -> str:
    """``text`` with a few of its tokens dropped, doubled, swapped, cut or joined by others."""
    tokens = TOKEN.findall(text) or [""]
    for _ in range(random_.randint(1, 3)):
        first, second = random_.randrange(len(tokens)), random_.randrange(len(tokens))
        match random_.randrange(5):
            case 0:
                tokens[first] = ""
            case 1:
                tokens[first] *= 2
            case 2:
                tokens[first], tokens[second] = tokens[second], tokens[first]
            case 3:
                tokens[first] = tokens[first][: random_.randint(0, len(tokens[first]))]
            case _:
                tokens.insert(first, random_.choice(NOISE))
    return "".join(tokens)


def test_valid_documents_mean_the_same(node_tools):
    random_ = random.Random(1)
    texts = [document(random_) for _ in range(1500)]
    assert disagreements(node_tools, texts) == []


@pytest.mark.slow
def test_damaged_documents_are_accepted_and_rejected_alike(node_tools):
    random_ = random.Random(2)
    texts = [damaged(random_, document(random_)) for _ in range(4000)]
    rejected = sum(1 for text in texts if not is_accepted(text))
    assert 1000 < rejected < 3500, "the damage should break many documents and spare many"
    assert disagreements(node_tools, texts) == []


def test_every_piece_of_noise_alone_and_in_a_document(node_tools):
    texts = [form.format(noise) for noise in NOISE for form in FORMS]
    assert disagreements(node_tools, texts) == []


FORMS = ["{}", "[{}]", "[1 {} 2]", "[1, {}]", '{{"a": {}}}', '{{"a" {} 1}}', "{{{}: 1}}", "{{}} {}"]


def is_accepted(text: str) -> bool:
    try:
        jsonc.parse(text.encode())
    except SourceError:
        return False
    return True


def test_the_corpus_means_the_same(node_tools):
    files = sorted(path for path in CORPUS.rglob("*") if path.suffix in (".json", ".jsonc"))
    if not files:
        pytest.skip("the corpus of public configurations is not beside this repository")
    assert disagreements(node_tools, [path.read_bytes().decode() for path in files]) == []
