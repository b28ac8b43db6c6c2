"""The address that the forge sends its events to: what is no signed, fresh, small JSON is refused.

What an answer's status says: 202 there is something to do, 204 there is not, 400 no webhook at all,
401 forged, 405 no POST, 409 seen before, 413 too large, 415 no JSON, 422 an event without use here,
503 come again.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler, stream_request_body

from codemod.bot.service import events
from codemod.bot.service.asking import Asker, StoreFailed
from codemod.bot.service.board import Board
from codemod.bot.service.deliveries import Deliveries
from codemod.bot.service.events import Malformed, UnknownEvent, Wanted
from codemod.bot.service.metrics import Metrics
from codemod.bot.service.room import Payload, Room

MOST_BYTES = 4 * 1024 * 1024
"""As long as a payload may be: a push of hundreds of commits. The forge itself ends at 25 MiB."""

_DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
_EVENT = re.compile(r"[a-z_]{1,64}", re.ASCII)
_LENGTH = re.compile(r"[0-9]+", re.ASCII)
_LONGEST_LENGTH = 18
_RETRY_AFTER_SECONDS = 5

log = logging.getLogger("wfix.bot.webhooks")


@dataclass(slots=True)
class Reception:
    """What webhooks are checked against, and where they lead.

    ``asker`` waits for the store, ``room`` is where payloads are held.
    """

    secret: bytes = field(repr=False)
    board: Board
    deliveries: Deliveries
    metrics: Metrics
    asker: Asker
    login: str | None = None
    room: Room = field(default_factory=Room)


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

    ALLOWED = "GET, HEAD"

    def data_received(self, chunk: bytes) -> None:
        """Passes over it."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Content-Type", "text/plain; charset=utf-8")

    def write_error(self, status_code: int, **_: object) -> None:
        if status_code == 503:
            self.set_header("Retry-After", str(_RETRY_AFTER_SECONDS))
        if status_code == 405:
            self.set_header("Allow", self.ALLOWED)
        self.finish(f"{status_code}\n")

    def log_exception(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Notes what went wrong here, and nothing of a request."""
        if isinstance(error, StoreFailed):
            log.warning("%s", error.log_message)
        elif kind and error:
            log.error("a request could not be answered", exc_info=(kind, error, trace))


class NowhereHandler(PlainHandler):
    """Any other address."""

    def prepare(self) -> None:
        self.send_error(404)


class WebhookHandler(PlainHandler):
    """Takes one webhook. Nothing of it is held until its headers are in order."""

    ALLOWED = "POST"

    def initialize(self, reception: Reception) -> None:
        self._reception = reception
        self._head: _Head | None = None
        self._payload = Payload(reception.room)
        self._signed = hmac.new(reception.secret, digestmod=hashlib.sha256)
        self._is_whole = False

    def prepare(self) -> None:
        try:
            self._head = _checked(self.request)
        except _Refusal as refusal:
            self._refuse(refusal)

    def data_received(self, chunk: bytes) -> None:
        """Holds it, where there is room; who is refused is listened to no more."""
        try:
            self._hold(chunk)
        except _Refusal as refusal:
            self._refuse(refusal)

    async def post(self) -> None:
        """Answers once the job is in the store, or there is none."""
        assert self._head
        self._is_whole = True
        try:
            # What is forged takes no thread's time, and waits for none.
            _require_signature(self._signed, self._head.signature)
            is_news = await self._reception.asker.ask(partial(self._received, self._head))
        except _Refusal as refusal:
            self._refuse(refusal)
            return
        finally:
            self._payload.release()
        self._answer(202 if is_news else 204)

    def on_finish(self) -> None:
        if not self._is_whole:
            self._payload.release()
        self._reception.metrics.count_webhook(self.get_status())

    def on_connection_close(self) -> None:
        super().on_connection_close()
        # A thread may be reading what came whole.
        if not self._is_whole:
            self._payload.release()

    def _hold(self, chunk: bytes) -> None:
        if len(self._payload.content) + len(chunk) > MOST_BYTES:
            raise _too_large()
        if not self._payload.add(chunk):
            self.set_header("Retry-After", str(_RETRY_AFTER_SECONDS))
            raise _Refusal(503, "too much at once")
        self._signed.update(chunk)

    def _received(self, head: _Head) -> bool:
        wanted = _wanted(head.event, bytes(self._payload.content), self._reception.login)
        deliveries = self._reception.deliveries
        # The identifier in the headers is not signed: what is sent again may bear any.
        identifier = head.signature.decode("ascii")
        if deliveries.is_known(identifier):
            raise _Refusal(409, "seen before")
        _carry_out(self._reception.board, wanted)
        # Not before: what is sent once more because this failed, or was killed, is no replay. To
        # ask twice for what waits changes nothing.
        if not deliveries.remember(identifier):
            raise _Refusal(409, "seen before")
        log.info("%s %s", head.event, ", ".join(wanted.runs) or "asks for nothing")
        return bool(wanted.runs or wanted.forgotten)

    def _refuse(self, refusal: _Refusal) -> None:
        self._answer(refusal.status, str(refusal))

    def _answer(self, status: int, text: str = "") -> None:
        self.set_status(status)
        if status == 405:
            self.set_header("Allow", self.ALLOWED)
        if status == 204:
            self.clear_header("Content-Type")
            self.finish()
            return
        self.finish(f"{text or 'taken'}\n")


def _checked(request: HTTPServerRequest) -> _Head:
    headers = request.headers
    if request.method != "POST":
        raise _Refusal(405, "webhooks are posted")
    if _is_too_long(headers.get("Content-Length", "")):
        raise _too_large()
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


def _too_large() -> _Refusal:
    return _Refusal(413, f"a payload has {MOST_BYTES} bytes at most")


def _is_too_long(length: str) -> bool:
    # What is no number is for the server to refuse.
    if not _LENGTH.fullmatch(length):
        return False
    return len(length) > _LONGEST_LENGTH or int(length) > MOST_BYTES


def _require_signature(signed: hmac.HMAC, signature: bytes) -> None:
    made = b"sha256=" + signed.hexdigest().encode()
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
