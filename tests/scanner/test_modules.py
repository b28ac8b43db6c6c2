"""What a module imports, and where its specifiers lead."""

import json
import sys

import pytest

from codemod.model import Unknown
from codemod.scanner.files import Files
from codemod.scanner.modules import External, Modules, imports, package_name, specifiers
from codemod.syntax import typescript

WORKSPACE = {"package.json": '{"workspaces": ["packages/*"]}'}


def modules(root) -> Modules:
    return Modules(Files(root))


def outcome(resolved) -> str:
    """A path as it is, ``<package>`` for an external module, ``? reason`` for an unknown."""
    if isinstance(resolved, External):
        return f"<{resolved.package}>" if resolved.has_code else f"({resolved.package})"
    return f"? {resolved.reason}" if isinstance(resolved, Unknown) else resolved


def resolve(root, specifier, importer="src/index.ts", alias=None) -> str:
    return outcome(modules(root).resolve(specifier, importer, alias))


def package(folder, **manifest) -> dict[str, str]:
    return {f"{folder}/package.json": json.dumps(manifest)}


def parsed(text, path="a.ts"):
    return typescript.parse(path, text.encode())


# --- Imports --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('import a from "x"', {"a": ("x", "default")}, id="default"),
        pytest.param('import { a } from "x"', {"a": ("x", "a")}, id="named"),
        pytest.param('import { a as b } from "x"', {"b": ("x", "a")}, id="renamed"),
        pytest.param('import { default as b } from "x"', {"b": ("x", "default")}, id="default as"),
        pytest.param('import { "a b" as c } from "x"', {"c": ("x", "a b")}, id="string name"),
        pytest.param('import * as ns from "x"', {"ns": ("x", "*")}, id="namespace"),
        pytest.param(
            'import a, * as ns from "x"', {"a": ("x", "default"), "ns": ("x", "*")}, id="both"
        ),
        pytest.param(
            'import a, { b } from "x"', {"a": ("x", "default"), "b": ("x", "b")}, id="mixed"
        ),
        pytest.param('import { type } from "x"', {"type": ("x", "type")}, id="a value named type"),
        pytest.param('import a from "x" with { type: "json" }', {"a": ("x", "default")}, id="with"),
        pytest.param('import a = require("x")', {"a": ("x", "*")}, id="import equals"),
        pytest.param('const a = require("x")', {"a": ("x", "*")}, id="require"),
        pytest.param(
            'const { a, b: c } = require("x")', {"a": ("x", "a"), "c": ("x", "b")}, id="d"
        ),
        pytest.param('const a = require("x").b', {"a": ("x", "b")}, id="member of a require"),
        pytest.param('const { a } = await import("x")', {"a": ("x", "a")}, id="awaited import"),
        pytest.param('import "x"', {}, id="an import for its effects names nothing"),
        pytest.param('const a = other("x")', {}, id="another function imports nothing"),
        pytest.param("const a = require(name)", {}, id="a computed specifier is none"),
        pytest.param('const [a] = require("x")', {}, id="an array pattern takes no exports"),
        pytest.param('function f() { const a = require("x") }', {}, id="not at the top level"),
        pytest.param('declare module "m" { import a from "x" }', {}, id="in a declared module"),
        pytest.param("import A = B.C", {}, id="an alias imports nothing"),
        pytest.param('@@@; import a from "x"', {"a": ("x", "default")}, id="beside an error"),
    ],
)
def test_the_import_table(text, expected):
    found = imports(parsed(text))
    assert {name: (item.specifier, item.imported) for name, item in found.items()} == expected


