"""What is kept of a scan: the result is always that of reading anew."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemod.scanner import code, outline, parts, scan
from codemod.scanner.cache import facts, identity, memory

ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")

API = """import { WorkerEntrypoint } from "cloudflare:workers";
import { helper } from "./lib/helper";
export class Admin extends WorkerEntrypoint { list() { return helper(); } }
export default { fetch: () => new Response("ok") };
"""
SITE = """import { call } from "#shared";
export default { fetch: (request: Request, env: Env) => call(env.API) };
"""
TREE = {
    ".gitignore": "ignored/\n",
    "package.json": '{ "name": "root", "workspaces": ["workers/*"] }',
    "tsconfig.json": '{ "compilerOptions": { "paths": { "#shared": ["./shared/index.ts"] } } }',
    "shared/index.ts": "export const call = (api: Fetcher) => api.fetch('https://api/users');\n",
    "workers/api/wrangler.jsonc": '{ "name": "api", "main": "index.ts" }',
    "workers/api/package.json": '{ "name": "api", "scripts": { "dev": "wrangler dev" } }',
    "workers/api/index.ts": API,
    "workers/api/lib/helper.ts": "export const helper = () => 1;\n",
    "workers/site/wrangler.toml": 'name = "site"\nmain = "index.ts"\n'
    '[[services]]\nbinding = "API"\nservice = "api"\n',
    "workers/site/index.ts": SITE,
    "workers/other/wrangler.jsonc": '{ "name": "other", "main": "index.ts" }',
    "workers/other/index.ts": "export default { fetch() {} };\n",
    "ignored/wrangler.jsonc": '{ "name": "ignored", "main": "index.ts" }',
}


def write(root: Path, files) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)


class Counted:
    """How often the parts of a scan are worked out."""

    def __init__(self, monkeypatch):
        self.outlines = 0
        self.tasks = []
        read, one = outline.read, code._code

        def counted_outline(*arguments):
            self.outlines += 1
            return read(*arguments)

        def counted_task(task, modules):
            self.tasks.append(task.roots[0].split("/")[1] if task.roots else "")
            return one(task, modules)

        monkeypatch.setattr(outline, "read", counted_outline)
        monkeypatch.setattr(code, "_code", counted_task)

    def of(self, work):
        self.outlines, self.tasks = 0, []
        result = work()
        return result, self.outlines, sorted(self.tasks)


@pytest.fixture
def counted(monkeypatch):
    return Counted(monkeypatch)


@pytest.fixture(params=["proven", "young"])
def root(request, tmp_path, monkeypatch):
    """A repository whose files are old enough for their times to prove something, or are not."""
    if request.param == "proven":
        monkeypatch.setattr(facts, "_COARSEST", -(10**18))
    write(tmp_path / "repository", TREE)
    return tmp_path / "repository"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def entries(cache):
    """The files of the folder that are no pieces of others."""
    return [path for path in cache.iterdir() if "." not in path.name]


def same(found, expected) -> bool:
    return found == expected and list(found.read) == list(expected.read)


def test_an_unchanged_repository_is_not_read_again(root, cache, counted):
    first, *_ = counted.of(lambda: scan(root, cache=cache))
    assert same(first, scan(root))
    again, outlines, tasks = counted.of(lambda: scan(root, cache=cache))
    assert same(again, first)
    assert (outlines, tasks) == (0, [])
    assert len(entries(cache)) == 1


def replaced(path, old, new):
    def edit(root):
        before = (root / path).read_text()
        assert old in before
        (root / path).write_text(before.replace(old, new))

    return edit


def added(path, content):
    return lambda root: write(root, {path: content})


def removed(path):
    def edit(root):
        target = root / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()

    return edit


def with_its_times(path, old, new):
    """A change of the same size that puts the time of the last change back."""

    def edit(root):
        before = (root / path).stat()
        replaced(path, old, new)(root)
        os.utime(root / path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert (root / path).stat().st_size == before.st_size

    return edit


def by_renaming(path, old, new):
    """A change as editors make it: another file takes the place."""

    def edit(root):
        content = (root / path).read_text().replace(old, new)
        (root / "new.tmp").write_text(content)
        (root / "new.tmp").replace(root / path)

    return edit


@pytest.mark.parametrize(
    ("edit", "outlines", "tasks"),
    [
        # A module: the Workers that load it.
        (replaced("workers/api/index.ts", "list()", "all()"), 0, ["api"]),
        (replaced("workers/api/lib/helper.ts", "1", "2"), 0, ["api"]),
        (replaced("shared/index.ts", "users", "items"), 0, ["site"]),
        (with_its_times("workers/api/index.ts", "list()", "lost()"), 0, ["api"]),
        (by_renaming("workers/api/index.ts", "list()", "all()"), 0, ["api"]),
        (removed("workers/api/lib/helper.ts"), 0, ["api"]),
        # A file appears where another was found: .ts comes before .tsx, a module before a folder.
        (added("shared/index.tsx", ""), 0, []),
        (added("workers/api/lib/helper/index.ts", ""), 1, []),
        # A file appears where it was asked for.
        (added("workers/site/worker-configuration.d.ts", "interface Env {}"), 0, ["site"]),
        # Configurations: the outline, and of the code what it says.
        (replaced("workers/api/wrangler.jsonc", '"api"', '"app"'), 1, []),
        (replaced("workers/site/wrangler.toml", '"API"', '"APP"'), 1, ["site"]),
        (added("workers/third/wrangler.jsonc", '{ "name": "third" }'), 1, [""]),
        (added("wrangler.jsonc", '{ "name": "root", "main": "workers/api/index.ts" }'), 1, ["api"]),
        (removed("workers/other"), 1, []),
        (replaced(".gitignore", "ignored/", "workers/other/"), 1, None),
        (added("workers/.gitignore", "other/\n"), 1, []),
        # What specifiers and scripts go by.
        (replaced("tsconfig.json", "./shared/", "./common/"), 0, ["site"]),
        (added("workers/site/tsconfig.json", "{}"), 0, ["site"]),
        (replaced("workers/api/package.json", "dev", "dev -c ../site/wrangler.toml"), 1, None),
        (replaced("package.json", "workers/*", "packages/*"), 1, None),
        # What nothing was asked about.
        (added("workers/api/notes.md", "text"), 0, []),
        (added("workers/api/unused.ts", "export {};"), 0, []),
        (added("ignored/more.jsonc", "{}"), 0, []),
    ],
)  # fmt: skip
def test_a_change_is_seen_and_nothing_else_read_again(root, cache, counted, edit, outlines, tasks):
    before = scan(root, cache=cache)
    edit(root)
    found, *work = counted.of(lambda: scan(root, cache=cache))
    assert same(found, scan(root))
    assert work[0] == outlines
    if tasks is not None:
        assert work[1] == tasks
    again, *work = counted.of(lambda: scan(root, cache=cache))
    assert same(again, found)
    assert work == [0, []]
    assert outlines or tasks or found == before


@ON_POSIX
def test_a_link_to_another_module_is_seen(root, cache):
    link = root / "workers/api/index.ts"
    link.rename(root / "workers/api/one.ts")
    write(root, {"workers/api/two.ts": "export default {};\n"})
    link.symlink_to("one.ts")
    assert same(scan(root, cache=cache), scan(root))
    link.unlink()
    link.symlink_to("two.ts")
    assert same(scan(root, cache=cache), scan(root))
    assert scan(root, cache=cache).workers[0].exports.named == ()


@ON_POSIX
def test_a_link_to_another_folder_is_seen(root, cache):
    (root / "workers/api/lib").rename(root / "one")
    write(root, {"two/helper.ts": "export const other = 1;\n"})
    (root / "workers/api/lib").symlink_to("../../one")
    before = scan(root, cache=cache)
    (root / "workers/api/lib").unlink()
    (root / "workers/api/lib").symlink_to("../../two")
    found = scan(root, cache=cache)
    assert same(found, scan(root))
    assert found != before


@ON_POSIX
def test_a_link_that_leads_out_by_now_is_seen(root, cache, tmp_path):
    write(tmp_path, {"outside.ts": API})
    link = root / "workers/api/index.ts"
    link.rename(root / "workers/api/one.ts")
    link.symlink_to("one.ts")
    scan(root, cache=cache)
    link.unlink()
    link.symlink_to(tmp_path / "outside.ts")
    assert same(scan(root, cache=cache), scan(root))


@ON_POSIX
@pytest.mark.parametrize("folder", ["shared", "workers/api/lib", "workers/api", "workers"])
def test_a_folder_that_was_moved_out_with_a_link_left_is_seen(root, cache, tmp_path, folder):
    """Its files are the same ones, with the same times: they lie outside by now."""
    scan(root, cache=cache)
    (root / folder).rename(tmp_path / "outside")
    (root / folder).symlink_to(tmp_path / "outside")
    assert same(scan(root, cache=cache), scan(root))


@ON_POSIX
def test_a_folder_that_was_moved_within_the_root_is_known_by_its_new_place(root, cache):
    before = scan(root, cache=cache)
    (root / "shared").rename(root / "moved")
    (root / "shared").symlink_to("moved")
    found = scan(root, cache=cache)
    assert same(found, scan(root))
    assert found.workers != before.workers
    assert len(found.workers) == len(before.workers)


def test_names_of_any_length_are_no_hindrance(root, cache):
    """A path may have more folders than Python has stack."""
    main = "a/" * 600 + "index.ts"
    write(root, {"workers/other/wrangler.jsonc": f'{{ "name": "other", "main": "{main}" }}'})
    assert same(scan(root, cache=cache), scan(root))


def test_the_patterns_of_the_work_tree_around_are_seen(root, cache):
    (root.parent / ".git" / "info").mkdir(parents=True)
    scan(root, cache=cache)
    write(root.parent, {".git/info/exclude": "repository/workers/other/\n"})
    found = scan(root, cache=cache)
    assert same(found, scan(root))
    write(root.parent, {".gitignore": "site/\n"})
    found = scan(root, cache=cache)
    assert same(found, scan(root))
    assert [worker.name for worker in found.workers] == ["api"]


def test_a_file_that_cannot_be_read_is_asked_about_again(root, cache):
    (root / "workers/api/lib/helper.ts").write_bytes(b"\0")
    found = scan(root, cache=cache)
    assert same(found, scan(root))
    assert [item.path for item in found.unreadable] == ["workers/api/lib/helper.ts"]
    assert same(scan(root, cache=cache), found)
    write(root, {"workers/api/lib/helper.ts": "export const helper = () => 1;\n"})
    found = scan(root, cache=cache)
    assert same(found, scan(root))
    assert not found.unreadable


def test_comments_for_wfix_are_kept_with_their_files(root, cache):
    comment = "// wfix-ignore poisoned-binding: known\n"
    write(root, {"workers/api/index.ts": comment + API, "shared/index.ts": comment})
    found = scan(root, cache=cache)
    assert len(found.suppressions) == 2
    write(root, {"workers/api/index.ts": API})
    found = scan(root, cache=cache)
    assert same(found, scan(root))
    assert [item.location.path for item in found.suppressions] == ["shared/index.ts"]


def test_files_that_are_taken_to_be_others_use_what_is_kept(root, cache, counted):
    scan(root, cache=cache)
    changed = {
        "workers/api/index.ts": API.replace("list()", "all()").encode(),
        "workers/new/wrangler.jsonc": b'{ "name": "new", "main": "../api/index.ts" }',
    }
    for files, outlines, tasks in (
        (dict(list(changed.items())[:1]), 0, ["api"]),
        (changed, 1, ["api"]),
        ({"workers/api/index.ts": API.encode()}, 0, []),
        ({"shared/index.tsx": b""}, 0, []),
        ({"workers/api/index.ts": None}, 1, [""]),
        ({"workers/api/other.ts": None}, 0, []),
    ):
        found, *work = counted.of(lambda files=files: scan(root, changed=files, cache=cache))
        assert same(found, scan(root, changed=files))
        assert work == [outlines, tasks]
    again, *work = counted.of(lambda: scan(root, cache=cache))
    assert same(again, scan(root))
    assert work == [0, []]


def test_scans_that_ask_for_other_things_are_kept_apart(root, cache):
    asked = [((), ()), ([root / "workers/api"], ()), ((), ("other/",))]
    for _ in range(2):
        for paths, exclude in asked:
            assert same(scan(root, paths, exclude, cache=cache), scan(root, paths, exclude))
    assert len(entries(cache)) == len(asked)


def test_several_processes_keep_the_same(tmp_path, cache, counted, monkeypatch):
    monkeypatch.setattr(code, "_TASKS_A_PROCESS", 1)
    write(tmp_path / "repository", TREE)
    root = tmp_path / "repository"
    found = scan(root, processes=2, cache=cache)
    assert same(found, scan(root))
    again, *work = counted.of(lambda: scan(root, cache=cache))
    assert same(again, found)
    assert work == [0, []]
    replaced("shared/index.ts", "users", "items")(root)
    again, *work = counted.of(lambda: scan(root, cache=cache))
    assert same(again, scan(root))
    assert work == [0, ["site"]]


@pytest.mark.parametrize("part", ["version", "libraries"])
def test_what_another_release_kept_is_replaced(root, cache, counted, monkeypatch, part):
    scan(root, cache=cache)
    if part == "version":
        monkeypatch.setattr(identity, "_PACKAGE", root)
    else:
        monkeypatch.setattr(identity, "_LIBRARIES", ("msgspec",))
    _, *work = counted.of(lambda: scan(root, cache=cache))
    assert work == [1, ["api", "other", "site"]]
    _, *work = counted.of(lambda: scan(root, cache=cache))
    assert work == [0, []]
    assert len(entries(cache)) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\x80", b"\xc1", b"\x90", b"\x96\xa1x", b"\x80\x04\x95\x00.", b"\x93" * 5_000],
)
def test_well_kept_nonsense_is_passed_over(root, cache, content):
    """Files with right checksums whose content is none of wfix's."""
    scan(root, cache=cache)
    for path in sorted(cache.iterdir()):
        memory.Store(cache)._write(path.name, content)
        for _ in range(2):
            assert same(scan(root, cache=cache), scan(root))


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path, cache, monkeypatch):
    root = tmp_path / "repository"
    write(root, TREE)
    one = code._code
    rewritten = []

    def read_and_change(task, modules):
        found = one(task, modules)
        if not rewritten and "workers/api/index.ts" in task.roots:
            rewritten.append(replaced("workers/api/index.ts", "list()", "lost()")(root))
        return found

    monkeypatch.setattr(code, "_code", read_and_change)
    scan(root, cache=cache)
    monkeypatch.undo()
    assert same(scan(root, cache=cache), scan(root))


