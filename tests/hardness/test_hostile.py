"""Repositories made to hang, to crash or to mislead: each is told of, and the rest is done."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

DEEP = 100_000
LARGE = 200 * 1024 * 1024
LEVELS = 60
FOUND = b"poisoned-binding"
CODE = "export default { fetch() { return new Response() } };\n"
STEERING = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")


def worker(
    root: Path,
    configuration: str | bytes = '{"name": "h", "main": "index.ts"}',
    code: str = CODE,
    name: str = "wrangler.jsonc",
) -> Path:
    folder = root / "h"
    folder.mkdir()
    content = configuration.encode() if isinstance(configuration, str) else configuration
    (folder / name).write_bytes(content)
    (folder / "index.ts").write_text(code)
    return folder


def in_toml(root: Path, text: str) -> None:
    worker(root, f'name = "h"\n{text}\n', name="wrangler.toml")


def in_code(root: Path, expression: str) -> None:
    worker(root, code=f"export default {{ fetch() {{ return {expression} }} }};\n")


def extends_laugh(root: Path) -> None:
    folder = worker(root, code='import x from "@x/y";\nexport default x;\n')
    for level in range(LEVELS):
        below = f'"./t{level + 1}.json"'
        (folder / f"t{level}.json").write_text(f'{{"extends": [{below}, {below}]}}')
    (folder / f"t{LEVELS}.json").write_text("{}")
    (folder / "tsconfig.json").write_text('{"extends": ["./t0.json", "./t0.json"]}')


def extends_cycle(root: Path) -> None:
    folder = worker(root, code='import x from "@x/y";\nexport default x;\n')
    (folder / "tsconfig.json").write_text('{"extends": "./t.json"}')
    (folder / "t.json").write_text('{"extends": "./tsconfig.json"}')


def export_laugh(root: Path) -> None:
    folder = worker(root, code=f'export * from "./a0";\nexport * from "./b0";\n{CODE}')
    for level in range(LEVELS):
        for side in "ab":
            both = f'export * from "./a{level + 1}";\nexport * from "./b{level + 1}";\n'
            (folder / f"{side}{level}.ts").write_text(both)
    for side in "ab":
        (folder / f"{side}{LEVELS}.ts").write_text("export class Room {}\n")


def import_cycle(root: Path) -> None:
    folder = worker(root, code='import a from "./b";\nexport * from "./b";\nexport default a;\n')
    (folder / "b.ts").write_text('import a from "./index";\nexport * from "./index";\n')


def import_circle(root: Path) -> None:
    code = f'export * from "./here/{"here/" * 12}index";\nexport default {{}};\n'
    (worker(root, code=code) / "here").symlink_to(".")


def links(root: Path) -> None:
    folder = worker(root)
    (folder / "up").symlink_to("..")
    (folder / "self.ts").symlink_to("self.ts")
    (folder / "out").symlink_to("/")


def wildcards_in_a_name(root: Path) -> None:
    worker(root)
    (root / ".gitignore").write_text("*a" * 40 + "b\n")
    (root / ("a" * 200)).mkdir()


def wildcards_over_folders(root: Path) -> None:
    worker(root)
    (root / ".gitignore").write_text("**/a/" * 20 + "b\n")
    (root / ("a/" * 60)).mkdir(parents=True)


def wildcards_in_excludes(root: Path) -> None:
    worker(root)
    (root / "wfix.toml").write_text(f'exclude = ["{"*a" * 40}b"]\n')
    (root / ("a" * 200)).mkdir()


def odd_names(root: Path) -> None:
    worker(root)
    for name in (
        "two\nlines",
        "quo\"te'",
        "\x1b[31mred\x1b]0;owned\x07",
        b"\xff\xfe",
        "a\rb",
        "%s{0}",
    ):
        folder = bytes(root) + b"/" + os.fsencode(name)
        os.mkdir(folder)  # noqa: PTH102 - a Path takes no bytes
        with open(folder + b"/wrangler.jsonc", "w") as file:  # noqa: PTH123
            file.write('{"name": "\\u001b[2J", "services": [{"binding": "\\u009b1m"}]}')


def duplicates(root: Path) -> None:
    text = (
        '{"name": "x", "__proto__": {"name": "y"}, "name": "h",\r\n"main": "index.ts",\r"vars": {}}'
    )
    worker(root, text)


def unreadable(root: Path, name: str, make: Callable[[Path], None]) -> None:
    folder = worker(root)
    (folder / name).unlink(missing_ok=True)
    make(folder / name)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGE)


def bound_socket(path: Path) -> None:
    # The name of a socket is short: it is bound from the folder itself.
    script = f"import socket; socket.socket(socket.AF_UNIX).bind({path.name!r})"
    subprocess.run(["python3", "-c", script], cwd=path.parent, check=True)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def folder_instead(path: Path) -> None:
    path.mkdir()


@dataclass(frozen=True)
class Case:
    """What is made, the exit code, and what standard error has to tell."""

    make: Callable[[Path], object]
    code: int = 1
    told: bytes = b""


CASES = {
    "deep JSON arrays": Case(lambda r: worker(r, "[" * DEEP + "]" * DEEP), 7, b"more than 200"),
    "deep JSON objects": Case(lambda r: worker(r, '{"a":' * DEEP), 7, b"more than 200"),
    "deep TOML arrays": Case(lambda r: in_toml(r, "a = " + "[" * 9999 + "]" * 9999), 7, b"toml"),
    "deep TOML keys": Case(lambda r: in_toml(r, "a." * 50_000 + "a = 1"), 7, b"more than 200"),
    "deep TOML headers": Case(lambda r: in_toml(r, f"[{'a.' * 50_000}a]"), 7, b"more than 200"),
    "deep inline keys": Case(lambda r: in_toml(r, f"a = {{ {'a.' * 50_000}a = 1 }}"), 7, b"more"),
    "parentheses": Case(lambda r: in_code(r, "(" * DEEP + "1" + ")" * DEEP)),
    "nested arrays": Case(lambda r: in_code(r, "[" * DEEP + "]" * DEEP)),
    "nested calls": Case(lambda r: in_code(r, "f(" * DEEP + ")" * DEEP)),
    "long member chain": Case(lambda r: in_code(r, "a" + ".b" * DEEP)),
    "half a character": Case(lambda r: in_code(r, "env['\\ud800'].fetch(`//\\ud800/${1}`)")),
    "unclosed": Case(lambda r: in_code(r, "{a:" * DEEP)),
    "extends, exponential": Case(extends_laugh),
    "extends, a cycle": Case(extends_cycle),
    "export *, exponential": Case(export_laugh),
    "imports, a cycle": Case(import_cycle),
    "imports, around by a link": Case(import_circle),
    "links up, to themselves and out": Case(links),
    "wildcards in a name": Case(wildcards_in_a_name),
    "wildcards over folders": Case(wildcards_over_folders),
    "wildcards in excludes": Case(wildcards_in_excludes),
    "duplicate keys, __proto__, mixed line ends": Case(duplicates),
    "names that are no text": Case(odd_names, 7, b"not valid UTF-8"),
    "a line of 20 MB": Case(
        lambda r: worker(r, '{"name": "' + "a" * 20_000_000), 7, b"larger than"
    ),
    "a million values": Case(lambda r: worker(r, "[" + "1," * 10**6 + "1]"), 7, b"larger than"),
    "a configuration that loops": Case(
        lambda r: unreadable(r, "wrangler.jsonc", loop), 7, b"links"
    ),
    "a configuration that is a folder": Case(
        lambda r: unreadable(r, "wrangler.jsonc", folder_instead)
    ),
}
NAMES = ("wrangler.jsonc", "index.ts", "package.json", ".gitignore", "tsconfig.json")
for _name in NAMES:
    CASES |= {
        f"{_name} of 200 MB": Case(
            lambda r, name=_name: unreadable(r, name, sparse),
            1 if _name == "tsconfig.json" else 7,
            b"" if _name == "tsconfig.json" else b"larger than",
        ),
        f"{_name} is a pipe": Case(lambda r, name=_name: unreadable(r, name, os.mkfifo), -1),
        f"{_name} is a socket": Case(lambda r, name=_name: unreadable(r, name, bound_socket), -1),
        f"{_name} is a device": Case(lambda r, name=_name: unreadable(r, name, device), -1),
    }
EVERYDAY = ("extends, exponential", "names that are no text", "wrangler.jsonc is a pipe")
SLOW = tuple(name for name in CASES if name not in EVERYDAY)


@pytest.mark.parametrize(
    "name", [*EVERYDAY, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def test_the_rest_is_done(wfix, root, name):
    case = CASES[name]
    case.make(root)
    ran = wfix(root, "check", "--output-format", "concise")
    assert FOUND in ran.out
    assert not STEERING.search(ran.out + ran.err)
    assert case.told in ran.err
    # A special file is no input everywhere: where it is none, nothing is missing.
    assert ran.code == case.code if case.code >= 0 else ran.code in (1, 7)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(os.mkfifo, id="pipe"),
        pytest.param(bound_socket, id="socket", marks=pytest.mark.slow),
        pytest.param(device, id="device", marks=pytest.mark.slow),
        pytest.param(sparse, id="200 MB", marks=pytest.mark.slow),
    ],
)
def test_settings_that_are_no_file_are_refused_at_once(wfix, root, make):
    make(root / "wfix.toml")
    ran = wfix(root, "check")
    assert ran.code == 2
    assert re.match(rb"wfix: wfix\.toml is (?:not a regular file|larger than 16 MiB)\n", ran.err)


COMMANDS = (
    *(("check", "--output-format", form) for form in
      ("text", "concise", "json", "sarif", "github", "junit", "markdown")),
    *(("map", "--format", form) for form in ("text", "mermaid", "dot", "json")),
    ("plan", "--unsafe-fixes", "--select", "all"),
    ("plan", "--stat"),
    ("diagnose", "Callback returned incorrect type; expected 'Promise'"),
    ("explain", "caller.TARGET"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_lets_the_repository_steer_the_terminal(wfix, root, command):
    odd_names(root)
    ran = wfix(root, *command)
    assert ran.code in (0, 1, 7)
    assert not STEERING.search(ran.out + ran.err)
