"""The server as a process, driven over the protocol by a client."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from editing import changed, made
from lsprotocol import types
from repositories import CASES, commit, copy

CALLER = "caller/wrangler.jsonc"
CODE = "caller/src/index.ts"
TARGET = "target/src/index.ts"
POISONED = ["poisoned-binding"]
EVERYWHERE = types.Range(types.Position(0, 0), types.Position(99, 0))


def apply_on_command_line(root: Path) -> None:
    command = [sys.executable, "-m", "codemod", "apply", root, "--verify", "never"]
    subprocess.run([*command, "--allow-dirty"], check=True, capture_output=True)


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# --- Findings


def test_what_is_typed_counts_before_it_is_saved(editor, faulty):
    path = faulty / CALLER
    editor.show(faulty)
    assert editor.codes(path) == POISONED
    assert editor.version(path) is None
    editor.open(path)
    fixed = path.read_text().replace('"target" }', '"target", "entrypoint": "default" }')
    editor.type(path, fixed)
    assert editor.codes(path) == []
    editor.type(path, path.read_text())
    assert editor.codes(path) == POISONED
    assert editor.version(path) == 3
    editor.type(path, fixed)
    assert editor.codes(path) == []
    # What was never saved is gone with the window.
    editor.close(path)
    assert editor.codes(path) == POISONED


def test_typing_in_one_file_moves_the_findings_of_another(editor, faulty):
    editor.show(faulty)
    assert editor.codes(faulty / CALLER) == POISONED
    editor.open(faulty / TARGET)
    editor.type(faulty / TARGET, 'export default { fetch() { return new Response(""); } };')
    assert editor.codes(faulty / CALLER) == []


def test_findings_are_published_for_files_that_nobody_opened(editor, atlas):
    editor.show(atlas)
    assert editor.codes(atlas / "book-telic/wrangler.jsonc") == POISONED
    assert editor.codes(atlas / "ubermesh/packages/api/wrangler.jsonc") == POISONED
    assert len(editor.published) == 2


@pytest.mark.parametrize(
    ("offered", "agreed", "column"),
    [
        pytest.param(None, "utf-16", 24, marks=pytest.mark.slow),
        (["utf-8", "utf-16"], "utf-8", 26),
    ],
    ids=["unless asked", "in bytes where the editor prefers that"],
)
def test_positions_are_counted_as_agreed(new_editor, faulty, offered, agreed, column):
    editor = new_editor
    path = faulty / CALLER
    path.write_bytes(
        b"\xef\xbb\xbf"
        + '{\r\n  /* 🚀 */ "services": [{"binding": "TARGET", "service": "target"}],\r\n'
        '  "name": "caller", "main": "src/index.ts"\r\n}\r\n'.encode()
    )
    general = types.GeneralClientCapabilities(position_encodings=offered) if offered else None
    result = editor.start(types.ClientCapabilities(general=general))
    editor.show(faulty)
    assert result.capabilities.position_encoding == agreed
    (found,) = editor.diagnostics(path)
    assert found.range.start == types.Position(1, column)
    # The same places come back from the editor, whether it has the file open or not.
    editor.open(path)
    (found,) = editor.diagnostics(path)
    assert found.range.start == types.Position(1, column)
    assert editor.hover(path, 1, column).range == found.range
    assert editor.hover(path, 1, column - 1) is None
    fix, *_ = editor.actions(path, found.range, ["quickfix"])
    made(fix.edit, agreed)
    applied = path.read_bytes()
    assert b'"service": "target", "entrypoint": "default"}],\r\n' in applied
    assert applied.startswith(b"\xef\xbb\xbf{\r\n")


# --- Repairs


def test_a_quick_fix_is_what_apply_makes(editor, faulty, tmp_path):
    other = commit(copy(faulty, tmp_path / "other"))
    apply_on_command_line(other)
    path = faulty / CALLER
    editor.show(faulty)
    (found,) = editor.diagnostics(path)
    fix, *_ = editor.actions(path, found.range, ["quickfix"])
    assert fix.diagnostics == (found,)
    made(fix.edit)
    assert tree(faulty) == tree(other)
    editor.changed_on_disk(path)
    assert editor.codes(path) == []


@pytest.mark.slow
def test_all_safe_fixes_at_once_are_what_apply_makes(editor, atlas, tmp_path):
    other = commit(copy(atlas, tmp_path / "other"))
    apply_on_command_line(other)
    editor.show(atlas)
    path = atlas / "api-mom/src/index.ts"
    (fix_all,) = editor.actions(path, EVERYWHERE, ["source.fixAll"])
    made(fix_all.edit)
    assert tree(atlas) == tree(other)


def test_a_quick_fix_of_an_unsaved_text_fits_that_text(editor, faulty):
    path = faulty / CALLER
    editor.show(faulty)
    editor.open(path)
    typed = path.read_text().replace('"name"', '"$schema": "🚀",\n\n  "name"')
    editor.type(path, typed)
    fix, *_ = editor.actions(path, EVERYWHERE, ["quickfix"])
    (change,) = fix.edit.document_changes
    assert change.text_document.version == 2
    editor.type(path, changed(typed, change.edits))
    assert editor.codes(path) == []


# --- From here to there


def test_hover_definition_and_references(editor, faulty):
    editor.show(faulty)
    assert "`caller.TARGET`" in editor.hover(faulty / CALLER, 3, 30).contents.value
    assert "Verdict: **Needs fix**" in editor.hover(faulty / CODE, 6, 16).contents.value
    (definition,) = editor.definitions(faulty / CODE, 6, 16)
    assert definition.uri == (faulty / TARGET).as_uri()
    assert definition.range.start == types.Position(8, 0)
    (reference,) = editor.references(faulty / TARGET, 8, 3)
    assert reference.uri == (faulty / CODE).as_uri()
    assert reference.range.start == types.Position(6, 11)
    assert editor.hover(faulty / CODE, 0, 0) is None
    assert editor.definitions(faulty / CODE, 0, 0) == []
    assert editor.references(faulty / TARGET, 0, 0) == []


# --- What goes wrong


def test_half_typed_files_end_nothing(editor, faulty):
    path = faulty / CALLER
    editor.show(faulty)
    editor.open(path)
    whole = path.read_text()
    for length in range(0, len(whole), 17):
        editor.type(path, whole[:length])
        assert set(editor.codes(path)) <= {"unreadable-file", *POISONED}
    editor.type(path, whole)
    assert editor.codes(path) == POISONED
    editor.type(path, "\ud83d" + whole)
    assert editor.codes(path) == ["unreadable-file"]
    for text in ("export default {", "\0", "(" * 3000):
        editor.open(faulty / CODE, text)
        assert set(editor.codes(path)) <= {"unreadable-file", *POISONED}


def test_a_broken_wfix_toml_is_said_on_it_and_ends_with_it(editor, faulty):
    editor.show(faulty)
    settings = faulty / "wfix.toml"
    editor.open(settings, "select = [")
    assert editor.codes(settings) == ["configuration"]
    assert editor.codes(faulty / CALLER) == []
    assert editor.actions(faulty / CALLER, EVERYWHERE) == []
    editor.type(settings, "ignore = []")
    assert editor.codes(settings) == []
    assert editor.codes(faulty / CALLER) == POISONED


def test_many_changes_in_a_row_are_read_once_they_pause(editor, faulty):
    path = faulty / CALLER
    editor.show(faulty)
    assert editor.codes(path) == POISONED
    editor.open(path)
    before = editor.notifications
    whole = path.read_text()
    for count in range(300):
        editor.type(path, whole + " " * count)
    assert editor.codes(path) == POISONED
    assert editor.version(path) == 301
    assert editor.notifications - before < 30


# --- Folders and files


def test_each_folder_is_a_repository_of_its_own(editor, faulty, tmp_path):
    sound = copy(CASES / "default_only/before", tmp_path / "sound")
    other = copy(faulty, tmp_path / "a folder, ünd so on")
    editor.show(faulty, sound)
    assert editor.codes(faulty / CALLER) == POISONED
    assert editor.codes(sound / CALLER) == []
    editor.show(sound, other)
    assert editor.codes(other / CALLER) == POISONED
    assert list(editor.published[(faulty / CALLER).as_uri()].diagnostics) == []
    assert editor.hover(faulty / CALLER, 3, 30) is None


def test_a_folder_within_another_belongs_to_it(editor, faulty):
    """The caller alone would not know its target."""
    editor.show(faulty, faulty / "caller")
    assert editor.codes(faulty / CALLER) == POISONED
    assert len(editor.published) == 1


def test_files_outside_the_folders_are_left_alone(editor, faulty):
    editor.show(faulty / "target")
    editor.open(faulty / CALLER)
    assert editor.codes(faulty / CALLER) == []
    assert editor.actions(faulty / CALLER, EVERYWHERE) == []
    untitled = types.TextDocumentItem("untitled:Untitled-1", "jsonc", 1, "{")
    editor.tell(types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(untitled))
    assert editor.published == {}


@pytest.mark.slow
def test_an_editor_that_knows_one_root_and_can_do_nothing(new_editor, faulty):
    new_editor.start(types.ClientCapabilities(), root_uri=faulty.as_uri())
    assert new_editor.codes(faulty / CALLER) == POISONED
    assert new_editor.registered == []
    fix, *_ = new_editor.actions(faulty / CALLER, EVERYWHERE)
    assert list(fix.edit.changes) == [(faulty / CALLER).as_uri()]
    assert new_editor.hover(faulty / CALLER, 3, 30).contents.kind is types.MarkupKind.PlainText


def test_without_a_folder_nothing_is_read(editor, faulty):
    editor.open(faulty / CALLER)
    assert editor.codes(faulty / CALLER) == []


def test_a_link_to_a_folder_is_the_folder(editor, faulty, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(faulty)
    editor.show(link)
    assert editor.codes(link / CALLER) == POISONED
    editor.open(link / CALLER, "{}")
    assert editor.codes(link / CALLER) == []


def test_changes_on_the_disk_count_where_no_window_shows_the_file(editor, faulty):
    path = faulty / CALLER
    editor.show(faulty)
    assert editor.codes(path) == POISONED
    assert [item.method for item in editor.registered] == ["workspace/didChangeWatchedFiles"]
    patterns = [item["globPattern"] for item in editor.registered[0].register_options["watchers"]]
    assert "**/*wrangler*.{json,jsonc,toml}" in patterns
    whole = path.read_text()
    path.write_text(whole.replace('"target" }', '"target", "entrypoint": "default" }'))
    editor.changed_on_disk(path)
    assert editor.codes(path) == []
    editor.open(path, whole)
    assert editor.codes(path) == POISONED


# --- The end


def test_shutdown_and_exit(new_editor, atlas):
    new_editor.start(root_uri=atlas.as_uri())
    assert new_editor.ask(types.SHUTDOWN) is None
    new_editor.tell(types.EXIT)
    assert new_editor.exit_code() == 0


@pytest.mark.slow
def test_exit_without_shutdown_is_a_failure(new_editor):
    new_editor.start()
    new_editor.tell(types.EXIT)
    assert new_editor.exit_code() == 1


@pytest.mark.slow
def test_a_closed_input_ends_the_process(new_editor, atlas):
    """Though the folder has not been read to its end."""
    new_editor.start(root_uri=atlas.as_uri())
    new_editor.close_input()
    assert new_editor.exit_code() == 1


def message(**content: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_standard_output_is_the_protocols_alone(faulty):
    folders = [{"uri": faulty.as_uri(), "name": "faulty"}]
    parameters = {"processId": None, "capabilities": {}, "workspaceFolders": folders}
    document = {"textDocument": {"uri": (faulty / CALLER).as_uri()}}
    place = {**document, "position": {"line": 0, "character": 0}}
    given = b"".join(
        [
            message(id=1, method="initialize", params={**parameters, "rootUri": None}),
            message(method="initialized", params={}),
            message(method="nothing/known", params={}),
            message(id=2, method="textDocument/hover", params=place),
            message(id=3, method="nothing/known", params={}),
        ]
    )
    command = [sys.executable, "-m", "codemod", "lsp"]
    ran = subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)
    rest = ran.stdout
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        assert head.startswith(b"Content-Length: ")
        length = int(head.split()[1])
        assert json.loads(rest[:length])["jsonrpc"] == "2.0"
        rest = rest[length:]
    assert b"nothing/known" in ran.stderr


# --- The extra


@pytest.mark.parametrize("missing", ["pygls", "lsprotocol"])
def test_without_its_library_the_command_says_what_to_install(missing):
    program = (
        f"import sys; sys.modules[{missing!r}] = None; sys.argv = ['wfix', 'lsp'];"
        "from codemod.cli import main; main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "pip install 'wfix[lsp]'" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_other_commands_do_not_load_it():
    program = "import sys; import codemod.cli.commands; sys.exit('pygls' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
