"""The address that the forge sends its events to: what is no signed, fresh, small JSON is refused.

What an answer's status says: 202 there is something to do, 204 there is not, 400 no webhook at all,
401 forged, 409 seen before, 415 no JSON, 422 an event without use here, 503 come again.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
from concurrent.futures import Executor
from dataclasses import dataclass, field

from tornado.httputil import HTTPHeaders
from tornado.web import RequestHandler, stream_request_body

from codemod.bot.service import events
from codemod.bot.service.board import Board
from codemod.bot.service.deliveries import Deliveries
from codemod.bot.service.events import Malformed, UnknownEvent, Wanted
from codemod.bot.service.metrics import Metrics

MOST_BYTES = 4 * 1024 * 1024
"""As long as a payload may be: a push of hundreds of commits. The forge itself ends at 25 MiB."""
MOST_AT_ONCE = 16
"""Payloads that are held in memory at the same time."""

_DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
_EVENT = re.compile(r"[a-z_]{1,64}", re.ASCII)
_RETRY_AFTER_SECONDS = 5

log = logging.getLogger("wfix.bot.webhooks")


@dataclass(slots=True)
class Reception:
    """What webhooks are checked against, and where they lead.

    ``pool`` has the threads that wait for the store, ``open`` is how many payloads are being held.
    """

    secret: bytes = field(repr=False)
    board: Board
    deliveries: Deliveries
    metrics: Metrics
    pool: Executor
    login: str | None = None
    open: int = 0


@dataclass(frozen=True, slots=True)
class _Head:
    """The headers of a webhook that may be one."""

    event: str
    signature: bytes


class _Refusal(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@stream_request_body
class PlainHandler(RequestHandler):
    """Answers in words, and reads no body."""

    def data_received(self, chunk: bytes) -> None:
        """Passes over it."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Content-Type", "text/plain; charset=utf-8")

    def write_error(self, status_code: int, **_: object) -> None:
        self.finish(f"{status_code}\n")


class NowhereHandler(PlainHandler):
    """Any other address."""

    def prepare(self) -> None:
        self.send_error(404)


class WebhookHandler(PlainHandler):
    """Takes one webhook. Nothing of it is held until its headers are in order."""

    def initialize(self, reception: Reception) -> None:
        self._reception = reception
        self._payload = bytearray()
        self._has_place = False
        self._head: _Head | None = None

    def prepare(self) -> None:
        if self.request.method != "POST":
            return
        try:
            self._head = _checked(self.request.headers)
            self._take_place()
        except _Refusal as refusal:
            self._answer(refusal.status, str(refusal))

    def data_received(self, chunk: bytes) -> None:
        if self._has_place:
            self._payload += chunk

    async def post(self) -> None:
        """Answers once the job is in the store, or there is none."""
        loop = asyncio.get_running_loop()
        try:
            is_news = await loop.run_in_executor(self._reception.pool, self._received)
        except _Refusal as refusal:
            self._answer(refusal.status, str(refusal))
            return
        self._answer(202 if is_news else 204)

    def on_finish(self) -> None:
        self._leave_place()
        self._reception.metrics.count_webhook(self.get_status())

    def on_connection_close(self) -> None:
        self._leave_place()

    def _received(self) -> bool:
        assert self._head
        payload = bytes(self._payload)
        _require_signature(self._reception.secret, self._head.signature, payload)
        wanted = _wanted(self._head.event, payload, self._reception.login)
        deliveries = self._reception.deliveries
        # The identifier in the headers is not signed: what is sent again may bear any.
        identifier = self._head.signature.decode("ascii")
        if not deliveries.is_new(identifier):
            raise _Refusal(409, "seen before")
        try:
            _carry_out(self._reception.board, wanted)
        except BaseException:
            # What the forge sends once more because of this must not be taken for a replay.
            deliveries.forget(identifier)
            raise
        log.info("%s %s", self._head.event, ", ".join(wanted.runs) or "asks for nothing")
        return bool(wanted.runs or wanted.forgotten)

    def _take_place(self) -> None:
        if self._reception.open >= MOST_AT_ONCE:
            self.set_header("Retry-After", str(_RETRY_AFTER_SECONDS))
            raise _Refusal(503, "too much at once")
        self._reception.open += 1
        self._has_place = True

    def _leave_place(self) -> None:
        if self._has_place:
            self._has_place = False
            self._reception.open -= 1

    def _answer(self, status: int, text: str = "") -> None:
        self.set_status(status)
        if status == 204:
            self.clear_header("Content-Type")
            self.finish()
            return
        self.finish(f"{text or 'taken'}\n")


def _checked(headers: HTTPHeaders) -> _Head:
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise _Refusal(415, "the content type has to be application/json")
    event = headers.get("X-GitHub-Event", "")
    delivery = headers.get("X-GitHub-Delivery", "")
    if not (_EVENT.fullmatch(event) and _DELIVERY.fullmatch(delivery)):
        raise _Refusal(400, "no webhook: X-GitHub-Event and X-GitHub-Delivery are expected")
    signature = headers.get("X-Hub-Signature-256", "")
    if not signature:
        raise _Refusal(401, "not signed: X-Hub-Signature-256 is expected")
    return _Head(event, signature.encode("utf-8", "replace"))


def _require_signature(secret: bytes, signature: bytes, payload: bytes) -> None:
    made = b"sha256=" + hmac.new(secret, payload, hashlib.sha256).hexdigest().encode()
    if not hmac.compare_digest(made, signature):
        raise _Refusal(401, "the signature is wrong")


def _wanted(event: str, payload: bytes, login: str | None) -> Wanted:
    try:
        return events.wanted(event, payload, login)
    except UnknownEvent as error:
        raise _Refusal(422, str(error)) from None
    except Malformed as error:
        raise _Refusal(400, str(error)) from None


def _carry_out(board: Board, wanted: Wanted) -> None:
    # What is said to be gone may be back since then: a run finds out, and what is gone indeed is
    # forgotten once all that there is was listed.
    for name in (*wanted.forgotten, *wanted.runs):
        board.ask(name)
