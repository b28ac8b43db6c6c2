"""What is underlined where: the findings as they are with everything that is not saved yet."""

import json

import pytest
from lsprotocol.types import DiagnosticSeverity, DiagnosticTag

from codemod.errors import UsageError
from codemod.lsp.analysis import Document, Misconfigured, Snapshot, analyse
from codemod.lsp.client import Client
from codemod.lsp.diagnostics import diagnostics
from codemod.model import Mark
from codemod.rules import all_rules

CALLER = "caller/wrangler.jsonc"
CODE = "caller/src/index.ts"
TARGET = "target/src/index.ts"
FIXED = """{
  "name": "caller",
  "main": "src/index.ts",
  "services": [{ "binding": "TARGET", "service": "target", "entrypoint": "default" }]
}
"""


@pytest.fixture
def repository(tmp_path):
    def repository(files: dict[str, str | bytes]):
        for path, content in files.items():
            place = tmp_path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return repository


def underlined(analysis, path):
    """What the diagnostics of a file underline."""
    text = analysis.texts.get(path)
    spans = (text.span(item.range) for item in diagnostics(analysis)[path])
    return [text.content[span.start : span.end].decode("utf-8", "replace") for span in spans]


def test_a_finding_underlines_its_binding_and_names_the_other_places(analysed, faulty):
    analysis = analysed(faulty)
    (found,) = diagnostics(analysis)[CALLER]
    assert underlined(analysis, CALLER) == ['{ "binding": "TARGET", "service": "target" }']
    assert (found.code, found.source, found.code_description) == ("poisoned-binding", "wfix", None)
    assert found.message.startswith("TARGET: plain binding to target, which exports Counter")
    assert "evidence: reported" in found.message
    related = {item.message: item.location.uri for item in found.related_information}
    assert related["Durable Object class Counter"] == (faulty / TARGET).as_uri()
    assert related["TARGET is fetched"] == (faulty / CODE).as_uri()


def test_a_call_of_all_environments_is_underlined_once(analysed, repository):
    root = repository(
        {
            CALLER: '{ "name": "caller", "main": "src/index.ts", "env": { "live": {} } }',
            CODE: "export default { fetch: (request, env) => env.GONE.fetch(request) };",
        }
    )
    [found] = diagnostics(analysed(root))[CODE]
    assert found.message.partition("\n")[0].endswith("(in caller, caller-live)")


def test_other_places_are_left_out_for_an_editor_without_a_place_for_them(analysed, faulty):
    (found,) = diagnostics(analysed(faulty, related_information=False))[CALLER]
    assert found.related_information is None


@pytest.mark.parametrize(
    ("mark", "severity"),
    [
        (Mark.MEASURED, DiagnosticSeverity.Error),
        (Mark.DOCUMENTED, DiagnosticSeverity.Warning),
        (Mark.REPORTED, DiagnosticSeverity.Warning),
    ],
)
def test_what_is_measured_is_an_error(analysed, repository, mark, severity):
    """A relative URL is measured, a comment that ignores nothing documented, the rest reported."""
    root = repository(
        {
            CALLER: '{ "name": "caller", "main": "src/index.ts", // wfix-ignore\n'
            '"services": [{ "binding": "TARGET", "service": "target" }] }',
            CODE: 'export default { async fetch(r, env) { return env.TARGET.fetch("/x"); } };',
            "target/wrangler.jsonc": '{ "name": "target", "main": "src/index.ts" }',
            TARGET: 'import { DurableObject } from "cloudflare:workers";\n'
            "export class Room extends DurableObject {}\n"
            'export default { async fetch() { return new Response(""); } };',
        }
    )
    marks = {rule.name: rule.evidence.mark for rule in all_rules()}
    found = [item for items in diagnostics(analysed(root)).values() for item in items]
    severities = {item.severity for item in found if marks[item.code] is mark}
    assert severities == {severity}


