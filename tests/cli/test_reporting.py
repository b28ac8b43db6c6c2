"""`wfix check` in its formats: where they go, and what goes with them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ATLAS = Path(__file__).parents[2] / "examples/atlas"
FORMATS = ["text", "concise", "json", "sarif", "github", "junit", "markdown"]


@pytest.fixture
def check(wfix, monkeypatch):
    """Runs ``wfix check`` on the example, with the variables of the environment that are given."""
    monkeypatch.chdir(ATLAS.parent)
    for name in [name for name in os.environ if name.endswith("_COLOR")]:
        monkeypatch.delenv(name)

    def run(*arguments: str | Path, **environment: str):
        with monkeypatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            return wfix("check", ATLAS, *arguments)

    return run


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_file_holds_what_would_be_printed(check, tmp_path, output_format):
    printed = check("--output-format", output_format)
    written = check("--output-format", output_format, "-o", tmp_path / "report")
    assert (printed.code, written.code) == (1, 1)
    assert written.out == ""
    assert (tmp_path / "report").read_text() == printed.out
    assert "atlas/book-telic/wrangler.jsonc" in printed.out
    assert "\x1b" not in printed.out
    assert printed.err == ""


def test_programs_can_read_what_is_for_them(check):
    assert len(json.loads(check("--output-format", "json").out)["findings"]) == 2
    assert len(json.loads(check("--output-format", "sarif").out)["runs"]) == 1
    root = ElementTree.fromstring(check("--output-format", "junit").out.encode())
    assert root.get("failures") == "2"


def test_a_file_that_cannot_be_written_is_an_error(check, tmp_path):
    ran = check("-o", tmp_path / "no/such/folder/report")
    assert ran.code == 2
    assert "cannot write" in ran.err


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--output-format", "concise"], {"FORCE_COLOR": "1"}, False),
        (["--statistics"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_only_text_is_coloured_and_only_where_asked(check, arguments, environment, coloured):
    assert ("\x1b[" in check(*arguments, TERM="xterm", **environment).out) is coloured


def test_statistics_stand_in_for_the_findings(check):
    ran = check("--statistics")
    assert ran.code == 1
    assert ran.out.startswith("2  poisoned-binding  2 fixable with `wfix apply`\n")
    counts = json.loads(check("--statistics", "--output-format", "json").out)
    assert counts["statistics"][0]["findings"] == 2


@pytest.mark.parametrize("output_format", ["concise", "sarif", "github", "junit", "markdown"])
def test_other_formats_have_no_statistics(check, output_format):
    ran = check("--statistics", "--output-format", output_format)
    assert ran.code == 2
    assert "--statistics is printed as text or json" in ran.err


def test_rich_is_not_imported_for_a_pipe():
    """It takes a good part of the time that the program needs to start."""
    program = (
        "import sys; from codemod import cli\n"
        f"sys.argv = ['wfix', 'check', {str(ATLAS)!r}]\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('rich')], file=sys.stderr)"
    )
    environment = {key: value for key, value in os.environ.items() if not key.endswith("_COLOR")}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stderr.splitlines()[-1] == "[]"
