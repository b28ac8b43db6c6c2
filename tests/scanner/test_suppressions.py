"""The comments that silence findings: where they stand, what they say, which line they cover."""

import json

import pytest

from codemod.scanner import scan

MODULE = "export default {};"


def scanned(repository, path: str, content: str):
    files = {"wrangler.jsonc": '{ "name": "a", "main": "index.ts" }', "index.ts": MODULE}
    return scan(repository(files | {path: content})).suppressions


@pytest.mark.parametrize(
    ("comment", "rules", "reason"),
    [
        ("// wfix-ignore a-rule: it is known", ("a-rule",), "it is known"),
        ("//wfix-ignore a-rule:known", ("a-rule",), "known"),
        ("/* wfix-ignore a-rule: known */", ("a-rule",), "known"),
        ("/**\n * wfix-ignore a-rule: known\n */", ("a-rule",), "known"),
        (
            "// wfix-ignore a-rule, b-rule: see https://x.test/a",
            ("a-rule", "b-rule"),
            "see https://x.test/a",
        ),
        ("// wfix-ignore a-rule b-rule : known", ("a-rule", "b-rule"), "known"),
        ("// wfix-ignore a-rule", ("a-rule",), None),
        ("// wfix-ignore a-rule:", ("a-rule",), None),
        ("// wfix-ignore a-rule:   ", ("a-rule",), None),
        ("// wfix-ignore", (), None),
        ("// wfix-ignore: known", (), "known"),
    ],
)
def test_what_a_comment_says(repository, comment, rules, reason):
    (found,) = scanned(repository, "index.ts", f"{comment}\n{MODULE}")

    assert (found.rules, found.reason) == (rules, reason)


@pytest.mark.parametrize(
    "text",
    [
        'const a = "// wfix-ignore a-rule: in a string";',
        "const a = `// wfix-ignore a-rule: in a template`;",
        "// see wfix-ignore a-rule: further down",
        "// wfix-ignored a-rule: another word",
        "// eslint-disable-next-line a-rule",
    ],
)
def test_what_is_no_comment_for_wfix(repository, text):
    assert scanned(repository, "index.ts", f"{text}\n{MODULE}") == ()


@pytest.mark.parametrize(
    ("path", "content", "line", "why"),
    [
        ("index.ts", "// wfix-ignore a: b\nfoo();\n", 2, "the line below"),
        ("index.ts", "foo(); // wfix-ignore a: b\nbar();\n", 1, "its own, at the line's end"),
        ("index.ts", "\n  // wfix-ignore a: b\n\n  foo();\n", 4, "blank lines are passed over"),
        ("index.ts", "// wfix-ignore a: b\n// more\n/* and\n */ foo();\n", 4, "so are comments"),
        ("index.ts", "// wfix-ignore a: b\r\nfoo();\r\n", 2, "line ends of Windows"),
        ("index.ts", "foo();\n// wfix-ignore a: b", 2, "nothing follows: its own"),
        (
            "wrangler.jsonc",
            '{ "name": "a", "main": "index.ts",\n  // wfix-ignore a: b\n  "vars": {}\n}',
            3,
            "in a configuration",
        ),
        (
            "wrangler.jsonc",
            '{ "name": "a", "main": "index.ts",\n  /* wfix-ignore a: b */ "vars": {}\n}',
            2,
            "before code on its own line",
        ),
        (
            "wrangler.jsonc",
            '{ "name": "a", "main": "index.ts", // wfix-ignore a: b\n  "vars": {}\n}',
            1,
            "after code on its own line",
        ),
    ],
)
def test_the_line_that_is_covered(repository, path, content, line, why):
    (found,) = scanned(repository, path, content)

    assert found.line == line, why


def test_a_comment_in_toml(repository):
    content = (
        'name = "a"\n\n# wfix-ignore a-rule: known\n[[services]]\nbinding = "B"\nservice = "b"\n'
    )

    (found,) = scan(repository({"wrangler.toml": content})).suppressions

    assert (found.rules, found.reason, found.line) == (("a-rule",), "known", 4)


def test_a_hash_in_a_toml_string_is_none(repository):
    content = 'name = "a"\nmain = "# wfix-ignore a-rule: known"\n'

    assert scan(repository({"wrangler.toml": content})).suppressions == ()


def test_files_that_are_not_read_are_not_searched(repository):
    files = {
        "wrangler.json": json.dumps({"name": "a", "main": "index.ts"}),
        "index.ts": MODULE,
        "other.ts": "// wfix-ignore a-rule: known\n",
        "package.json": '{ "scripts": { "a": "// wfix-ignore a-rule: known" } }',
    }

    assert scan(repository(files)).suppressions == ()


