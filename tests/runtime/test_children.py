"""Children: ordered, answered, and gone when their parent wants it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from codemod.runtime.children import Child

ROOT = Path(__file__).parents[2]
SUPPORT = ROOT / "tests/support"


@pytest.fixture
def given(tmp_path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}",
        "OBLIGING_STARTED": str(tmp_path / "started"),
        "OBLIGING_ANSWER": "an answer\nand more\n",
    }


def test_its_answer_is_its_first_line(given):
    with closing(Child("obliging", b"{}", given)) as child:
        assert child.is_over(30)
        assert child.answer() == b"an answer"


def test_a_module_that_is_not_there_answers_nothing(given, capfd):
    with closing(Child("nowhere_to_be_found", b"x" * 1_000_000, given)) as child:
        assert child.is_over(30)
        assert child.answer() == b""

    assert "nowhere_to_be_found" in capfd.readouterr().err


def test_it_ends_as_any_program_though_its_orders_stay_open(given):
    script = "import sys; from codemod.runtime import children; sys.exit(len(children.orders()))"
    child = subprocess.Popen(
        [sys.executable, "-c", script], env=given, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with child:
        assert child.stdin
        assert child.stderr
        child.stdin.write(b"four\n")
        child.stdin.flush()

        assert (child.wait(30), child.stderr.read()) == (4, b"")


@pytest.mark.slow
def test_one_that_obliges_ends_in_order(given):
    with closing(Child("obliging", b"{}", given | {"OBLIGING_SECONDS": "600"})) as child:
        while not Path(given["OBLIGING_STARTED"]).exists():
            assert not child.is_over(0.05)

    assert child.is_over(0)


@pytest.mark.slow
def test_one_that_is_not_told_in_time_to_go_on_ends(given):
    with closing(Child("obliging", b"{}", given | {"OBLIGING_SECONDS": "600"})) as child:
        while not Path(given["OBLIGING_STARTED"]).exists():
            assert not child.is_over(0.05)
        child.keep_until(time.monotonic() + 0.5)

        assert child.is_over(30)


@pytest.mark.slow
@pytest.mark.parametrize("moments", [[], [-1.0, 600.0], [0.1, 600.0]], ids=["never", "late", "two"])
def test_one_that_is_told_to_go_on_or_nothing_at_all_does(given, moments):
    with closing(Child("obliging", b"{}", given | {"OBLIGING_SECONDS": "1"})) as child:
        # Said before it reads its orders: all of it is there at once.
        for moment in moments:
            child.keep_until(time.monotonic() + moment)

        assert child.is_over(30)
        assert child.answer() == b"an answer"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_parent(given, number):
    script = (
        "import os; from codemod.runtime.children import Child; "
        "child = Child('obliging', b'{}', os.environ); "
        "print(child.pid, flush=True); child.is_over(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        env=given | {"OBLIGING_SECONDS": "600"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        while not Path(given["OBLIGING_STARTED"]).exists():
            assert parent.poll() is None
        parent.send_signal(number)

    for _ in range(200):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        signal.sigtimedwait([], 0.05)
    # Where nobody reaps it, it is dead all the same.
    assert Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