@pytest.mark.parametrize(
    ("text", "type_only"),
    [
        ('import type { a } from "x"', True),
        ('import type a from "x"', True),
        ('import { type a } from "x"', True),
        ('import { type b, a } from "x"', False),
        ('import { a } from "x"', False),
        ('import a from "x"', False),
    ],
)
def test_type_imports_are_marked(text, type_only):
    assert imports(parsed(text))["a"].type_only is type_only


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('import "x"', [("x", False)], id="effects"),
        pytest.param('import a from "x"', [("x", False)], id="import"),
        pytest.param('import { type A } from "x"', [("x", True)], id="only types in the braces"),
        pytest.param('import a, { type B } from "x"', [("x", False)], id="a value beside a type"),
        pytest.param('export * from "x"', [("x", False)], id="star"),
        pytest.param('export * as ns from "x"', [("x", False)], id="star as"),
        pytest.param('export { a } from "x"', [("x", False)], id="re-export"),
        pytest.param('export type * from "x"', [("x", True)], id="type star, which has an error"),
        pytest.param('export type { A } from "x"', [("x", True)], id="type re-export"),
        pytest.param('export { type A } from "x"', [("x", True)], id="only types re-exported"),
        pytest.param('await import("x")', [("x", False)], id="dynamic"),
        pytest.param("await import(`x`)", [("x", False)], id="a template without substitution"),
        pytest.param('f(() => require("x"))', [("x", False)], id="require inside a function"),
        pytest.param('type A = import("x").A', [("x", True)], id="a type's import"),
        pytest.param('type A = typeof import("x")', [("x", True)], id="typeof import"),
        pytest.param('let a: import("x").A', [("x", True)], id="an annotation's import"),
        pytest.param('a as import("x").A', [("x", True)], id="a cast's import"),
        pytest.param('import("x") as B', [("x", False)], id="a cast of an import"),
        pytest.param('import a = require("x")', [("x", False)], id="import equals"),
        pytest.param(r'import "a\x62\u0063\u{64}\n"', [("abcd\n", False)], id="escapes"),
        pytest.param("import(`x${y}`)", [], id="a template with a substitution is no constant"),
        pytest.param("import(name)", [], id="a computed specifier"),
        pytest.param('// import("x")', [], id="a comment"),
        pytest.param("const a = 'import(\"x\")'", [], id="a string"),
        pytest.param('a.require("x")', [], id="a method that is called require"),
        pytest.param("import.meta.url", [], id="import.meta"),
        pytest.param('export const a = "x"', [], id="an export of its own"),
    ],
)
def test_the_specifiers_of_a_module(text, expected):
    assert [(item.value, item.type_only) for item in specifiers(parsed(text))] == expected


@pytest.mark.parametrize(
    ("specifier", "name"),
    [
        ("hono", "hono"),
        ("hono/tiny", "hono"),
        ("@scope/name", "@scope/name"),
        ("@scope/name/sub/path.js", "@scope/name"),
        ("@scope", "@scope"),
        ("node:fs", "node:fs"),
        ("node:fs/promises", "node:fs"),
        ("cloudflare:workers", "cloudflare:workers"),
        ("https://example.com/a/b.js", "https://example.com/a/b.js"),
    ],
)
def test_the_package_of_a_specifier(specifier, name):
    assert package_name(specifier) == name


