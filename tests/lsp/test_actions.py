"""What is offered to do about a finding, and that an editor makes of it what `wfix apply` does."""

import shutil
from pathlib import Path

import pytest
from editing import changed, made
from lsprotocol.types import CreateFile, Range, TextDocumentEdit
from repositories import CASES

from codemod import apply, plan, scan
from codemod.lsp.actions import FIX_ALL, actions, workspace_edit
from codemod.lsp.diagnostics import diagnostics
from codemod.model import NewFile, Safety, Span
from codemod.settings import Settings

RULES = CASES.parent
CALLER = "caller/wrangler.jsonc"
ALL_CASES = sorted(path.parent for path in RULES.glob("*/*/case.toml"))
SOME_CASES = [
    # Of each way to write a configuration, and each kind of repair, one.
    "poisoned_binding/byte_order_mark_minified",
    "poisoned_binding/comments_around_the_pair",
    "poisoned_binding/environments",
    "poisoned_binding/local_development",
    "poisoned_binding/tabs_crlf_trailing_commas",
    "poisoned_binding/toml_inline_table",
    "poisoned_binding/toml_table",
    "class_handler_parameters/environment_asked_for",
    "handler_returns_nothing/expression_without_return",
    "service_environment_key/toml",
    "workers_dev_fetch/toml",
    "workers_dev_fetch/two_targets",
]


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".wfix" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}


def offered(analysis, path, span=None, only=None):
    whole = Span(0, len(analysis.texts.get(path).content))
    return actions(analysis, path, span or whole, only)


def prepared(case: Path, root: Path) -> Settings:
    shutil.copytree(case / "before", root, symlinks=True)
    rule = case.parent.name.replace("_", "-")
    (root / "wfix.toml").write_text(f'select = ["{rule}"]\n')
    return Settings(select=(rule,))


def applied(root: Path, settings: Settings, finding) -> dict[str, bytes]:
    """The tree after `wfix apply --unsafe-fixes` of the one fix."""
    shutil.copytree(root, root.parent / "applied", symlinks=True)
    project = scan(root.parent / "applied")
    one = plan(
        project,
        Settings(select=settings.select, unsafe_fixes=True),
        lambda _finding, fix: (
            (fix.edits, fix.new_files) == (finding.fix.edits, finding.fix.new_files)
        ),
    )
    for change in one.changes:
        place = project.root / change.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(change.after)
    after = tree(project.root)
    shutil.rmtree(project.root)
    return after


def edited(root: Path, edit, encoding: str) -> dict[str, bytes]:
    """The tree after the editor made the edit."""
    kept = root.parent / "kept"
    shutil.copytree(root, kept, symlinks=True)
    made(edit, encoding)
    after = tree(root)
    shutil.rmtree(root)
    kept.rename(root)
    return after


def fixes_are_what_apply_makes(case, analysed, tmp_path, encoding) -> int:
    root = tmp_path / "root"
    settings = prepared(case, root)
    analysis = analysed(root, encoding=encoding)
    fixed = [item for item in analysis.findings if item.fix and item.fix.safety != Safety.MANUAL]
    for finding in fixed:
        place = finding.location
        action = next(
            item
            for item in offered(analysis, place.path, place.span, ["quickfix"])
            if item.title.startswith(finding.fix.title)
        )
        assert edited(root, action.edit, encoding) == applied(root, settings, finding)
    for action in offered(analysis, analysis.findings[0].location.path, only=[FIX_ALL]):
        after = edited(root, action.edit, encoding)
        apply(plan(scan(root), settings), settings)
        assert after == tree(root)
    return len(fixed)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", SOME_CASES)
def test_a_quick_fix_makes_what_apply_makes(name, analysed, tmp_path, encoding):
    assert fixes_are_what_apply_makes(RULES / name, analysed, tmp_path, encoding)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.parent.name}/{case.name}") for case in ALL_CASES]
)
def test_every_quick_fix_of_every_case_makes_what_apply_makes(case, analysed, tmp_path):
    prepared(case, tmp_path / "asked")
    if analysed(tmp_path / "asked").findings:
        fixes_are_what_apply_makes(case, analysed, tmp_path, "utf-16")


def test_a_safe_fix_is_preferred_and_says_what_it_mends(analysed, faulty):
    analysis = analysed(faulty)
    fix, ignore, every = offered(analysis, CALLER)
    assert (fix.title, fix.kind, fix.is_preferred) == (
        'add "entrypoint": "default"',
        "quickfix",
        True,
    )
    assert list(fix.diagnostics) == diagnostics(analysis)[CALLER]
    assert (ignore.kind, ignore.is_preferred) == ("quickfix", None)
    assert (every.kind, every.is_preferred) == ("source.fixAll.wfix", None)


def test_an_unsafe_fix_says_so_and_is_neither_preferred_nor_among_all(analysed, tmp_path):
    root = tmp_path / "root"
    prepared(RULES / "workers_dev_fetch/toml", root)
    analysis = analysed(root)
    path = analysis.findings[0].location.path
    unsafe = [item for item in offered(analysis, path) if item.title.endswith(" (unsafe)")]
    assert unsafe
    assert {item.is_preferred for item in unsafe} == {None}
    assert offered(analysis, path, only=[FIX_ALL]) == []