# --- Pieces ---------------------------------------------------------------------------------


@pytest.fixture
def run_each(monkeypatch):
    """Has each task make a run of its own, as large repositories have many."""
    monkeypatch.setattr(parts, "_LONGEST_RUN", 1)
    monkeypatch.setattr(memory, "_ANSWERS_A_PIECE", 20)


def pieces(cache):
    return {path.name for path in cache.iterdir() if "." in path.name}


@pytest.mark.usefixtures("run_each")
@pytest.mark.parametrize(
    ("edit", "most"),
    [
        # What a run rests on, and what it shows: its results are the same here.
        (replaced("workers/api/lib/helper.ts", "1", "2"), 1),
        (replaced("workers/api/index.ts", "list()", "all()"), 2),
        # The Workers of the outline, and what it rests on beside.
        (removed("workers/other"), 6),
    ],
)
def test_only_what_changed_is_written_anew(root, cache, monkeypatch, edit, most):
    monkeypatch.setattr(facts, "_COARSEST", -(10**18))
    scan(root, cache=cache)
    before = pieces(cache)
    assert len(before) > 8
    edit(root)
    assert same(scan(root, cache=cache), scan(root))
    new = pieces(cache) - before
    assert 0 < len(new) <= most


@pytest.mark.usefixtures("run_each")
def test_a_piece_that_is_gone_is_read_again(root, cache, counted):
    scan(root, cache=cache)
    for name in sorted(pieces(cache)):
        (cache / name).unlink(missing_ok=True)
        for _ in range(2):
            assert same(scan(root, cache=cache), scan(root))
        _, *work = counted.of(lambda: scan(root, cache=cache).workers[0])
        assert work == [0, []]