# --- Files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "specifier", "expected"),
    [
        pytest.param("src/a.ts", "./a", "src/a.ts", id="no suffix"),
        pytest.param("src/a.tsx", "./a", "src/a.tsx", id="tsx"),
        pytest.param("src/a.mts", "./a", "src/a.mts", id="mts"),
        pytest.param("src/a.js", "./a", "src/a.js", id="js"),
        pytest.param("src/a.ts", "./a.ts", "src/a.ts", id="the suffix itself"),
        pytest.param("src/a.ts", "./a.js", "src/a.ts", id="js stands for ts"),
        pytest.param("src/a.tsx", "./a.js", "src/a.tsx", id="js stands for tsx"),
        pytest.param("src/a.tsx", "./a.jsx", "src/a.tsx", id="jsx stands for tsx"),
        pytest.param("src/a.mts", "./a.mjs", "src/a.mts", id="mjs stands for mts"),
        pytest.param("src/a.cts", "./a.cjs", "src/a.cts", id="cjs stands for cts"),
        pytest.param("src/a.service.ts", "./a.service", "src/a.service.ts", id="dots in a name"),
        pytest.param("src/a/index.ts", "./a", "src/a/index.ts", id="a folder's index"),
        pytest.param("src/a/index.js", "./a/", "src/a/index.js", id="a folder with a slash"),
        pytest.param("index.ts", "..", "index.ts", id="the folder above"),
        pytest.param("b.ts", "../b", "b.ts", id="a file above"),
        pytest.param("src/a.ts", "./b/../a", "src/a.ts", id="dots inside"),
        pytest.param("src/a.ts", "./a.ts?raw", "src/a.ts", id="a query says how to load it"),
        pytest.param("src/a.json", "./a.json", "(src/a.json)", id="data holds no code"),
        pytest.param("src/b.ts", "./a.sql", "(src/a.sql)", id="data that is not there, neither"),
        pytest.param("src/a.d.ts", "./a", "(src/a)", id="declarations hold no code"),
        pytest.param("src/a.d.ts", "./a.d.ts", "(src/a.d.ts)", id="named as declarations"),
        pytest.param("src/a.vue", "./a.vue", "src/a.vue", id="code in another language"),
        pytest.param("src/b.ts", "./a", "? no module at src/a", id="nothing there"),
        pytest.param("src/a.ts", "./a.mjs", "? no module at src/a.mjs", id="mjs is not ts"),
        pytest.param("src/a.ts", "./A", "? no module at src/A", id="case tells names apart"),
        pytest.param("src/a/b.ts", "./a", "? the folder src/a has no module index", id="no index"),
        pytest.param("src/a.ts", "../../a", "? no module at ../a", id="out of the repository"),
        pytest.param("a.ts", "/a", '? "/a" is an absolute path', id="absolute"),
        pytest.param("a.ts", "", '? "" leads nowhere', id="empty"),
    ],
)
def test_relative_specifiers(repository, present, specifier, expected):
    assert resolve(repository({present: ""}), specifier) == expected


def test_the_named_file_wins_over_what_its_suffix_may_stand_for(repository):
    root = repository({"src/a.js": "", "src/a.ts": ""})
    assert resolve(root, "./a.js") == "src/a.js"


def test_a_relative_folder_is_entered_as_its_manifest_says(repository):
    root = repository({**package("lib", main="./src/main.js"), "lib/src/main.ts": ""})
    assert resolve(root, "../lib") == "lib/src/main.ts"


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("hono", "<hono>"),
        ("@scope/name/sub", "<@scope/name>"),
        ("node:fs/promises", "<node:fs>"),
        ("cloudflare:workers", "<cloudflare:workers>"),
        ("virtual:thing", "<virtual:thing>"),
        ("@virtual-module", "<@virtual-module>"),
        ("src/b", "<src>"),
    ],
)
def test_bare_specifiers_lead_out_of_the_repository(repository, specifier, expected):
    assert resolve(repository({"src/b.ts": "", "node_modules/hono/index.js": ""}), specifier) == (
        expected
    )


# --- Path mappings --------------------------------------------------------------------------


def options(extends=None, **compiler) -> str:
    extended = {"extends": extends} if extends else {}
    return json.dumps({**extended, "compilerOptions": compiler})


MAPPED = {"tsconfig.json": options(paths={"@/*": ["./src/*"]}), "src/b.ts": ""}


