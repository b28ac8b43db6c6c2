"""Webhooks to a running server: what is forged, replayed, too large or malformed is refused."""

import asyncio
import gc
import os
import signal
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import count, pairwise
from pathlib import Path

import pytest
import requests
from service import SECRET, headers, push, running, serving_webhooks, signature
from service import environment as clean

from codemod.bot.service import server
from codemod.bot.service.asking import Asker, StoreFailed
from codemod.bot.service.board import Board
from codemod.bot.service.environment import for_children, webhook_secret
from codemod.bot.service.health import PROOF_SECONDS, Health
from codemod.bot.service.jobs import Ended, Result
from codemod.bot.service.queue import opened
from codemod.bot.service.records import Kind
from codemod.bot.service.room import FREE_BYTES, SHARED_BYTES, Payload, Room
from codemod.bot.service.server import MOST_CONNECTIONS
from codemod.bot.service.webhooks import MOST_BYTES
from codemod.errors import UsageError

BODY = push()
deliveries = (f"delivery-{number}" for number in count())


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('serve') / 'queue.db'}"


@pytest.fixture(scope="module")
def service(place):
    with serving_webhooks(place) as running_service:
        yield running_service


@pytest.fixture
def board(place) -> Board:
    made = Board(opened(place))
    for job in list(made.jobs()):
        made.forget(job.repository)
    for key, value in list(made.queue.records.each(Kind.DELIVERY)):
        made.queue.records.swap(Kind.DELIVERY, key, value, None)
    made.queue.huey.storage.flush_queue()
    return made


def queued(board: Board) -> list[str]:
    return [task.args[0] for task in board.queue.huey.pending()]


def test_a_signed_push_becomes_a_job_and_a_second_one_no_second(service, board):
    for body in (BODY, BODY + b" "):
        answer = service.post(body, **headers(body, next(deliveries)))
        assert (answer.status_code, answer.text) == (202, "taken\n")

    assert queued(board) == ["acme/workers"]


def test_what_asks_for_nothing_is_taken_without_a_job(service, board):
    body = b'{"zen": "x"}'

    assert service.post(body, **headers(body, next(deliveries), "ping")).status_code == 204
    assert queued(board) == []


def test_a_delivery_that_was_seen_is_refused(service, board):
    delivery = next(deliveries)
    assert service.post(BODY, **headers(BODY, delivery)).status_code == 202
    board.forget("acme/workers")
    board.queue.huey.storage.flush_queue()

    for again in (delivery, next(deliveries)):
        assert service.post(BODY, **headers(BODY, again)).status_code == 409
    assert queued(board) == []


def test_an_old_removal_sent_again_ends_no_run(service, board):
    board.ask("acme/workers")
    turn = board.take("acme/workers")
    gone = b'{"action": "removed", "repositories_removed": [{"full_name": "acme/workers"}]}'

    answer = service.post(gone, **headers(gone, next(deliveries), "installation_repositories"))

    assert answer.status_code == 202
    assert board.renew(turn)
    board.end(turn, Ended(Result.DONE))


def test_what_was_refused_may_come_again_mended(service, board):
    delivery = next(deliveries)
    forged = headers(BODY, delivery) | {"X_Hub_Signature_256": signature(BODY, "other")}
    assert service.post(BODY, **forged).status_code == 401

    assert service.post(BODY, **headers(BODY, delivery)).status_code == 202


OTHER = BODY.replace(b"workers", b"w0rkers")