def test_what_is_not_judged_is_told_quietly(analysed, repository):
    """The target is nowhere in the repository: it may live elsewhere."""
    configuration = {"name": "a", "main": "a.js", "services": [{"binding": "B", "service": "b"}]}
    code = "export default { async fetch(r, env) { return env.B.fetch(r); } };"
    root = repository({"wrangler.json": json.dumps(configuration), "a.js": code})
    found = diagnostics(analysed(root))["wrangler.json"]
    skipped = [item for item in found if "skipped: " in item.message]
    assert skipped
    assert {item.severity for item in skipped} == {DiagnosticSeverity.Information}


@pytest.mark.parametrize(
    ("rule", "binding", "tags"),
    [
        ("unused-binding", {"binding": "B", "service": "b"}, (DiagnosticTag.Unnecessary,)),
        (
            "service-environment-key",
            {"binding": "B", "service": "b", "environment": "staging"},
            (DiagnosticTag.Deprecated,),
        ),
        ("unknown-service", {"binding": "B", "service": "c"}, ()),
    ],
)
def test_tags_fade_what_is_unused_and_strike_what_is_deprecated(
    analysed, repository, rule, binding, tags
):
    root = repository(
        {
            "wfix.toml": f'select = ["{rule}"]',
            "a/wrangler.json": json.dumps({"name": "a", "main": "a.js", "services": [binding]}),
            "a/a.js": "export default {};",
            "b/wrangler.json": '{ "name": "b", "main": "b.js" }',
            "b/b.js": "export default {};",
        }
    )
    (found,) = diagnostics(analysed(root))["a/wrangler.json"]
    assert tuple(found.tags or ()) == tags
    (found,) = diagnostics(analysed(root, tags=False))["a/wrangler.json"]
    assert found.tags is None


def test_what_is_known_is_not_told(analysed, faulty):
    path = faulty / CALLER
    comment = '// wfix-ignore poisoned-binding: known\n  "services"'
    path.write_text(path.read_text().replace('"services"', comment))
    assert diagnostics(analysed(faulty)) == {}


# --- What is not saved


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(CALLER, FIXED, id="the configuration says the entrypoint"),
        pytest.param(TARGET, "export default { fetch() {} };", id="the class is gone"),
        pytest.param("wfix.toml", 'ignore = ["poisoned-binding"]', id="a wfix.toml that is new"),
    ],
)
def test_an_unsaved_repair_clears_the_finding(analysed, faulty, path, text):
    assert diagnostics(analysed(faulty))
    assert CALLER not in diagnostics(analysed(faulty, {path: text}))


def test_an_unsaved_fault_is_found(analysed, faulty):
    (faulty / CALLER).write_text(FIXED)
    assert CALLER not in diagnostics(analysed(faulty))
    faulted = FIXED.replace(', "entrypoint": "default"', "")
    assert [item.code for item in diagnostics(analysed(faulty, {CALLER: faulted}))[CALLER]] == [
        "poisoned-binding"
    ]


def test_places_are_those_of_the_unsaved_text(analysed, faulty):
    moved = (faulty / CALLER).read_text().replace('  "services": [', '\n\n/* 🚀 */ "services": [')
    (found,) = diagnostics(analysed(faulty, {CALLER: moved}))[CALLER]
    assert (found.range.start.line, found.range.start.character) == (5, 22)


def test_a_file_that_is_only_in_the_editor_counts(analysed, faulty):
    (faulty / CALLER).rename(faulty / "kept.txt")
    assert diagnostics(analysed(faulty)) == {}
    text = (faulty / "kept.txt").read_text()
    assert CALLER in diagnostics(analysed(faulty, {CALLER: text}))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 26), ("utf-16", 24), ("utf-32", 23)])
