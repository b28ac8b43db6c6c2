"""The targets of fuzzing, on what was found before; and a minute of looking for more."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

_FOLDER = Path(__file__).with_name("fuzzing")
sys.path.insert(0, str(_FOLDER))

import seeds  # noqa: E402
from targets import TARGETS  # noqa: E402

SECONDS = {"configuration": 20, "repository": 25, "plan_files": 5, "messages": 10}

# Inputs at the edges of what the targets read, beside the seeds.
EDGES = {
    "configuration": [
        b"",
        b"j",
        b"t",
        b"j{}",
        b"t\xef\xbb\xbf",
        b'j\xef\xbb\xbf{"a":[\r\n]}',
        b"t[a]\r\n",
    ],
    "repository": [b"", b"--- \xff\n", b'--- wrangler.json\n{"main":"\\u0000"}', b"--- a/../b\nx"],
    "plan_files": [b"", b"null", b"{}", b"[" * 10**5],
    "messages": [b"", b"\xff", b"\xed\xa0\x80", b"{" * 5000, b'"\\ud800' * 99],
}


@pytest.mark.parametrize("name", TARGETS)
def test_targets_take_what_they_start_from_and_the_edges(name):
    for number, seed in enumerate(getattr(seeds, name)()):
        # Every seed is taken by the slow test: here a sample shows that the targets work.
        if number % 20 == 0:
            TARGETS[name](seed)
    for edge in EDGES[name]:
        TARGETS[name](edge)


@pytest.mark.parametrize(
    "path", sorted((_FOLDER / "found").glob("*/*")), ids=lambda path: path.name
)
def test_what_fuzzing_found_is_found_no_more(path):
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_a_minute_of_fuzzing_finds_nothing(name, tmp_path):
    if find_spec("atheris") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("atheris is not installed")
    options = [f"-max_total_time={SECONDS[name]}", "-timeout=60", "-rss_limit_mb=2000", "-seed=1"]
    process = subprocess.run(
        [
            sys.executable,
            _FOLDER / "fuzz.py",
            name,
            tmp_path / "corpus",
            "-max_len=16384",
            *options,
        ],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=600,
    )
    found = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert process.returncode == 0, process.stderr[-3000:].decode(errors="replace")
    assert found == []