@pytest.mark.parametrize(
    ("files", "specifier", "expected"),
    [
        pytest.param(MAPPED, "@/b", "src/b.ts", id="a pattern"),
        pytest.param(MAPPED, "@/b.js", "src/b.ts", id="a pattern, js for ts"),
        pytest.param(
            {"tsconfig.json": "// c\n" + options(paths={"~": ["src/b"]}) + "//", "src/b.ts": ""},
            "~",
            "src/b.ts",
            id="an exact name, in a file with comments",
        ),
        pytest.param(
            {"jsconfig.json": options(paths={"@/*": ["src/*"]}), "src/b.js": ""},
            "@/b",
            "src/b.js",
            id="jsconfig",
        ),
        pytest.param(
            {"tsconfig.json": options(baseUrl="src"), "src/lib/b.ts": ""},
            "lib/b",
            "src/lib/b.ts",
            id="baseUrl",
        ),
        pytest.param(
            {"tsconfig.json": options(baseUrl="src", paths={"@/*": ["lib/*"]}), "src/lib/b.ts": ""},
            "@/b",
            "src/lib/b.ts",
            id="paths are relative to baseUrl",
        ),
        pytest.param(
            {"tsconfig.json": options(paths={"@/*": ["gen/*", "src/*"]}), "src/b.ts": ""},
            "@/b",
            "src/b.ts",
            id="the second target",
        ),
        pytest.param(
            {
                "tsconfig.json": options(paths={"@/*": ["x/*"], "@/lib/*": ["src/*"]}),
                "src/b.ts": "",
            },
            "@/lib/b",
            "src/b.ts",
            id="the longest prefix",
        ),
        pytest.param(
            {"tsconfig.json": options(paths={"*": ["./src/*"]}), "src/b.ts": ""},
            "b",
            "src/b.ts",
            id="a bare star",
        ),
        pytest.param(
            {"tsconfig.json": options(paths={"#/*": ["./src/*"]}), "src/b.ts": ""},
            "#/b",
            "src/b.ts",
            id="before a package's own imports",
        ),
        pytest.param(MAPPED, "@/gone", '? "@/gone" is mapped to src/gone, which', id="not there"),
        pytest.param(MAPPED, "@other/b", "<@other/b>", id="another prefix"),
        pytest.param(
            {"tsconfig.json": "{ broken", "src/b.ts": ""}, "@/b", "<@/b>", id="broken file"
        ),
        pytest.param(
            {
                "tsconfig.json": options(paths={"react": ["node_modules/@types/react"]}),
                **package(".", dependencies={"react": "18"}),
            },
            "react",
            "<react>",
            id="a dependency mapped to its types stays one",
        ),
    ],
)
def test_path_mappings(repository, files, specifier, expected):
    assert resolve(repository(files), specifier).startswith(expected)


def test_the_nearest_configuration_governs(repository):
    root = repository(
        {
            "tsconfig.json": options(paths={"@/*": ["far/*"]}),
            "apps/a/tsconfig.json": options(paths={"@/*": ["near/*"]}),
            "apps/a/near/b.ts": "",
            "far/b.ts": "",
        }
    )
    assert resolve(root, "@/b", "apps/a/src/deep/index.ts") == "apps/a/near/b.ts"
    assert resolve(root, "@/b", "apps/other/index.ts") == "far/b.ts"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"base.json": options(paths={"@/*": ["src/*"]})}, id="a file"),
        pytest.param(
            {"base.json": '{"extends": "./more"}', "more.json": options(paths={"@/*": ["src/*"]})},
            id="two steps, the suffix left out",
        ),
        pytest.param(
            {
                "base.json": '{"extends": ["./x.json", "./y.json"]}',
                "x.json": options(paths={"@/*": ["no/*"]}),
                "y.json": options(paths={"@/*": ["src/*"]}),
            },
            id="the last of an array",
        ),
        pytest.param(
            {"base.json": options(paths={"@/*": ["src/*"]}, extends="./base.json")},
            id="a file that extends itself",
        ),
        pytest.param({"base.json": options(paths={"@/*": ["${configDir}/src/*"]})}, id="configDir"),
    ],
)
def test_extended_configurations(repository, files):
    root = repository({"tsconfig.json": '{"extends": "./base.json"}', "src/b.ts": "", **files})
    assert resolve(root, "@/b") == "src/b.ts"


def test_paths_belong_to_the_folder_of_the_file_that_writes_them(repository):
    root = repository(
        {
            "tsconfig/base.json": options(paths={"@/*": ["../lib/*"]}),
            "app/tsconfig.json": '{"extends": "../tsconfig/base"}',
            "lib/b.ts": "",
        }
    )
    assert resolve(root, "@/b", "app/src/index.ts") == "lib/b.ts"


