"""A line on a terminal while work lasts, and nothing anywhere else."""

import io
import sys
from threading import Event

import pytest

from codemod.report import progress


class Stream(io.StringIO):
    """Remembers what is written; ``told`` is set once something is."""

    def __init__(self, interactive: bool) -> None:
        super().__init__()
        self._interactive = interactive
        self.told = Event()

    def isatty(self) -> bool:
        return self._interactive

    def write(self, text: str) -> int:
        written = super().write(text)
        self.told.set()
        return written


@pytest.fixture
def stderr(monkeypatch):
    def stderr(interactive: bool) -> Stream:
        stream = Stream(interactive)
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        return stream

    return stderr


def impatient(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_SHORTEST_WAIT", 0.0)


def test_long_work_is_told_and_the_line_is_gone_after_it(monkeypatch, stderr):
    impatient(monkeypatch)
    stream = stderr(interactive=True)
    with progress.shown("reading"):
        assert stream.told.wait(10)
    written = stream.getvalue()
    assert "reading … " in written
    assert written.endswith("\r\x1b[2K")
    assert "\n" not in written


def test_short_work_is_not_told(monkeypatch, stderr):
    monkeypatch.setattr(progress, "PATIENCE", 1000.0)
    monkeypatch.setattr(progress, "_SHORTEST_WAIT", 1000.0)
    stream = stderr(interactive=True)
    with progress.shown("reading"):
        pass
    assert stream.getvalue() == ""


def test_nothing_is_written_to_a_pipe(monkeypatch, stderr):
    impatient(monkeypatch)
    stream = stderr(interactive=False)
    with progress.shown("reading"):
        assert not stream.told.wait(0.05)


def test_the_line_is_gone_where_the_work_fails(monkeypatch, stderr):
    impatient(monkeypatch)
    stream = stderr(interactive=True)

    @progress.shown("reading")
    def fail():
        assert stream.told.wait(10)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert stream.getvalue().endswith("\r\x1b[2K")


def test_a_terminal_that_goes_away_stops_nothing(monkeypatch, stderr):
    impatient(monkeypatch)
    stream = stderr(interactive=True)
    with progress.shown("reading"):
        assert stream.told.wait(10)
        stream.close()
