"""`wfix diagnose` as a user meets it: a message, a log, a stream that goes on, and exit codes."""

import io
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from codemod import cli

ROOT = Path(__file__).parents[2]
MISSING = 'TypeError: The RPC receiver does not implement the method "{}".\n'
CALLBACK = "Callback returned incorrect type; expected 'Promise'"
FILES = {
    "target/wrangler.json": '{"name": "target", "main": "index.js"}',
    "target/index.js": (
        'import { WorkerEntrypoint } from "cloudflare:workers";\n'
        "export default class extends WorkerEntrypoint { add(a, b) { return a + b; } }\n"
    ),
    "caller/wrangler.json": (
        '{"name": "caller", "main": "index.js", "compatibility_date": "2026-01-01",\n'
        '  "services": [{"binding": "API", "service": "target"}]}'
    ),
    "caller/index.js": (
        "export default {\n  async fetch(request, env) {\n"
        "    return Response.json(await env.API.list(1));\n  },\n};\n"
    ),
}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def repository(tmp_path):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.fixture
def diagnose(monkeypatch, capfdbinary):
    """Runs the command in a folder, with something on its standard input."""

    def run(folder: Path, *arguments: str, given: bytes = b"") -> Ran:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["wfix", "diagnose", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfdbinary.readouterr()
        return Ran(int(ended.value.code or 0), out.decode(), err.decode())

    return run


def test_a_message_is_traced_to_its_place(diagnose, repository):
    ran = diagnose(repository, MISSING.format("list"))
    assert ran.code == 0
    assert "evidence: measured" in ran.out
    assert "caller/index.js:3:" in ran.out
    assert "what to do: " in ran.out


def test_the_same_for_programs(diagnose, repository):
    ran = diagnose(repository, MISSING.format("list"), "--format", "json")
    (diagnosis,) = ran.objects
    (place,) = diagnosis["causes"][0]["places"]
    assert (diagnosis["version"], diagnosis["kind"]) == (1, "diagnosis")
    assert diagnosis["message"] == "rpc-method-missing"
    assert diagnosis["parts"] == {"method": "list"}
    assert (place["rule"], place["path"], place["line"], place["fits"]) == (
        "rpc-method-missing",
        "caller/index.js",
        3,
        True,
    )


def test_paths_are_given_as_for_the_other_commands(diagnose, repository):
    ran = diagnose(ROOT, CALLBACK, "examples/atlas")
    assert "examples/atlas/book-telic/wrangler.jsonc:10:5: poisoned-binding" in ran.out
    assert "made by: wfix apply --select poisoned-binding" in ran.out


def test_a_text_of_several_messages_has_each_diagnosed(diagnose, repository):
    ran = diagnose(repository, MISSING.format("list") + CALLBACK, "--format", "json")
    names = [item["message"] for item in ran.objects]
    assert names == ["rpc-method-missing", "callback-returned-incorrect-type"]


def test_an_unknown_message_is_a_usage_error_that_names_the_nearest(diagnose, repository):
    ran = diagnose(repository, "The RPC receiver has no method")
    assert (ran.code, ran.out) == (2, "")
    assert 'The RPC receiver does not implement the method "…".' in ran.err


@pytest.mark.parametrize("text", ["", "   ", "\x1b[31m"])
def test_no_message_is_a_usage_error(diagnose, repository, text):
    assert diagnose(repository, text).code == 2


def test_a_folder_without_a_worker(diagnose, tmp_path):
    assert diagnose(tmp_path, CALLBACK).code == 3


def test_an_input_that_cannot_be_read(diagnose, repository):
    (repository / "target/wrangler.json").write_text("{")
    ran = diagnose(repository, CALLBACK)
    assert ran.code == 7
    assert CALLBACK in ran.out


# --- Standard input -------------------------------------------------------------------------


def test_a_log_is_diagnosed_once_for_each_message_and_counted(diagnose, repository):
    log = MISSING.format("list") + "GET / - Ok\n" + MISSING.format("add") + MISSING.format("list")
    ran = diagnose(repository, "-", "--format", "json", given=log.encode())
    assert ran.code == 0
    told = [(item["kind"], item.get("parts"), item.get("count")) for item in ran.objects]
    assert told == [
        ("diagnosis", {"method": "list"}, None),
        ("diagnosis", {"method": "add"}, None),
        ("count", None, 2),
        ("count", None, 1),
    ]


def test_counts_are_for_people_too(diagnose, repository):
    ran = diagnose(repository, "-", given=MISSING.format("list").encode() * 3)
    assert ran.out.endswith('3 x The RPC receiver does not implement the method "list"\n')


def test_a_log_without_a_known_message_is_no_error(diagnose, repository):
    ran = diagnose(repository, "-", given=b"GET / - Ok\n")
    assert (ran.code, ran.out) == (0, "")
    assert "no message" in ran.err


@pytest.mark.parametrize("given", [b"", b"\xff\xfe\x00" * 100_000, b"x" * 300_000])
def test_input_of_any_kind_ends_well(diagnose, repository, given):
    assert diagnose(repository, "-", given=given).code == 0


def test_a_message_in_broken_text_is_found(diagnose, repository):
    ran = diagnose(
        repository, "-", given=b"\xff\x00\xc3" + MISSING.format("list").encode() + b"\xc3"
    )
    assert '"list"' in ran.out


# --- A process of its own -------------------------------------------------------------------


def start(folder: Path, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "codemod", "diagnose", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def read_until(process: subprocess.Popen, wanted: str) -> str:
    """What the process prints until ``wanted`` is in it, while its input stays open."""
    read = ""
    while wanted not in read:
        ready, _, _ = select.select([process.stdout], [], [], 30)
        assert ready, f"nothing more came after: {read}"
        part = os.read(process.stdout.fileno(), 65536).decode()
        assert part, f"the output ended after: {read}"
        read += part
    return read


@pytest.mark.skipif(os.name == "nt", reason="pipes cannot be waited for on Windows")
def test_a_stream_is_answered_before_it_ends(repository):
    process = start(repository, "-", "--format", "json")
    try:
        for name in ("list", "remove"):
            process.stdin.write(b"GET / - Ok\n" + MISSING.format(name).encode())
            process.stdin.flush()
            assert json.loads(read_until(process, "\n"))["parts"] == {"method": name}
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert [json.loads(line)["count"] for line in out.splitlines()] == [1, 1]


@pytest.mark.skipif(os.name == "nt", reason="a console's interrupt is another thing on Windows")
def test_an_interrupt_ends_a_stream_with_its_counts(repository):
    process = start(repository, "-")
    try:
        process.stdin.write(MISSING.format("list").encode())
        process.stdin.flush()
        read_until(process, "what to do")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert out.decode().endswith('1 x The RPC receiver does not implement the method "list"\n')
    assert b"Traceback" not in err


def test_a_reader_that_has_gone_ends_the_command(repository):
    process = start(repository, "-")
    process.stdout.close()
    process.stdin.write(MISSING.format("list").encode())
    process.stdin.close()
    assert process.wait(timeout=30) == 141
    process.stderr.close()