def test_a_configuration_can_extend_a_package_of_the_workspace(repository):
    root = repository(
        {
            **WORKSPACE,
            **package("packages/config", name="@repo/config"),
            "packages/config/base.json": options(paths={"@/*": ["../../src/*"]}),
            "tsconfig.json": '{"extends": "@repo/config/base.json"}',
            "src/b.ts": "",
        }
    )
    assert resolve(root, "@/b") == "src/b.ts"


def test_referenced_projects_lend_their_mappings_to_a_file_that_has_none(repository):
    root = repository(
        {
            "tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}]}',
            "tsconfig.app.json": options(paths={"@/*": ["src/*"]}),
            "src/b.ts": "",
        }
    )
    assert resolve(root, "@/b") == "src/b.ts"


@pytest.mark.parametrize(
    ("tsconfig", "expected"),
    [
        pytest.param("tsconfig.w.json", "w/b.ts", id="the named file"),
        pytest.param("gone.json", "src/b.ts", id="none there: the nearest"),
        pytest.param(None, "src/b.ts", id="none named: the nearest"),
        pytest.param("bare.json", "<@/b>", id="one without mappings"),
    ],
)
def test_a_configuration_that_governs_all_modules(repository, tsconfig, expected):
    root = repository(
        {
            "tsconfig.w.json": options(paths={"@/*": ["./w/*"]}),
            "bare.json": "{}",
            "src/tsconfig.json": options(paths={"@/*": ["./*"]}),
            "src/b.ts": "",
            "w/b.ts": "",
        }
    )
    read = modules(root)
    assert outcome(read.governed_by(tsconfig).resolve("@/b", "src/index.ts")) == expected
    assert outcome(read.resolve("@/b", "src/index.ts")) == "src/b.ts"


def test_a_child_without_paths_inherits_but_one_with_paths_does_not_merge(repository):
    root = repository(
        {
            "base.json": options(paths={"@/*": ["src/*"]}),
            "tsconfig.json": options(paths={"~/*": ["src/*"]}, extends="./base"),
            "src/b.ts": "",
        }
    )
    assert resolve(root, "~/b") == "src/b.ts"
    assert resolve(root, "@/b") == "<@/b>"


# --- Packages of the repository -------------------------------------------------------------


@pytest.mark.parametrize(
    "workspace",
    [
        pytest.param({"package.json": '{"workspaces": ["libs/*"]}'}, id="npm"),
        pytest.param({"package.json": '{"workspaces": {"packages": ["libs/*"]}}'}, id="object"),
        pytest.param({"package.json": '{"workspaces": ["./libs/util/"]}'}, id="exact"),
        pytest.param({"package.json": '{"workspaces": ["**"]}'}, id="two stars"),
        pytest.param({"package.json": '{"workspaces": ["l*/u?il"]}'}, id="parts of names"),
        pytest.param({"pnpm-workspace.yaml": "packages:\n  - 'libs/*'\n"}, id="pnpm"),
        pytest.param({"pnpm-workspace.yaml": "packages:\n- libs/* # ours\n"}, id="pnpm, flat"),
        pytest.param({"pnpm-workspace.yaml": 'packages: ["apps/*", "libs/*"]\n'}, id="pnpm, flow"),
        pytest.param(
            {"pnpm-workspace.yaml": '# c\npackages:\n  # c\n\n  - "libs/*"\ncatalog:\n  a: b\n'},
            id="pnpm, with comments and other keys",
        ),
    ],
)
def test_workspaces(repository, workspace):
    root = repository({**workspace, **package("libs/util", name="util"), "libs/util/index.ts": ""})
    assert resolve(root, "util") == "libs/util/index.ts"


@pytest.mark.parametrize(
    "workspace",
    [
        pytest.param({}, id="no workspace: the registry delivers it"),
        pytest.param({"package.json": '{"workspaces": ["apps/*"]}'}, id="another folder"),
        pytest.param({"package.json": '{"workspaces": ["libs"]}'}, id="the folder above alone"),
        pytest.param({"package.json": '{"workspaces": ["*"]}'}, id="one star is one level"),
        pytest.param({"package.json": '{"workspaces": ["libs/*", "!libs/util"]}'}, id="excluded"),
        pytest.param({"package.json": '{"workspaces": 7}'}, id="no list"),
        pytest.param({"pnpm-workspace.yaml": "catalog:\n  - libs/*\n"}, id="another key of pnpm"),
        pytest.param(
            {"pnpm-workspace.yaml": "packages:\n  - apps/*\nlibs/*:\n"}, id="after the list"
        ),
    ],
)
def test_packages_outside_a_workspace_are_external(repository, workspace):
    root = repository({**workspace, **package("libs/util", name="util"), "libs/util/index.ts": ""})
    assert resolve(root, "util") == "<util>"


