"""Twice as much of anything takes hardly more than twice the steps: counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from codemod import scan
from codemod.model import Edit, Exports, Span
from codemod.scanner.exporting.linking import Linker
from codemod.scanner.exports import ClassHints, collect
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.scanner.tracking.reach import reachable
from codemod.syntax import flow, scopes, typescript
from codemod.syntax.edits import Compatible, apply_edits

_OURS = str(Path(typescript.__file__).parents[1])
SIZE = 300


def steps(work: Callable[[], object]) -> int:
    """The lines of wfix's own code that ``work`` runs."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Callable[..., Any] | None:
        nonlocal count
        if not frame.f_code.co_filename.startswith(_OURS):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def repairs(number: int) -> Callable[[], object]:
    edits = [Edit("a", Span(2 * at, 2 * at + 1), "x") for at in range(number)]
    content = b"-" * 2 * number

    def work() -> None:
        compatible = Compatible()
        for edit in edits:
            assert compatible.accepts([edit])
            compatible.add(edit)
        apply_edits(content, edits)

    return work


def nested(before: str, after: str) -> Callable[[int], Callable[[], object]]:
    """Code whose statements nest, all of which name something that is declared nowhere."""

    def make(number: int) -> Callable[[], object]:
        code = "function f() {" + before * number + after * number + "}"
        root = typescript.parse("a.ts", code.encode()).root

        def work() -> None:
            read = scopes.Scopes(root)
            for function in read.of_type("function_declaration"):
                flow.ends(function)

        return work

    return make


def exports_of(folder: Path) -> Exports:
    found = collect(Modules(Files(folder)), "index.ts", ClassHints())
    assert isinstance(found, Exports)
    return found


def barrel(folder: Path, number: int) -> Path:
    """One module that passes on all others, each of which exports a name."""
    folder.mkdir()
    stars = (f'export * from "./m{at}";\n' for at in range(number))
    (folder / "index.ts").write_text("".join(stars))
    for at in range(number):
        (folder / f"m{at}.ts").write_text(f"export class C{at} {{}}\n")
    return folder


def chain(folder: Path, number: int) -> Path:
    """Modules that each pass on the next one, and export a name."""
    folder.mkdir()
    (folder / "index.ts").write_text('export * from "./m0";\n')
    for at in range(number):
        text = f'export * from "./m{at + 1}";\nexport class C{at} {{}}\n'
        (folder / f"m{at}.ts").write_text(text)
    (folder / f"m{number}.ts").write_text("export class Last {}\n")
    return folder


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(repairs, id="repairs of one file"),
        pytest.param(nested("if (a) {", "}"), id="nested conditions"),
        pytest.param(nested("if (a) {} else ", ";"), id="a chain of conditions"),
        pytest.param(nested("(() => { a;", "})();"), id="nested functions"),
    ],
)
def test_twice_the_code_takes_twice_the_steps(make):
    assert steps(make(2 * SIZE)) < 2.4 * steps(make(SIZE))


def test_twice_the_modules_of_a_barrel_take_twice_the_steps(tmp_path):
    small, large = (barrel(tmp_path / str(n), n) for n in (40, 80))
    assert len(exports_of(large).named) == 80
    assert steps(lambda: exports_of(large)) < 2.4 * steps(lambda: exports_of(small))


def test_twice_the_imports_that_lead_nowhere_take_twice_the_steps(tmp_path):
    def work(number: int) -> Callable[[], object]:
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "index.ts").write_text("".join(f'import "./m{at}";\n' for at in range(number)))
        return lambda: reachable(Modules(Files(folder)), ["index.ts"])

    assert steps(work(2 * SIZE)) < 2.4 * steps(work(SIZE))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            lambda number: "env.X.fetch(" * number + "request" + ")" * number,
            id="calls within calls",
        ),
        pytest.param(
            lambda number: "// wfix-ignore all: as it is\n" * number + "0", id="comments in a row"
        ),
    ],
)
def test_twice_the_code_of_a_worker_takes_twice_the_steps(tmp_path, code):
    def work(number: int) -> Callable[[], object]:
        folder = tmp_path / str(number)
        folder.mkdir()
        configuration = '{"name": "w", "main": "a.ts", "services": [{"binding": "X"}]}'
        (folder / "wrangler.json").write_text(configuration)
        text = f"export default {{ fetch(request, env) {{ {code(number)} }} }};"
        (folder / "a.ts").write_text(text)
        return lambda: scan(folder)

    assert steps(work(2 * SIZE)) < 2.4 * steps(work(SIZE))


@pytest.mark.parametrize("number", [70, 140])
def test_a_chain_of_re_exports_is_followed_so_far_and_the_rest_is_unknown(tmp_path, number):
    exports = exports_of(chain(tmp_path / "chain", number))
    assert [export.name for export in exports.named] == [f"C{at}" for at in range(64)]
    assert [doubt.reason for doubt in exports.open] == ["passed on over too many modules"]


def test_a_chain_that_ends_in_time_is_followed_to_its_end(tmp_path):
    exports = exports_of(chain(tmp_path / "chain", 63))
    assert exports.named[-1].name == "Last"
    assert exports.open == ()


def test_a_worker_costs_no_more_where_the_chain_goes_on_over_others(tmp_path):
    """Each Worker of a long chain reads the modules next to it, not all that come after."""

    def reads(number: int) -> int:
        modules = Modules(Files(chain(tmp_path / str(number), number)))
        names = Linker(modules).names("index.ts")
        return steps(lambda: Linker(modules).exported_names(names))

    assert reads(400) < 1.2 * reads(200)