def test_workers_whose_pieces_go_before_they_are_looked_at_are_read(root, cache):
    scan(root, cache=cache)
    found = scan(root, cache=cache)
    shutil.rmtree(cache)
    assert same(found, scan(root))


@pytest.mark.usefixtures("run_each")
def test_nothing_is_made_of_pieces_that_nobody_asks_for(root, cache, monkeypatch):
    """A repository of which the findings are known needs no Workers."""
    first = scan(root, cache=cache)

    def decode(_content):
        raise AssertionError

    monkeypatch.setattr(memory.reading, "decode_codes", decode)
    monkeypatch.setattr(memory.reading, "decode_skeletons", decode)
    found = scan(root, cache=cache)
    assert (len(found.workers), found.digest) == (3, first.digest)
    replaced("workers/api/lib/helper.ts", "1", "2")(root)
    assert len(scan(root, cache=cache).read) == len(first.read)


def test_pieces_that_no_entry_names_go_in_time(root, cache):
    """Not at once: another run may be reading them."""
    scan(root, cache=cache)
    replaced("workers/api/index.ts", "list()", "all()")(root)
    scan(root, cache=cache)
    (entry,) = entries(cache)
    needless = {name for name in pieces(cache) if name.encode() not in entry.read_bytes()}
    assert needless
    for name in needless:
        os.utime(cache / name, (1_000, 1_000))
    replaced("workers/api/index.ts", "all()", "some()")(root)
    scan(root, cache=cache)
    assert needless.isdisjoint(pieces(cache))