def test_a_name_that_two_packages_bear_is_unknown(repository):
    root = repository(
        {**WORKSPACE, **package("packages/a", name="x"), **package("packages/b", name="x")}
    )
    assert resolve(root, "x") == "? several packages are called x: packages/a, packages/b"


@pytest.mark.parametrize("version", ["file:../lib", "link:../lib", "portal:../lib"])
def test_dependencies_on_folders(repository, version):
    root = repository(
        {
            **package("app", dependencies={"lib": version}),
            **package("lib", name="anything", main="main.ts"),
            "lib/main.ts": "",
        }
    )
    assert resolve(root, "lib", "app/src/index.ts") == "lib/main.ts"
    assert resolve(root, "lib", "other/index.ts") == "<lib>"


@pytest.mark.skipif(sys.platform == "win32", reason="makes symbolic links")
@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        pytest.param("./linked/a", "lib/a.ts", id="by way of a link"),
        pytest.param("./here/here/here/index", "src/index.ts", id="around in a circle"),
        pytest.param("../src/here/b", "src/b.ts", id="a link beside the module"),
        pytest.param("./b", "src/b.ts", id="no link"),
        pytest.param("./one", "src/one.ts", id="the link is the file itself"),
        pytest.param("./out/a", "? no module at src/out/a", id="out of the root"),
    ],
)
def test_a_module_is_known_by_one_path_whatever_links_lead_to_it(
    repository, tmp_path_factory, specifier, expected
):
    root = repository({"src/index.ts": "", "src/b.ts": "", "lib/a.ts": ""})
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.ts").write_text("")
    (root / "src/linked").symlink_to("../lib")
    (root / "src/here").symlink_to(".")
    (root / "src/one.ts").symlink_to("b.ts")
    (root / "src/out").symlink_to(outside)
    assert resolve(root, specifier) == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        pytest.param("workspace:@o/b@*", "p/b/q.ts", id="pnpm's workspace protocol"),
        pytest.param("npm:@o/b@^1.0.0", "p/b/q.ts", id="an alias of a registry"),
        pytest.param("workspace:plain@*", "p/c/q.ts", id="a name without scope"),
        pytest.param("npm:@o/gone@1", "<ren>", id="no package of the workspace"),
        pytest.param("npm:@p/b@1", "<ren>", id="another scope"),
        pytest.param("workspace:*", "<ren>", id="a version alone"),
        pytest.param("^1.0.0 || npm:@o/b@1", "<ren>", id="not at the beginning"),
    ],
)
def test_dependencies_under_another_name(repository, version, expected):
    root = repository(
        {
            **package(".", workspaces=["p/*"], dependencies={"ren": version}),
            **package("p/b", name="@o/b", main="q.ts"),
            **package("p/c", name="plain", main="q.ts"),
            "p/b/q.ts": "",
            "p/c/q.ts": "",
        }
    )
    assert resolve(root, "ren") == expected
    assert resolve(root, "b") == "<b>"


def test_a_package_can_import_itself(repository):
    root = repository({**package(".", name="me", exports={"./x": "./src/x.ts"}), "src/x.ts": ""})
    assert resolve(root, "me/x") == "src/x.ts"


