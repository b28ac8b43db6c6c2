"""The program that takes webhooks and says how it is.

Tornado limits seconds for headers and for bodies, and bytes of headers; what goes beyond is cut
off unread. How long a body may be, and how much of them all is held, is for ``webhooks`` to say.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from codemod.bot.service.asking import Asker
from codemod.bot.service.board import Board
from codemod.bot.service.deliveries import Deliveries
from codemod.bot.service.health import Health
from codemod.bot.service.metrics import Metrics
from codemod.bot.service.webhooks import NowhereHandler, PlainHandler, Reception, WebhookHandler
from codemod.errors import UsageError

MOST_CONNECTIONS = 512
"""Half of what a process may have open where nobody says otherwise: the store needs some too."""

_HEADER_BYTES = 16 * 1024
_HEADER_SECONDS = 2.0
_BODY_SECONDS = 3.0
_LAST_SECONDS = 10.0
_POLL_SECONDS = 0.05
_STORE_THREADS = 4
_LAST_PORT = 65535
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

log = logging.getLogger("wfix.bot.server")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and what it checks signatures with."""

    host: str
    port: int
    secret: bytes = field(repr=False)
    login: str | None = None


def serve(board: Board, address: Address) -> None:
    """Serves until SIGTERM or SIGINT; what is being answered then is answered yet.

    Raises ``UsageError`` where the address cannot be listened to.
    """
    # What is malformed is repeated there as strangers wrote it.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    asyncio.run(_serve(board, address))


async def _serve(board: Board, address: Address) -> None:
    with ThreadPoolExecutor(_STORE_THREADS) as pool:
        metrics = Metrics(board)
        deliveries = Deliveries(board.queue.records)
        asker = Asker(pool, board.queue.failures)
        reception = Reception(address.secret, board, deliveries, metrics, asker, address.login)
        server = _listening(_application(reception), address)
        await _until_ended()
        server.stop()
        await _answered(reception)
        await server.close_all_connections()
    log.info("ended")


def _application(reception: Reception) -> Application:
    records, asker = reception.board.queue.records, reception.asker
    return Application(
        [
            (r"/webhooks", WebhookHandler, {"reception": reception}),
            (r"/healthz", _Healthy, {"health": Health(records, asker)}),
            (r"/metrics", _Shown, {"text": reception.metrics.text, "asker": asker}),
        ],
        default_handler_class=NowhereHandler,
        log_function=_log,
    )


class _Door(HTTPServer):
    """Lets in whoever comes: where they get too many, who came first has had its time."""

    def initialize(self, *arguments: Any, **options: Any) -> None:
        super().initialize(*arguments, **options)
        self._inside: list[IOStream] = []

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        self._inside = [known for known in self._inside if not known.closed()]
        if len(self._inside) >= MOST_CONNECTIONS:
            self._inside.pop(0).close()
        self._inside.append(stream)
        super().handle_stream(stream, address)


def _listening(application: Application, address: Address) -> HTTPServer:
    server = _Door(
        application,
        no_keep_alive=True,
        max_header_size=_HEADER_BYTES,
        max_body_size=sys.maxsize,
        idle_connection_timeout=_HEADER_SECONDS,
        body_timeout=_BODY_SECONDS,
    )
    if not 0 <= address.port <= _LAST_PORT:
        # The system would take another one: what is left of it in 16 bits.
        raise UsageError(f"there is no port {address.port}")
    try:
        sockets = bind_sockets(address.port, address.host)
    except OSError as error:
        reason = f"cannot listen to {address.host}, port {address.port}: {error.strerror}"
        raise UsageError(reason) from error
    server.add_sockets(sockets)
    for item in sockets:
        host, port = item.getsockname()[:2]
        log.info("listening to %s, port %d", host, port)
    return server


async def _until_ended() -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()


async def _answered(reception: Reception) -> None:
    """Waits for the webhooks that are being taken, but not for ever."""
    deadline = asyncio.get_running_loop().time() + _LAST_SECONDS
    while reception.room.open and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(_POLL_SECONDS)


class _Healthy(PlainHandler):
    def initialize(self, health: Health) -> None:
        self._health = health

    async def get(self) -> None:
        # Where the store does not answer, this fails, and so does the check.
        await self._health.prove()
        self.finish("ok\n")

    # Some who watch over services ask for no more than the status.
    head = get


class _Shown(PlainHandler):
    def initialize(self, text: Callable[[], bytes], asker: Asker) -> None:
        self._text = text
        self._asker = asker

    async def get(self) -> None:
        text = await self._asker.ask(self._text)
        self.set_header("Content-Type", _METRICS_TYPE)
        self.finish(text)

    head = get


def _log(handler: RequestHandler) -> None:
    """Notes a request by its status: nothing that a stranger wrote gets into the log."""
    status = handler.get_status()
    level = logging.WARNING if status >= 500 else logging.DEBUG
    log.log(level, "%s: %d", type(handler).__name__.strip("_").lower(), status)