BINDINGS = """{
  "name": "a", "main": "index.ts",
  "services": [
    { "binding": "ONE", "service": "x" },
    {
      "binding": "TWO",
      "service": "x"
    },
    { "binding": "THREE", "service": "x", "props": {
      "deep": true
    } }
  ]
}
"""
TABLES = """name = "a"
main = "index.ts"

[[services]]
binding = "ONE"
service = "x"

[[services]]
binding = "TWO"
service = "x"

[env.live]
services = [
  { binding = "THREE", service = "x" },
  { binding = "FOUR", service = "x" }
]
"""


@pytest.mark.parametrize(
    ("path", "content", "after", "elements", "why"),
    [
        ("wrangler.jsonc", BINDINGS, '"binding": "TWO",', ["TWO"], "inside, at a line's end"),
        (
            "wrangler.jsonc",
            BINDINGS,
            '"TWO",\n      "service": "x"',
            ["TWO"],
            "the last line inside",
        ),
        ("wrangler.jsonc", BINDINGS, "    },", ["TWO"], "behind its end"),
        ("wrangler.jsonc", BINDINGS, "    {\n", ["TWO"], "on a line of its own inside"),
        ("wrangler.jsonc", BINDINGS, '"deep": true', ["deep"], "the innermost around it alone"),
        ("wrangler.jsonc", BINDINGS, "} }", ["THREE", "deep"], "all that end on its line"),
        ("wrangler.jsonc", BINDINGS, '"services": [', [], "between them: the file is none"),
        ("wrangler.jsonc", BINDINGS, "]\n}", [], "nor is it at its end"),
        ("wrangler.toml", TABLES, '"ONE"', ["ONE"], "in a table"),
        ("wrangler.toml", TABLES, '"ONE"\nservice = "x"', ["ONE"], "at the end of its last line"),
        ("wrangler.toml", TABLES, "[[services]]", ["ONE"], "at its header"),
        ("wrangler.toml", TABLES, "services = [\n", ["live"], "within a list of a table"),
        (
            "wrangler.toml",
            TABLES,
            '"THREE", service = "x" },',
            ["live", "THREE"],
            "an inline table",
        ),
        ("wrangler.toml", TABLES, 'service = "x"\n\n', [], "above the next: that is its line's"),
    ],
)
def test_the_objects_and_tables_that_are_covered(repository, path, content, after, elements, why):
    mark = "#" if path.endswith(".toml") else "//"
    place = content.index(after) + len(after)
    commented = f"{content[:place]} {mark} wfix-ignore a: b\n{content[place:]}"
    files = {path: commented, "index.ts": MODULE}

    (found,) = scan(repository(files)).suppressions

    names = {"ONE", "TWO", "THREE", "FOUR", "deep", "live"}
    covered = [commented[item.start : item.end] for item in sorted(found.elements)]
    assert [_first_name(text, names) for text in covered] == elements, why


def _first_name(text: str, names: set[str]) -> str:
    return min((name for name in names if name in text), key=text.index)


@pytest.mark.parametrize(
    ("content", "lines", "why"),
    [
        ("// wfix-ignore a: b\nfoo(`\n${a()}\n`);\nbar();\n", (2, 4), "a template of three lines"),
        ("// wfix-ignore a: b\nfoo(`\n${a()}` + `\n${b()}`);\n", (2, 4), "one after the other"),
        ("// wfix-ignore a: b\nfoo(`\n${\na()}`);\n", (2, 3), "code in it has room for its own"),
        ("// wfix-ignore a: b\nfoo(\n`${a()}`);\n", (2, 2), "one that begins below has it above"),
        ("// wfix-ignore a: b\nfoo(a,\nb);\n", (2, 2), "lines of code alone"),
        ("foo(`\n${\n// wfix-ignore a: b\na()}\n${b()}`);\n", (4, 5), "from within a template"),
    ],
)
def test_the_lines_without_room_for_a_comment_are_covered_with_the_one_above(
    repository, content, lines, why
):
    (found,) = scanned(repository, "index.ts", content + MODULE)

    assert (found.line, found.last_line) == lines, why


def test_the_text_of_jsx_is_covered_with_the_line_above(repository):
    content = "// wfix-ignore a: b\nconst a = <p>\n  text {a(\n  1)}\n</p>;\n"
    files = {"wrangler.json": '{ "name": "a", "main": "index.tsx" }', "index.tsx": content + MODULE}

    (found,) = scan(repository(files)).suppressions

    assert (found.line, found.last_line) == (2, 3)
