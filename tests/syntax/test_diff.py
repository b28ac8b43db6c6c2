import subprocess

import pytest

from codemod.syntax.diff import stat, unified

CHANGES = [
    pytest.param("f.txt", b"a\nb\nc\n", b"a\nB\nc\n", id="one line"),
    pytest.param("f.txt", b"a\nb", b"a\nB", id="no final newline on either side"),
    pytest.param("f.txt", b"a\nb", b"a\nb\n", id="final newline added"),
    pytest.param("f.txt", b"a\nb\n", b"a\nb", id="final newline removed"),
    pytest.param("f.txt", b"a\r\nb\r\n", b"a\r\nB\r\n", id="CRLF"),
    pytest.param("f.txt", b"a\rb\rc", b"a\rB\rc", id="lone CR is no line end"),
    pytest.param("f.txt", b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n", id="byte order mark"),
    pytest.param(
        "f.txt", "a\u2028b\x0cc\n".encode(), "a\u2028B\x0cc\n".encode(), id="other breaks"
    ),
    pytest.param("f.txt", b"", b"a\n", id="was empty"),
    pytest.param("f.txt", b"a\n", b"", id="becomes empty"),
    pytest.param("f.txt", None, b"a\nb\n", id="new file"),
    pytest.param("deep/new/f.txt", None, b"a", id="new file in new folders"),
    pytest.param("f.txt", b"a\nb\n", None, id="removed file"),
    pytest.param("with space.txt", b"a\n", b"b\n", id="space in the name"),
    pytest.param('quo"te\\.txt', b"a\n", b"b\n", id="quote and backslash in the name"),
    pytest.param("tab\there.txt", b"a\n", b"b\n", id="tab in the name"),
    pytest.param("new\nline.txt", b"a\n", b"b\n", id="newline in the name"),
    pytest.param("umläut.txt", b"a\n", b"b\n", id="non-ASCII name"),
    pytest.param("f.txt", b"-- a\n++ b\n", b"-- c\n++ d\n", id="lines that look like headers"),
]


@pytest.mark.parametrize(("path", "before", "after"), CHANGES)
def test_git_applies_the_diff_to_exactly_the_after_image(tmp_path, path, before, after):
    file = tmp_path / path
    if before is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(before)
    patch = tmp_path / "the.patch"
    patch.write_bytes(unified(path, before, after).encode("utf-8", "surrogateescape"))

    for mode in (["--check"], []):
        subprocess.run(["git", "apply", *mode, patch], cwd=tmp_path, check=True)

    assert (file.read_bytes() if file.exists() else None) == after


def test_equal_sides_have_no_diff():
    assert unified("f", b"a\n", b"a\n") == ""


def test_bytes_that_are_no_utf8_are_refused_rather_than_altered():
    with pytest.raises(UnicodeDecodeError):
        unified("f", b"\xff\n", b"\xfe\n")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (b"a\nb\n", b"a\nc\nd\n", (2, 1)),
        (b"-- x\n", b"++ y\n", (1, 1)),
        (None, b"a\nb\n", (2, 0)),
        (b"a\n", b"a\n", (0, 0)),
    ],
)
def test_stat_counts_lines_and_not_headers(before, after, expected):
    assert stat("f", before, after) == expected