def test_positions_of_files_that_are_not_open(analysed, faulty, mark, end, encoding, column):
    path = faulty / CALLER
    text = '/* 🚀 */ { "services": [{ "binding": "TARGET", "service": "target" }],\n'
    text += '"name": "caller", "main": "src/index.ts" }\n'
    path.write_bytes(mark + text.replace("\n", end).encode())
    (found,) = diagnostics(analysed(faulty, encoding=encoding))[CALLER]
    start, stop = found.range.start, found.range.end
    assert (start.line, start.character, stop.line) == (0, column, 0)
    assert stop.character - start.character == len('{ "binding": "TARGET", "service": "target" }')


# --- What is broken


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('{ "name": "caller", "services": [{ "bind', 0, id="typed halfway"),
        pytest.param('{\n  "name": "caller"\n  "main": "src/index.ts"\n}', 2, id="no comma"),
        pytest.param("{", 0, id="one character"),
        pytest.param("", 0, id="emptied"),
        pytest.param("\n" * 30, 0, id="nothing but lines"),
        pytest.param("[" * 5000, 0, id="deeper than anybody writes"),
    ],
)
def test_a_configuration_that_cannot_be_read_says_so_where_it_stops(analysed, faulty, text, line):
    (found,) = diagnostics(analysed(faulty, {CALLER: text}))[CALLER]
    assert (found.code, found.severity) == ("unreadable-file", DiagnosticSeverity.Warning)
    assert found.message.startswith("cannot be read: ")
    assert found.range.start.line == line


@pytest.mark.parametrize(
    "text",
    [
        "export default { async fetch(request, env) { return env.TARGET.fet",
        "export default",
        "}}}}",
        "(" * 5000,
        "\x00",
        "`${`${",
    ],
)
def test_half_typed_code_crashes_nothing(analysed, faulty, text):
    for path in (CODE, TARGET):
        assert isinstance(diagnostics(analysed(faulty, {path: text})), dict)


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ('select = ["poisoned-binding"', (0, 28), "Unclosed array"),
        ("\nselct = []\n", (1, 0), 'unknown key "selct"; did you mean "select"?'),
        ('# 🚀\nselect = "all"\n', (1, 9), "expected an array of strings"),
        ('select = ["poisned-binding"]\n', (0, 10), 'no rule is called "poisned-binding"'),
        ('environments = ["prod"]\n', (0, 16), 'no Worker has an environment called "prod"'),
    ],
)
@pytest.mark.parametrize("is_open", [True, False], ids=["unsaved", "on the disk"])
def test_a_broken_wfix_toml_is_said_on_it(faulty, is_open, text, where, message):
    if is_open:
        documents = {"wfix.toml": Document((faulty / "wfix.toml").as_uri(), 1, text.encode())}
    else:
        (faulty / "wfix.toml").write_text(text)
        documents = {}
    made = analyse(Snapshot(faulty, faulty.as_uri(), documents), Client())
    assert isinstance(made, Misconfigured)
    ((path, (found,)),) = diagnostics(made).items()
    assert (path, found.code, found.severity) == (
        "wfix.toml",
        "configuration",
        DiagnosticSeverity.Error,
    )
    assert message in found.message
    assert (found.range.start.line, found.range.start.character) == where


def test_a_wfix_toml_that_cannot_be_read_is_said_too(faulty):
    (faulty / "wfix.toml").mkdir()
    made = analyse(Snapshot(faulty, faulty.as_uri()), Client())
    assert isinstance(made, Misconfigured)
    assert isinstance(made.fault, UsageError)
    ((path, (found,)),) = diagnostics(made).items()
    assert (path, found.range.end.line, found.range.end.character) == ("wfix.toml", 0, 0)


def test_outdated_work_ends_before_it_judges(faulty):
    snapshot = Snapshot(faulty, faulty.as_uri())
    assert analyse(snapshot, Client(), is_outdated=lambda: True) is None
    assert analyse(snapshot, Client(), is_outdated=lambda: False) is not None


def test_a_file_that_changed_since_is_not_underlined_at_places_of_before(analysed, faulty):
    analysis = analysed(faulty)
    (faulty / CALLER).write_text("// longer by a line\n" + FIXED)
    assert CALLER not in diagnostics(analysis)
