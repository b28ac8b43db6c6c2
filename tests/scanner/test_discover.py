"""Which files a scan starts from, and which it must not touch."""

import inspect
import os
import sys
import warnings

import pytest

from codemod.errors import UsageError
from codemod.scanner import discover
from codemod.scanner.discover import Discovery, Walk
from codemod.scanner.files import Files
from codemod.scanner.ignored import Ignored


def find(root, *paths, exclude=()) -> Discovery:
    files = Files(root)
    ignored = Ignored(files)
    return discover.find(files, Walk(files, ignored, exclude), ignored, paths)


def unreadable(root) -> list[tuple[str, str]]:
    files = Files(root)
    walk = Walk(files, Ignored(files))
    discover.find(files, walk, Ignored(files))
    return [(item.path, item.reason) for item in walk.unreadable]


@pytest.mark.parametrize(
    "name",
    [
        "wrangler.json",
        "wrangler.jsonc",
        "wrangler.toml",
        "wrangler.staging.jsonc",
        "wrangler-prod.toml",
        "wrangler_ci.toml",
        "spa.wrangler.jsonc",
        "a folder/wrangler.toml",
        "naïve/wrangler.toml",
        "new\nline/wrangler.toml",
        ".config/wrangler.toml",
    ],
)
def test_a_configuration_is_known_by_its_name(repository, name):
    assert find(repository({name: ""})).configurations == (name,)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("wrangler.yaml", "no language of configurations"),
        ("wrangler.jsonc.example", "the suffix is another one"),
        ("wrangler.toml~", "an editor's copy"),
        ("mywrangler.toml", "the word only ends in it"),
        ("WRANGLER.TOML", "names are told apart by case"),
        ("node_modules/x/wrangler.toml", "belongs to a package"),
        ("apps/a/node_modules/x/wrangler.toml", "belongs to a package, further down"),
        (".wrangler/tmp/wrangler.json", "wrangler's own state"),
        (".git/wrangler.toml", "git's own"),
    ],
)
def test_what_is_no_configuration_of_the_repository(repository, name, why):
    assert find(repository({name: ""})).configurations == (), why


def test_the_order_is_that_of_the_paths(repository):
    names = ["b/wrangler.toml", "a/b/wrangler.toml", "a/wrangler.toml", "wrangler.toml"]
    expected = ("a/b/wrangler.toml", "a/wrangler.toml", "b/wrangler.toml", "wrangler.toml")
    assert find(repository(dict.fromkeys(names, ""))).configurations == expected


def test_the_files_that_evidence_is_read_from(repository):
    found = find(
        repository(
            {
                "package.json": "{}",
                "apps/a/package.json": "{}",
                "apps/a/vite.config.ts": "",
                "apps/a/vitest.config.mts": "",
                "apps/a/vitest.workspace.ts": "",
                "apps/a/vite.test.config.js": "",
                "apps/b/project.json": "{}",
                "cloudflare.config.ts": "",
                "apps/a/invite.config.ts": "",
                "apps/a/vite.config.json": "",
                "cloudflare.config.json": "",
                "node_modules/x/package.json": "{}",
            }
        )
    )
    assert found.packages == ("apps/a/package.json", "package.json")
    assert found.nx_projects == ("apps/b/project.json",)
    assert found.typescript_configurations == ("cloudflare.config.ts",)
    assert found.vite == (
        "apps/a/vite.config.ts",
        "apps/a/vite.test.config.js",
        "apps/a/vitest.config.mts",
        "apps/a/vitest.workspace.ts",
    )