def test_a_manual_fix_is_not_offered(analysed, atlas):
    """A split moves stored data: its steps are for a person who asks for it by name."""
    (atlas / "wfix.toml").write_text('[targets.api-mom]\nstrategy = "split"\n')
    analysis = analysed(atlas)
    assert {item.fix.safety for item in analysis.findings} == {Safety.MANUAL}
    path = analysis.findings[0].location.path
    assert [item.title for item in offered(analysis, path)] == [
        "ignore poisoned-binding here with a comment"
    ]


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, {"quickfix", FIX_ALL}),
        (["quickfix"], {"quickfix"}),
        (["source"], {FIX_ALL}),
        (["source.fixAll"], {FIX_ALL}),
        ([FIX_ALL], {FIX_ALL}),
        (["source.fixAll.other"], set()),
        (["source.organizeImports"], set()),
        (["refactor"], set()),
        (["quickfix.wfix"], set()),
        ([], set()),
    ],
)
def test_only_the_kinds_that_are_asked_for_are_offered(analysed, faulty, only, kinds):
    assert {item.kind for item in offered(analysed(faulty), CALLER, only=only)} == kinds


@pytest.mark.parametrize(
    ("where", "is_offered"),
    [("start", True), ("end", True), ("before", False), ("after", False)],
)
def test_a_fix_is_offered_where_its_finding_is_touched(analysed, faulty, where, is_offered):
    analysis = analysed(faulty)
    span = analysis.findings[0].location.span
    offset = {
        "start": span.start,
        "end": span.end,
        "before": span.start - 1,
        "after": span.end + 1,
    }[where]
    titles = [item.title for item in offered(analysis, CALLER, Span(offset, offset), ["quickfix"])]
    assert bool(titles) is is_offered


def test_edits_are_for_the_version_that_was_judged(analysed, faulty):
    text = (faulty / CALLER).read_text().replace("\n", "\n// 🚀 not saved\n", 1)
    fix, *_ = offered(analysed(faulty, {CALLER: text}), CALLER)
    (change,) = fix.edit.document_changes
    assert change.text_document.version == 7
    after = changed(text, change.edits)
    assert '"service": "target", "entrypoint": "default" }' in after
    fix, *_ = offered(analysed(faulty), CALLER)
    (change,) = fix.edit.document_changes
    assert change.text_document.version is None


def test_an_editor_without_versions_gets_plain_changes(analysed, faulty):
    fix, *_ = offered(analysed(faulty, versioned_edits=False, creates_files=False), CALLER)
    assert fix.edit.document_changes is None
    assert list(fix.edit.changes) == [(faulty / CALLER).as_uri()]


def test_a_new_file_is_created_and_never_overwrites(analysed, tmp_path):
    """Checked on edits of our own: no repair that is offered makes a file today."""
    (tmp_path / "wrangler.json").write_text('{ "name": "a" }')
    new = [NewFile("new folder/ü.ts", "export {};\n")]
    created, filled = workspace_edit(analysed(tmp_path), (), new).document_changes
    assert isinstance(created, CreateFile)
    assert isinstance(filled, TextDocumentEdit)
    assert created.uri == filled.text_document.uri == (tmp_path / "new folder/ü.ts").as_uri()
    assert (created.options.overwrite, created.options.ignore_if_exists) == (False, False)
    assert workspace_edit(analysed(tmp_path, creates_files=False), (), new) is None


def test_nothing_is_offered_for_a_file_that_changed_since(analysed, faulty):
    analysis = analysed(faulty)
    (faulty / CALLER).write_text("// another\n" + (faulty / CALLER).read_text())
    assert actions(analysis, CALLER, analysis.findings[0].location.span, None) == []


def test_a_comment_ignores_the_finding(analysed, faulty):
    ignore = offered(analysed(faulty), CALLER)[1]
    assert ignore.title == "ignore poisoned-binding here with a comment"
    made(ignore.edit)
    assert (
        "  // wfix-ignore poisoned-binding: known and accepted\n" in (faulty / CALLER).read_text()
    )
    assert analysed(faulty).findings == ()


def test_a_comment_about_a_comment_is_not_offered(analysed, faulty):
    text = (faulty / CALLER).read_text().replace("{\n", "{ // wfix-ignore\n", 1)
    analysis = analysed(faulty, {CALLER: text})
    assert {item.rule for item in analysis.findings} == {"poisoned-binding", "ignore-comment"}
    titles = [item.title for item in offered(analysis, CALLER, only=["quickfix"])]
    assert [title for title in titles if title.startswith("ignore")] == [
        "ignore poisoned-binding here with a comment"
    ]


def test_nothing_is_written(analysed, faulty):
    before = tree(faulty)
    analysis = analysed(faulty)
    assert len(offered(analysis, CALLER)) == 3
    assert tree(faulty) == before


def test_ranges_lie_in_the_document(analysed, faulty):
    """An editor refuses a whole edit for one position that does not exist."""
    analysis = analysed(faulty)
    text = analysis.texts.get(CALLER)
    for action in offered(analysis, CALLER):
        for change in action.edit.document_changes:
            for item in change.edits:
                assert item.range == Range(
                    *map(text.position, map(text.offset, (item.range.start, item.range.end)))
                )