@pytest.mark.parametrize(
    ("change", "body", "status"),
    [
        pytest.param({"X_Hub_Signature_256": None}, BODY, 401, id="not signed"),
        pytest.param({"X_Hub_Signature_256": "sha256="}, BODY, 401, id="signed with nothing"),
        pytest.param({"X_Hub_Signature_256": "sha256=é"}, BODY, 401, id="signed with no hex"),
        pytest.param({}, OTHER, 401, id="another body than the signed one"),
        pytest.param({"X_Hub_Signature_256": signature(BODY, "x")}, BODY, 401, id="forged"),
        pytest.param(
            {"X_Hub_Signature_256": signature(BODY)[7:]}, BODY, 401, id="without its algorithm"
        ),
        pytest.param({"X_Hub_Signature_256": signature(BODY).upper()}, BODY, 401, id="in capitals"),
        pytest.param(
            {"X_Hub_Signature_256": None, "X_Hub_Signature": signature(BODY)},
            BODY,
            401,
            id="the old header",
        ),
        pytest.param({"Content_Type": "text/plain"}, BODY, 415, id="no JSON"),
        pytest.param({"Content_Type": None}, BODY, 415, id="no content type"),
        pytest.param({"Content_Type": "application/x-www-form-urlencoded"}, BODY, 415, id="a form"),
        pytest.param({"X_GitHub_Event": None}, BODY, 400, id="no event"),
        pytest.param({"X_GitHub_Event": "pu sh"}, BODY, 400, id="no event's name"),
        pytest.param({"X_GitHub_Event": "star"}, BODY, 422, id="an event without use"),
        pytest.param({"X_GitHub_Event": "installation"}, BODY, 400, id="another event"),
        pytest.param({"X_GitHub_Delivery": None}, BODY, 400, id="no delivery"),
        pytest.param({"X_GitHub_Delivery": "a" * 65}, BODY, 400, id="too long a delivery"),
        pytest.param({"X_GitHub_Delivery": "a b"}, BODY, 400, id="no delivery's name"),
    ],
)
def test_what_is_no_webhook_is_refused(service, board, change, body, status):
    given = {**headers(BODY, next(deliveries)), **change}
    given = {name: value and value.encode() for name, value in given.items()}

    answer = service.post(body, **given)

    assert answer.status_code == status
    assert queued(board) == []


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"{}", b"\xff", b"[" * 10_000])
def test_what_is_signed_and_malformed_is_refused(service, board, body):
    answer = service.post(body, **headers(body, next(deliveries)))

    assert answer.status_code == 400
    assert queued(board) == []


@pytest.mark.parametrize("verb", ["get", "put", "delete", "patch", "options"])
def test_only_posts_are_taken(service, board, verb):
    given = {name.replace("_", "-"): value for name, value in headers(BODY, "x").items()}
    answer = requests.request(verb, f"{service.url}/webhooks", data=BODY, headers=given, timeout=9)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert queued(board) == []


@pytest.mark.parametrize("address", ["healthz", "metrics"])
def test_the_head_of_what_can_be_asked_for_can_be_asked_for_alone(service, address):
    answer = requests.head(f"{service.url}/{address}", timeout=9)

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("address", ["healthz", "metrics"])
@pytest.mark.parametrize("verb", ["post", "delete"])
def test_what_tells_takes_nothing(service, address, verb):
    answer = requests.request(verb, f"{service.url}/{address}", data=BODY, timeout=9)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_no_other_address_is_there(service):
    answer = requests.post(f"{service.url}/", data=BODY, timeout=9)

    assert answer.status_code == 404
    assert "Server" not in answer.headers


# --- Sizes and times ---------------------------------------------------------------------------


