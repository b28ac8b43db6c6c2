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


def check(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.endswith("_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "codemod", "check", ATLAS, *arguments],
        cwd=ATLAS.parent,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_file_holds_what_would_be_printed(tmp_path, output_format):
    printed = check("--output-format", output_format)
    written = check("--output-format", output_format, "-o", tmp_path / "report")
    assert (printed.returncode, written.returncode) == (1, 1)
    assert written.stdout == ""
    assert (tmp_path / "report").read_text() == printed.stdout
    assert "atlas/book-telic/wrangler.jsonc" in printed.stdout
    assert "\x1b" not in printed.stdout
    assert printed.stderr == ""


def test_programs_can_read_what_is_for_them():
    assert len(json.loads(check("--output-format", "json").stdout)["findings"]) == 2
    assert len(json.loads(check("--output-format", "sarif").stdout)["runs"]) == 1
    root = ElementTree.fromstring(check("--output-format", "junit").stdout.encode())
    assert root.get("failures") == "2"


def test_a_file_that_cannot_be_written_is_an_error(tmp_path):
    ran = check("-o", tmp_path / "no/such/folder/report")
    assert ran.returncode == 2
    assert "cannot write" in ran.stderr


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
def test_only_text_is_coloured_and_only_where_asked(arguments, environment, coloured):
    assert ("\x1b[" in check(*arguments, TERM="xterm", **environment).stdout) is coloured


def test_statistics_stand_in_for_the_findings(tmp_path):
    ran = check("--statistics")
    assert ran.returncode == 1
    assert ran.stdout.startswith("2  poisoned-binding  2 fixable with `wfix apply`\n")
    counts = json.loads(check("--statistics", "--output-format", "json").stdout)
    assert counts["statistics"][0]["findings"] == 2


@pytest.mark.parametrize("output_format", ["concise", "sarif", "github", "junit", "markdown"])
def test_other_formats_have_no_statistics(output_format):
    ran = check("--statistics", "--output-format", output_format)
    assert ran.returncode == 2
    assert "--statistics is printed as text or json" in ran.stderr


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