@pytest.mark.parametrize(
    ("ignore", "path", "kept"),
    [
        pytest.param({".gitignore": "out/"}, "out/wrangler.toml", False, id="a folder"),
        pytest.param({".gitignore": "out"}, "a/out/wrangler.toml", False, id="at any depth"),
        pytest.param({".gitignore": "/out"}, "a/out/wrangler.toml", True, id="only at the root"),
        pytest.param({".gitignore": "wrangler.toml"}, "a/wrangler.toml", False, id="a file"),
        pytest.param({".gitignore": "wrangler.toml/"}, "a/wrangler.toml", True, id="no folder"),
        pytest.param({".gitignore": "#out"}, "out/wrangler.toml", True, id="a comment"),
        pytest.param({".gitignore": "out/\r\n"}, "out/wrangler.toml", False, id="CRLF"),
        pytest.param({".gitignore": "\ufeffout/"}, "out/wrangler.toml", False, id="BOM"),
        pytest.param({"a/.gitignore": "out"}, "a/out/wrangler.toml", False, id="nested"),
        pytest.param({"a/.gitignore": "out"}, "b/out/wrangler.toml", True, id="nested elsewhere"),
        pytest.param(
            {".gitignore": "*.toml\n!keep.wrangler.toml"},
            "keep.wrangler.toml",
            True,
            id="taken back",
        ),
        pytest.param(
            {".gitignore": "*.toml", "a/.gitignore": "!wrangler.toml"},
            "a/wrangler.toml",
            True,
            id="taken back further down",
        ),
        pytest.param(
            {".gitignore": "out/\n!out/wrangler.toml"},
            "out/wrangler.toml",
            False,
            id="git enters no ignored folder, so nothing in it is taken back",
        ),
        pytest.param(
            {".gitignore": "out/*\n!out/a/"}, "out/a/wrangler.toml", True, id="a folder taken back"
        ),
        pytest.param(
            {".gitignore": "!\n[z-a]\n\\\nout/"}, "out/wrangler.toml", False, id="lines of no sense"
        ),
        pytest.param(
            {".git/info/exclude": "out/"}, "out/wrangler.toml", False, id="the clone's own list"
        ),
    ],
)
def test_git_ignores(repository, ignore, path, kept):
    found = find(repository({**ignore, path: ""})).configurations
    assert found == ((path,) if kept else ())


def test_an_odd_set_in_a_pattern_warns_nobody(repository):
    root = repository({".gitignore": "[[a]/\n", "a/wrangler.toml": "", "b/wrangler.toml": ""})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find(root).configurations == ("b/wrangler.toml",)


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        pytest.param("inner/a/", False, id="relative to the folder above"),
        pytest.param("a/", False, id="at any depth"),
        pytest.param("/a/", True, id="only right below the folder above"),
    ],
)
def test_ignore_files_above_the_root_count_within_the_work_tree(repository, pattern, kept):
    outer = repository(
        {".git/HEAD": "", ".gitignore": pattern, "inner/a/wrangler.toml": "", "inner/x": ""}
    )
    assert find(outer / "inner").configurations == (("a/wrangler.toml",) if kept else ())


def test_ignore_files_above_the_work_tree_do_not_count(repository):
    outer = repository({".gitignore": "a/", "inner/.git/HEAD": "", "inner/a/wrangler.toml": ""})
    assert find(outer / "inner").configurations == ("a/wrangler.toml",)


def test_what_the_user_excludes_is_not_looked_at(repository):
    root = repository(dict.fromkeys(["a/wrangler.toml", "b/wrangler.toml", "b/package.json"], ""))
    found = find(root, exclude=["b/"])
    assert (found.configurations, found.packages) == (("a/wrangler.toml",), ())


def test_paths_limit_the_configurations_alone(repository):
    root = repository(
        dict.fromkeys(
            ["apps/a/wrangler.toml", "apps/ab/wrangler.toml", "b/wrangler.toml", "package.json"], ""
        )
    )
    found = find(root, root / "apps/a", root / "b/wrangler.toml")
    assert found.configurations == ("apps/a/wrangler.toml", "b/wrangler.toml")
    assert found.packages == ("package.json",)
    assert found.scope == ("apps/a", "b/wrangler.toml")


def test_the_root_as_a_path_limits_nothing(repository):
    root = repository({"a/wrangler.toml": ""})
    found = find(root, root)
    assert (found.configurations, found.scope) == (("a/wrangler.toml",), ())