@pytest.mark.parametrize(
    ("manifest", "specifier", "expected"),
    [
        pytest.param({"main": "src/m.js"}, "lib", "src/m.ts", id="main, js for ts"),
        pytest.param({"main": "dist/m.js", "module": "src/m.ts"}, "lib", "src/m.ts", id="module"),
        pytest.param({"main": "src"}, "lib", "src/index.ts", id="main is a folder"),
        pytest.param({}, "lib/src/m", "src/m.ts", id="a subpath without exports"),
        pytest.param({"exports": "./src/m.ts"}, "lib", "src/m.ts", id="exports is a string"),
        pytest.param({"exports": {".": "./src/m.ts"}}, "lib", "src/m.ts", id="dot"),
        pytest.param({"exports": {"./m": "./src/m.ts"}}, "lib/m", "src/m.ts", id="subpath"),
        pytest.param({"exports": {"./*": "./src/*.ts"}}, "lib/m", "src/m.ts", id="pattern"),
        pytest.param({"exports": {"./*": "./src/*"}}, "lib/m.ts", "src/m.ts", id="pattern, bare"),
        pytest.param(
            {"exports": {"./x/*.js": "./src/*.ts"}}, "lib/x/m.js", "src/m.ts", id="suffix"
        ),
        pytest.param(
            {"exports": {"./*": "./no/*", "./x/*": "./src/*.ts"}},
            "lib/x/m",
            "src/m.ts",
            id="longest",
        ),
        pytest.param(
            {"exports": {"import": "./src/m.ts", "require": "./no.js"}},
            "lib",
            "src/m.ts",
            id="import",
        ),
        pytest.param(
            {"exports": {"require": "./no.js", "default": "./src/m.ts"}},
            "lib",
            "src/m.ts",
            id="not require",
        ),
        pytest.param(
            {"exports": {"types": "./no.d.ts", "node": "./no.js", "workerd": "./src/m.ts"}},
            "lib",
            "src/m.ts",
            id="neither types nor node",
        ),
        pytest.param(
            {"exports": {"browser": "./src/m.ts", "workerd": "./src/index.ts"}},
            "lib",
            "src/m.ts",
            id="the manifest's order counts",
        ),
        pytest.param(
            {"exports": {".": {"worker": {"require": "./no.js"}, "default": "./src/m.ts"}}},
            "lib",
            "src/m.ts",
            id="a nested condition that leads nowhere is passed",
        ),
        pytest.param(
            {"exports": [{"node": "./no.js"}, "./src/m.ts"]}, "lib", "src/m.ts", id="array"
        ),
        pytest.param({"exports": None, "main": "src/m"}, "lib", "src/m.ts", id="null is nothing"),
    ],
)
def test_where_a_package_is_entered(repository, manifest, specifier, expected):
    root = repository(
        {
            **WORKSPACE,
            **package("packages/lib", name="lib", **manifest),
            "packages/lib/src/m.ts": "",
            "packages/lib/src/index.ts": "",
        }
    )
    assert resolve(root, specifier) == f"packages/lib/{expected}"


@pytest.mark.parametrize(
    ("manifest", "specifier", "reason"),
    [
        pytest.param(
            {"main": "dist/index.js"},
            "lib",
            '"lib" is entered at packages/lib/dist/index.js, which is not in the repository',
            id="built output",
        ),
        pytest.param(
            {"exports": {".": {"types": "./src/m.ts", "import": "./dist/m.js"}}},
            "lib",
            '"lib" is entered at packages/lib/dist/m.js, which is not in the repository',
            id="the types do not stand for the code",
        ),
        pytest.param(
            {"exports": {".": "./src/m.ts"}},
            "lib/x",
            "the package lib does not export ./x",
            id="closed",
        ),
        pytest.param(
            {"exports": {"./*": "./src/*.ts", "./m": None}},
            "lib/m",
            "the package lib does not export ./m",
            id="null excludes",
        ),
        pytest.param(
            {"exports": {"types": "./src/m.ts"}},
            "lib",
            "the package lib does not export .",
            id="types",
        ),
    ],
)
def test_packages_that_cannot_be_entered_say_why(repository, manifest, specifier, reason):
    root = repository(
        {
            **WORKSPACE,
            **package("packages/lib", name="lib", **manifest),
            "packages/lib/src/m.ts": "",
        }
    )
    assert resolve(root, specifier) == f"? {reason}"


