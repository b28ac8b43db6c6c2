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