# --- Random edits ---------------------------------------------------------------------------

_PATHS = st.sampled_from(
    [
        *TREE,
        "shared/index.tsx",
        "shared/index/index.ts",
        "workers/.gitignore",
        "workers/api/.gitignore",
        "workers/api/index",
        "workers/api/lib",
        "workers/api/lib/package.json",
        "workers/api/tsconfig.json",
        "workers/api/vite.config.ts",
        "workers/api/wrangler.toml",
        "workers/new/index.ts",
        "workers/new/wrangler.jsonc",
        "workers/site",
        "workers/site/worker-configuration.d.ts",
        "wrangler.json",
    ]
)
_CONTENTS = st.sampled_from(
    [
        "",
        *TREE.values(),
        'export * from "../api/index";\n',
        'import "./lib";\nexport default { fetch: (r, env) => env.OTHER.go(1) };\n',
        '{ "name": "new", "main": "index.ts", "services": [{ "binding": "B", "service": "api" }] }',
        '{ "scripts": { "dev": "wrangler dev -c workers/api/wrangler.jsonc & wrangler dev" } }',
        "// wfix-ignore unused-binding: known\nexport {};\n",
        "*.ts\n!index.ts\n",
        "\0",
    ]
)
_EDITS = st.one_of(
    st.tuples(st.just("write"), _PATHS, _CONTENTS),
    st.tuples(st.just("remove"), _PATHS, st.just("")),
    st.tuples(st.just("link"), _PATHS, _PATHS),
    st.tuples(st.just("move"), _PATHS, _PATHS),
)


def _edit(root: Path, kind: str, path: str, other: str) -> None:
    place = root / path
    try:
        if kind == "write":
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(other)
        elif kind == "move":
            place.rename(root / other)
        elif place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()
        if kind == "link":
            place.symlink_to(root / other)
    except OSError:
        # A folder stands where a file is wanted, or nothing does: no edit.
        return


@ON_POSIX
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.lists(_EDITS, min_size=1, max_size=3), min_size=1, max_size=4),
    longest_run=st.sampled_from([1, 2, 48]),
)
@pytest.mark.parametrize("are_proven", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_whatever_is_edited_the_result_is_that_of_reading_anew(
    tmp_path_factory, monkeypatch, are_proven, steps, longest_run
):
    monkeypatch.setattr(facts, "_COARSEST", -(10**18) if are_proven else 2 * 10**9)
    monkeypatch.setattr(parts, "_LONGEST_RUN", longest_run)
    root, cache = tmp_path_factory.mktemp("repository"), tmp_path_factory.mktemp("cache")
    write(root, TREE)
    scan(root, cache=cache)
    for edits in steps:
        for edit in edits:
            _edit(root, *edit)
        assert same(scan(root, cache=cache), scan(root))
    assert same(scan(root, cache=cache), scan(root))
