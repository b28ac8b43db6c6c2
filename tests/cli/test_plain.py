"""Commands with nothing but paths do what they do where typer reads the command line."""

import pytest

from codemod.cli import plain


@pytest.mark.parametrize("command", ["check", "plan"])
@pytest.mark.parametrize("path", [[], ["."], ["caller"], ["caller", "target"], ["nowhere"], [""]])
def test_typer_would_have_done_the_same(wfix, faulty, command, path):
    # After "--" stand paths alone, which typer has to be asked about.
    assert wfix(command, *path) == wfix(command, "--", *path)


@pytest.mark.parametrize(
    "arguments",
    [["check", "--", "."], ["check", "-h"], ["plan", ".", "--stat"], ["map"], ["--version"], []],
)
def test_whatever_else_there_is_to_read_is_left_to_typer(arguments):
    assert plain.run(arguments) is False