def raw(service, head: str, *parts: bytes) -> bytes:
    """What a server answers that is sent bytes, up to its hanging up."""
    port = int(service.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        try:
            connection.sendall(f"POST /webhooks HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
            for part in parts:
                connection.sendall(part)
        except OSError:
            # It has hung up: what it said before may be there to read.
            pass
        said = b""
        try:
            while chunk := connection.recv(65536):
                said += chunk
        except OSError:
            pass
        return said


def until(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def head(delivery: str) -> str:
    given = headers(BODY, delivery)
    return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())


@pytest.mark.parametrize(
    ("length", "status"),
    [
        pytest.param(MOST_BYTES + 1, 413, id="a byte too long"),
        pytest.param(10**15, 413, id="a petabyte"),
        pytest.param(10**17, 413, id="as many digits as are read"),
        pytest.param("-1", 400, id="less than nothing"),
        pytest.param("x", 400, id="no number"),
        pytest.param("1, 2", 400, id="two lengths"),
        pytest.param("\u0661", 400, id="digits of another script"),
    ],
)
def test_a_length_that_is_too_large_or_none_is_refused_unread(service, board, length, status):
    said = raw(service, f"{head(next(deliveries))}Content-Length: {length}\r\n")

    assert said.startswith(f"HTTP/1.1 {status} ".encode())
    assert said.count(b"HTTP/1.1") == 1
    assert queued(board) == []


def test_a_body_without_a_length_is_cut_off_where_it_gets_too_large(service, board):
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    chunks = MOST_BYTES // 65536

    said = raw(
        service,
        f"{head(next(deliveries))}Transfer-Encoding: chunked\r\n",
        chunk * chunks + b"1\r\nx\r\n",
    )

    assert said.startswith(b"HTTP/1.1 413 ")
    assert queued(board) == []


def test_a_body_may_be_as_long_as_is_said(service, board):
    body = BODY + b" " * (MOST_BYTES - len(BODY))

    assert service.post(body, **headers(body, next(deliveries))).status_code == 202


def test_a_body_in_chunks_is_as_good_as_any(service, board):
    given = {name.replace("_", "-"): value for name, value in headers(BODY, "chunks").items()}
    answer = requests.post(
        f"{service.url}/webhooks",
        data=iter([BODY[:10], BODY[10:]]),
        headers=given,
        timeout=9,
    )

    assert answer.status_code == 202
    assert queued(board) == ["acme/workers"]


def test_headers_without_an_end_are_cut_off(service):
    assert raw(service, "X: " + "x" * 100_000).startswith((b"HTTP/1.1 4", b""))


LENGTH = f"Content-Length: {MOST_BYTES}\r\n"
BEGUN = b"POST /webhooks HTTP/1.1\r\nHost: x\r\n"


def begun(body: bytes = b"") -> bytes:
    """The first bytes of a long webhook."""
    return BEGUN + f"{head(next(deliveries))}{LENGTH}\r\n".encode() + body


@contextmanager
def connected(service, times: int, sent: bytes):
    """Connections over which something was sent, and more may come."""
    port = int(service.url.rpartition(":")[2])
    with ExitStack() as stack:
        connections = []
        for _ in range(times):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            connection.sendall(sent)
            connections.append(connection)
        yield connections


def is_hung_up_on(connection: socket.socket) -> bool:
    """Whether the server has ended it, without waiting for that."""
    connection.setblocking(False)
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


@pytest.mark.parametrize("sent", [BEGUN, begun(BODY[:5])], ids=["head", "body"])
def test_who_is_slow_takes_nobodys_place(service, board, sent):
    with connected(service, 100, sent) as connections:
        for number in range(3):
            for connection in connections:
                # Where this takes long, they are hung up on.
                with suppress(OSError):
                    connection.sendall(b"x")
            body = BODY + b" " * number
            assert service.post(body, **headers(body, next(deliveries))).status_code == 202

    assert queued(board) == ["acme/workers"]


@pytest.mark.slow
def test_who_came_first_goes_where_too_many_came(service, board):
    with (
        connected(service, 1, BEGUN) as (first,),
        connected(service, MOST_CONNECTIONS, BEGUN) as (
            *_,
            last,
        ),
    ):
        answer = service.post(BODY, **headers(BODY, next(deliveries)))

        assert answer.status_code == 202
        assert is_hung_up_on(first)
        assert not is_hung_up_on(last)


@pytest.mark.slow
def test_what_is_long_has_only_so_much_room_and_what_is_short_always_some(service, board):
    each = 3 * 1024 * 1024
    too_many = SHARED_BYTES // (each - FREE_BYTES) + 5

    def is_one_refused() -> bool:
        with connected(service, too_many, begun(b"x" * each)) as connections:
            for connection in connections:
                connection.settimeout(0.1)
                try:
                    said = connection.recv(1000)
                except OSError:
                    continue
                if said.startswith(b"HTTP/1.1 503 "):
                    assert b"Retry-After: 5\r\n" in said
                    answer = service.post(BODY, **headers(BODY, next(deliveries)))
                    assert answer.status_code in {202, 409}
                    return True
        return False

    # Where the machine is slow, some are hung up on before there are too many.
    until(is_one_refused)


def test_room_is_counted_once_and_given_back_once():
    room = Room(left=10)
    first, second = Payload(room), Payload(room)

    assert first.add(b"x" * FREE_BYTES)
    assert first.add(b"x" * 4)
    assert second.add(b"x" * (FREE_BYTES + 6))
    assert (room.left, room.open) == (0, 2)
    assert not first.add(b"x")
    assert Payload(room).add(b"x" * FREE_BYTES)
    for _ in range(2):
        first.release()
    assert (room.left, room.open, len(first.content)) == (4, 2, 0)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [BEGUN, begun(b"{")], ids=["head", "body"])
def test_who_is_slow_is_hung_up_on(service, sent):
    with connected(service, 1, sent) as (connection,):
        started = time.monotonic()
        try:
            while connection.recv(1000):
                pass
        except OSError:
            pass

    assert time.monotonic() - started > 1


# --- What is left of it ------------------------------------------------------------------------

FORGED = headers(BODY, "forged") | {"X_Hub_Signature_256": signature(BODY, "other")}


def hang_up(service, sent: bytes) -> None:
    with connected(service, 1, sent):
        pass


@pytest.fixture
def counted(place):
    """A service that says how many objects it holds, and after how many more it collects."""
    with serving_webhooks(place, "counting") as service:

        def told() -> list[tuple[int, int]]:
            found = [line.split() for line in service.program.said]
            return [(int(words[1]), int(words[3])) for words in found if words[0] == "objects:"]

        def count_objects() -> tuple[int, int]:
            known = len(told())
            service.program.process.send_signal(signal.SIGUSR1)
            until(lambda: len(told()) > known)
            return told()[-1]

        yield service, count_objects


@pytest.mark.slow
def test_nothing_is_left_of_what_was_refused(counted):
    service, count_objects = counted
    ways = [
        lambda: service.post(BODY, **FORGED),
        lambda: service.post(BODY, **FORGED | {"Content_Type": "text/plain"}),
        lambda: raw(service, f"{head('x')}Content-Length: {10**12}\r\n"),
        lambda: raw(service, f"{head('x')}Content-Length: x\r\n"),
        lambda: hang_up(service, BEGUN),
        lambda: hang_up(service, begun(BODY[:5])),
    ]
    times = 100
    counts = []
    for _ in range(5):
        for way in ways:
            for _ in range(times):
                way()
        counts.append(count_objects()[0])

    # Objects are counted and not bytes, which allocators keep or do not. If one single way left
    # one single object, there were ``times`` more after every stretch; what hangs up last, and
    # timers that are called off, make one stretch end with more and the next one with less.
    assert min(later - earlier for earlier, later in pairwise(counts)) < times // 2, counts
    # What is cut off leaves cycles: a run of the command line lets many more of them pile up.
    assert count_objects()[1] == gc.get_threshold()[0]


def memory(pid: int) -> int:
    """Bytes that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise AssertionError


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux")
@pytest.mark.parametrize("is_whole", [True, False], ids=["forged", "cut off"])
def test_large_payloads_are_let_go_of_at_once(service, board, is_whole):
    times = 200
    body = b"x" * (MOST_BYTES if is_whole else MOST_BYTES - 1)
    long = BODY + b" " * (MOST_BYTES - len(BODY))
    before = memory(service.program.process.pid)
    for _ in range(times):
        # Where the server is slow to notice who went, some find no room.
        with suppress(OSError), connected(service, 1, begun(body)) as (connection,):
            if is_whole:
                assert connection.recv(1000).startswith(b"HTTP/1.1 401 ")

    # An eighth of what was sent: all room there is, and some. What an allocator keeps is less, a
    # few payloads; whatever holds payloads until something else happens holds all of them.
    until(lambda: memory(service.program.process.pid) - before < times * MOST_BYTES // 8)
    assert queued(board) == []
    until(lambda: service.post(long, **headers(long, next(deliveries))).status_code != 503)


# --- Health, metrics, ending, secrets ----------------------------------------------------------


def test_health_and_metrics(service, board):
    before = service.metrics()
    service.post(BODY, **headers(BODY, next(deliveries)))
    service.post(BODY, **headers(BODY, next(deliveries)) | {"Content_Type": "text/plain"})

    after = service.metrics()

    assert requests.get(f"{service.url}/healthz", timeout=9).text == "ok\n"
    assert after['wfix_bot_jobs{phase="queued"}'] == 1
    assert after["wfix_bot_messages"] == 1
    assert after['wfix_bot_runs_total{result="failed"}'] == 0
    for status in ("202", "415"):
        name = f'wfix_bot_webhooks_total{{status="{status}"}}'
        assert after[name] == before.get(name, 0) + 1


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param("drop table wfix_records", id="the table is gone"),
        pytest.param(
            "create trigger full before insert on wfix_records "
            "begin select raise(fail, 'the disk is full'); end",
            id="it can be read, and not written",
        ),
    ],
)
def test_a_store_that_does_not_work_is_no_health_and_takes_no_webhook(tmp_path, happens):
    path = tmp_path / "queue.db"
    with serving_webhooks(f"sqlite:///{path}") as service:
        with closing(sqlite3.connect(path)) as store:
            store.execute(happens)
            store.commit()

        health = requests.get(f"{service.url}/healthz?stranger", timeout=9)
        answer = service.post(BODY, **headers(BODY, "a"))

    assert health.status_code == 503
    assert (answer.status_code, answer.text) == (503, "503\n")
    assert answer.headers["Retry-After"] == "5"
    said = "".join(service.program.said)
    assert said.count("the store fails: ") == 2
    # Where the store is away, a line a request says so, which nobody else has written.
    assert not any(word in said for word in (SECRET, "stranger", "Traceback"))


def test_a_webhook_that_the_store_failed_at_may_come_again(tmp_path):
    place = f"sqlite:///{tmp_path / 'queue.db'}"
    refuse = (
        "create trigger full before insert on wfix_records when new.kind = '{}' "
        "begin select raise(fail, 'the disk is full'); end"
    )
    with (
        serving_webhooks(place) as service,
        closing(sqlite3.connect(tmp_path / "queue.db")) as store,
    ):
        for kind, asked in [("job", []), ("delivery", ["acme/workers"])]:
            store.execute(refuse.format(kind))
            store.commit()
            assert service.post(BODY, **headers(BODY, "a")).status_code == 503
            assert [job.repository for job in Board(opened(place)).jobs()] == asked
            store.execute("drop trigger full")
            store.commit()

        assert service.post(BODY, **headers(BODY, "a")).status_code == 202
        assert service.post(BODY, **headers(BODY, "b")).status_code == 409
    assert queued(Board(opened(place))) == ["acme/workers"]


class Away(Exception):
    pass


def raising(error: Exception):
    def question() -> None:
        raise error

    return question


@pytest.mark.parametrize(
    ("question", "expected", "status"),
    [
        pytest.param(raising(Away("hidden")), StoreFailed, 503, id="it fails"),
        pytest.param(raising(KeyError("x")), KeyError, None, id="it is another fault"),
        pytest.param(raising(TimeoutError()), StoreFailed, 503, id="it gives up itself"),
    ],
)
def test_only_what_the_store_raises_is_its_failure(question, expected, status):
    with ThreadPoolExecutor(1) as pool, pytest.raises(expected) as caught:
        asyncio.run(Asker(pool, Away).ask(question))

    assert getattr(caught.value, "status_code", None) == status
    assert "hidden" not in str(caught.value)


def test_a_silent_store_is_not_waited_for():
    answered = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        silent = Asker(pool, Away, seconds=0.05)
        with pytest.raises(StoreFailed, match="silent"):
            asyncio.run(silent.ask(lambda: answered.wait(30)))
        dropped = []
        with pytest.raises(StoreFailed, match="silent"):
            asyncio.run(silent.ask(lambda: dropped.append("asked")))
        answered.set()
        assert asyncio.run(Asker(pool, Away).ask(lambda: "there")) == "there"

    assert dropped == []


def test_health_is_proved_by_one_record_and_not_more_often_than_it_can_change(board, clock):
    swaps = []

    class Counted:
        def read(self, kind, key):
            return board.queue.records.read(kind, key)

        def swap(self, *change):
            swaps.append(change)
            return board.queue.records.swap(*change)

    async def prove(health: Health) -> None:
        for _ in range(3):
            clock.now += PROOF_SECONDS
            await asyncio.gather(*(health.prove() for _ in range(50)))

    with ThreadPoolExecutor(4) as pool:
        asyncio.run(prove(Health(Counted(), Asker(pool, Away), clock)))

    assert len(swaps) == 3
    assert all(before != after for _, _, before, after in swaps)
    assert len(list(board.queue.records.each(Kind.HEALTH))) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order(tmp_path, number):
    with serving_webhooks(f"sqlite:///{tmp_path / 'queue.db'}") as service:
        service.program.process.send_signal(number)

        assert service.program.wait() == 0


def test_what_a_stranger_writes_is_in_no_log(service):
    for length in ("1, 2", "\u2028x", "\u009b31m"):
        raw(service, f"X-Stranger: x\r\nContent-Length: {length}\r\n")
    raw(service, "Transfer-Encoding: stranger\r\n")
    assert service.post(BODY, **headers(BODY, next(deliveries))).status_code in {202, 409}
    until(lambda: "push acme/workers" in "".join(service.program.said))

    said = "".join(service.program.said)
    assert "Malformed" not in said
    assert not any(text in said for text in ("stranger", "\u2028", "\u009b", "Content-Length"))


def test_the_secret_is_in_no_argument_and_no_log(service):
    service.post(BODY, **headers(BODY, next(deliveries)))
    line = Path(f"/proc/{service.program.process.pid}/cmdline")
    arguments = line.read_bytes().decode() if line.exists() else ""

    assert SECRET not in arguments + "".join(service.program.said)


def test_a_port_that_is_taken(service, tmp_path):
    port = service.url.rpartition(":")[2]
    queue = f"sqlite:///{tmp_path / 'queue.db'}"
    given = clean(WFIX_BOT_WEBHOOK_SECRET=SECRET)
    with running("serve", "--port", port, "--queue", queue, **given) as program:
        assert program.wait() == 2

    assert f"cannot listen to 127.0.0.1, port {port}" in "".join(program.said)


@pytest.mark.parametrize("port", ["65536", "99999", "-1"])
def test_a_port_that_is_none(board, port):
    with pytest.raises(UsageError, match=f"there is no port {port}"):
        server.serve(board, server.Address("127.0.0.1", int(port), b"x"))


def test_a_password_is_not_taken_from_an_argument(tmp_path):
    given = clean(WFIX_BOT_WEBHOOK_SECRET=SECRET)
    with running("serve", "--queue", "redis://:hidden@127.0.0.1/0", **given) as program:
        assert program.wait() == 2

    assert "WFIX_BOT_QUEUE" in "".join(program.said)
    assert "hidden" not in "".join(program.said)


def test_where_the_secret_comes_from(tmp_path):
    file = tmp_path / "secret"
    file.write_text("abc\n")

    assert webhook_secret({"WFIX_BOT_WEBHOOK_SECRET": "x"}) == b"x"
    assert webhook_secret({"WFIX_BOT_WEBHOOK_SECRET_FILE": str(file)}) == b"abc"


@pytest.mark.parametrize("content", ["", " \n", None])
def test_an_empty_secret_is_none(tmp_path, content):
    file = tmp_path / "secret"
    if content is not None:
        file.write_text(content)

    with pytest.raises(UsageError):
        webhook_secret({"WFIX_BOT_WEBHOOK_SECRET_FILE": str(file)})
    with pytest.raises(UsageError):
        webhook_secret({})
    with pytest.raises(UsageError, match=r"^WFIX_BOT_WEBHOOK_SECRET is empty"):
        webhook_secret({"WFIX_BOT_WEBHOOK_SECRET": " "})
    with pytest.raises(UsageError):
        webhook_secret({"WFIX_BOT_WEBHOOK_SECRET": "x", "WFIX_BOT_WEBHOOK_SECRET_FILE": str(file)})


def test_what_runs_jobs_knows_neither_the_secret_nor_the_queue():
    given = {
        **os.environ,
        "WFIX_BOT_WEBHOOK_SECRET": "a",
        "WFIX_BOT_WEBHOOK_SECRET_FILE": "b",
        "WFIX_BOT_QUEUE": "redis://:c@host",
        "WFIX_BOT_TOKEN": "d",
    }

    assert {*given} - {*for_children(given)} == {
        "WFIX_BOT_WEBHOOK_SECRET",
        "WFIX_BOT_WEBHOOK_SECRET_FILE",
        "WFIX_BOT_QUEUE",
    }