@pytest.mark.parametrize(
    ("table", "specifier", "expected"),
    [
        ({"#b": "./src/b.ts"}, "#b", "src/b.ts"),
        ({"#*": "./src/*.ts"}, "#b", "src/b.ts"),
        ({"#b": {"node": "./no.js", "default": "./src/b.ts"}}, "#b", "src/b.ts"),
        ({"#dep": "hono/tiny"}, "#dep", "<hono>"),
        ({"#b": "./src/gone.ts"}, "#b", "? no module at src/gone.ts"),
        ({"#a": "#b", "#b": "#a"}, "#a", '? "#b" leads nowhere'),
        ({}, "#b", '? no package.json above src/index.ts defines "#b"'),
    ],
)
def test_imports_of_a_package_by_hash(repository, table, specifier, expected):
    root = repository({**package(".", imports=table), "src/b.ts": ""})
    assert resolve(root, specifier) == expected


# --- Aliases --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alias", "specifier", "expected"),
    [
        ({"thing": "./src/b.ts"}, "thing", "src/b.ts"),
        ({"thing": "hono"}, "thing", "<hono>"),
        ({"./gone": "./src/b"}, "./gone", "src/b.ts"),
        ({"hono": "./src/gone"}, "hono", "? no module at src/gone"),
        ({"thing": "./src/b.ts"}, "thing/sub", "<thing>"),
        ({"thing": "./src/b.ts"}, "things", "<things>"),
        ({"a": "b", "b": "a"}, "a", "<b>"),
        ({}, "thing", "<thing>"),
    ],
)
def test_aliases_match_exactly_and_once(repository, alias, specifier, expected):
    assert resolve(repository({"src/b.ts": ""}), specifier, alias=alias) == expected


# --- Sources --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("a.py", "a.py is not TypeScript or JavaScript"),
        ("gone.ts", "gone.ts does not exist"),
        ("folder.ts", "folder.ts is not a regular file"),
        ("../out.ts", "../out.ts leads out of the repository's root"),
    ],
)
def test_what_cannot_be_read_says_why(repository, path, reason):
    root = repository({"a.py": "", "folder.ts/x": ""})
    assert modules(root).source(path) == Unknown(reason)


@pytest.mark.parametrize("text", ["", "\ufeff", "@@@ {{{ `", "export default {"])
def test_any_text_is_a_source(repository, text):
    source = modules(repository({"a.ts": text})).source("a.ts")
    assert imports(source) == {}
    assert list(specifiers(source)) == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("export const a = 1;".encode("utf-16"), id="UTF-16 with its mark"),
        pytest.param("export const a = 1;".encode("utf-16-le"), id="UTF-16 without"),
        pytest.param("\ufeffé".encode("utf-16-be"), id="UTF-16 without null bytes"),
        pytest.param("export const a = 1;".encode("utf-32"), id="UTF-32"),
        pytest.param(b"\0asm\x01\x00\x00\x00", id="binary"),
        pytest.param(b"export const a = 1; // \0", id="a null byte"),
    ],
)
def test_a_module_that_is_no_text_is_not_an_empty_one(repository, content):
    root = repository({})
    (root / "a.ts").write_bytes(content)
    read = modules(root)
    assert read.source("a.ts") == Unknown("a.ts is not UTF-8 text")
    assert read.files.failures == {"a.ts": "is not UTF-8 text"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('import x from "x"; // café'.encode("latin-1"), id="a comment in Latin-1"),
        pytest.param(b'import x from "x"; const s = "\xff\xfe";', id="a string"),
        pytest.param('\ufeffimport x from "x";'.encode(), id="UTF-8 with its mark"),
    ],
)
def test_stray_bytes_do_not_cost_the_module(repository, content):
    root = repository({})
    (root / "a.ts").write_bytes(content)
    read = modules(root)
    assert list(imports(read.source("a.ts"))) == ["x"]
    assert read.files.failures == {}


def test_a_module_is_parsed_once(repository):
    read = modules(repository({"a.ts": "1"}))
    assert read.source("a.ts") is read.source("a.ts")