def test_a_file_that_is_named_is_read_whatever_its_name_and_place(repository):
    root = repository({".gitignore": "out/", "out/api.toml": "", "out/wrangler.toml": ""})
    assert find(root, root / "out/api.toml").configurations == ("out/api.toml",)
    assert find(root, root / "out").configurations == ()


@pytest.mark.parametrize("path", ["nowhere", "../other", "/"])
def test_paths_that_cannot_be_meant(repository, path):
    root = repository({"a/wrangler.toml": ""})
    (root.parent / "other").mkdir()
    with pytest.raises(UsageError):
        find(root, root / path)


@pytest.mark.parametrize(
    ("files", "path", "generated"),
    [
        pytest.param({}, "dist/wrangler.json", True, id="in the folder of a build"),
        pytest.param({}, "a/.output/server/wrangler.json", True, id="further down"),
        pytest.param(
            {"a/.wrangler/deploy/config.json": '{"configPath": "../../gen/wrangler.json"}'},
            "a/gen/wrangler.json",
            True,
            id="named by a redirect",
        ),
        pytest.param(
            {"a/.wrangler/deploy/config.json": '{"configPath": "../../gen/wrangler.json"}'},
            "a/wrangler.json",
            False,
            id="beside a redirect",
        ),
        pytest.param(
            {"a/.wrangler/deploy/config.json": "{"},
            "a/wrangler.json",
            False,
            id="a broken redirect",
        ),
        pytest.param({}, "distribution/wrangler.json", False, id="the name only begins alike"),
    ],
)
def test_configurations_that_a_build_writes(repository, files, path, generated):
    found = find(repository({**files, path: "{}"}))
    assert found.configurations == (path,)
    assert found.generated == ({path} if generated else set())


def test_an_ignored_configuration_is_generated_where_it_is_named(repository):
    root = repository({".gitignore": "gen/", "gen/wrangler.json": "{}"})
    assert find(root, root / "gen/wrangler.json").generated == {"gen/wrangler.json"}


def test_links_cannot_loop_and_each_file_is_found_once(repository):
    root = repository({"real/wrangler.toml": "", "shared.toml": ""})
    (root / "again").symlink_to(root / "real")
    (root / "real/up").symlink_to(root)
    (root / "wrangler.toml").symlink_to(root / "real/wrangler.toml")
    (root / "a.wrangler.toml").symlink_to(root / "shared.toml")
    assert find(root).configurations == ("a.wrangler.toml", "real/wrangler.toml")


def test_a_linked_folder_outside_the_root_is_not_entered(repository, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/wrangler.toml").touch()
    root = repository({"wrangler.toml": ""})
    (root / "link").symlink_to(tmp_path / "elsewhere")
    assert find(root).configurations == ("wrangler.toml",)


def test_a_name_that_is_no_text_is_reported_and_the_rest_found(repository):
    root = repository({"a/wrangler.toml": ""})
    odd = root / os.fsdecode(b"\xff")
    odd.mkdir()
    (odd / "wrangler.toml").touch()
    (odd / "readme").touch()
    assert find(root).configurations == ("a/wrangler.toml",)
    assert unreadable(root) == [("\\xff/wrangler.toml", "its name is not valid UTF-8")]


def test_a_folder_that_cannot_be_listed_is_reported_and_the_rest_found(repository, monkeypatch):
    root = repository({"a/wrangler.toml": "", "closed/wrangler.toml": ""})
    scandir = os.scandir

    def refusing(path):
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert find(root).configurations == ("a/wrangler.toml",)
    assert unreadable(root) == [("closed", "cannot be listed: Permission denied")]


def test_deep_folders_do_not_exhaust_the_stack(repository):
    path = "d/" * 300 + "wrangler.toml"
    root = repository({path: ""})
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        found = find(root)
    finally:
        sys.setrecursionlimit(limit)
    assert found.configurations == (path,)
