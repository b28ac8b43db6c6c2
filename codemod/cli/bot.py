"""The commands of ``wfix bot``."""

from __future__ import annotations

import gc
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from codemod.bot.dry_run import DryRun
from codemod.cli import USUAL_COLLECTIONS
from codemod.cli.output import emit, say
from codemod.errors import UsageError

if TYPE_CHECKING:
    from codemod.bot.reconcile import Report
    from codemod.bot.service.board import Board

app = typer.Typer(
    name="bot",
    help="Opens the repairs as pull requests, and keeps them true.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Queue = Annotated[
    str | None,
    typer.Option(
        help="sqlite:///PATH, redis://… or postgresql://… (default: $WFIX_BOT_QUEUE, else "
        "sqlite:///wfix-bot.db). One with a password belongs into the variable."
    ),
]
Onboarding = Annotated[bool, typer.Option(help="Ask for a wfix.toml first where there is none.")]
Workerd = Annotated[
    Path | None, typer.Option(help="The runtime's program: proves what is proposed.")
]
MaxSize = Annotated[int, typer.Option(help="MiB that a clone may take.")]
MaxFiles = Annotated[int, typer.Option(help="Files and folders that a repository may have.")]

_FAILED = 1
_PATIENCE_SECONDS = 120.0
_MEBIBYTE = 1024 * 1024
_DAY = 24 * 3600


@app.callback()
def _options() -> None:
    pass


@app.command()
def run(
    repository: Annotated[
        str, typer.Argument(help="OWNER/REPO, or a folder whose remote `origin` is there.")
    ],
    dry_run: Annotated[
        DryRun | None,
        typer.Option(
            "--dry-run", help="Change nothing: show what is there, proposed, or would be done."
        ),
    ] = None,
    onboarding: Onboarding = True,
    workerd: Workerd = None,
    timeout: Annotated[float, typer.Option(help="Seconds that git may take for it all.")] = 600.0,
    max_size: MaxSize = 2048,
    max_files: MaxFiles = 200_000,
) -> None:
    """Bring the pull requests of one repository up to date.

    Signs in with WFIX_BOT_TOKEN (or GITHUB_TOKEN), or as the app of WFIX_BOT_APP_ID.
    """
    _require("github")
    from codemod.bot import github, sign_in
    from codemod.bot.forge import ForgeError
    from codemod.bot.github import Patience
    from codemod.bot.reconcile import Operator, reconcile
    from codemod.bot.scratch import BeyondLimits
    from codemod.runtime import workerd as runtimes
    from codemod.runtime.cloning import Limits

    signed_in = sign_in.from_environment(os.environ)
    runtime = runtimes.find(workerd, Path("/"), (), {}) if workerd else None
    limits = Limits(timeout, max_size * _MEBIBYTE, max_files)
    name = _name(repository, signed_in.host)
    operator = Operator(runtime, limits, onboarding=onboarding)
    try:
        forge = github.connect(signed_in, name, Patience(for_limits=_PATIENCE_SECONDS))
        _tell(reconcile(forge, name, operator, dry_run))
    except (ForgeError, BeyondLimits) as error:
        say(f"wfix: {error}")
        raise typer.Exit(_FAILED) from error


@app.command()
def serve(
    queue: Queue = None,
    host: Annotated[str, typer.Option(help="The address to listen to.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen to; 0 takes a free one.")] = 8321,
) -> None:
    """Take webhooks at /webhooks and queue what they ask for; /healthz and /metrics tell how it is.

    Webhooks are checked with WFIX_BOT_WEBHOOK_SECRET, or what WFIX_BOT_WEBHOOK_SECRET_FILE names.
    """
    board = _board(queue)
    from codemod.bot.service import environment, server
    from codemod.bot.sign_in import LOGIN

    secret = environment.webhook_secret(os.environ)
    login = os.environ.get(LOGIN) or None
    server.serve(board, server.Address(host, port, secret, login))


@app.command()
def worker(
    queue: Queue = None,
    workers: Annotated[int, typer.Option(min=1, help="How many jobs to run at once.")] = 2,
    job_timeout: Annotated[
        float, typer.Option(min=1, max=_DAY, help="Seconds that a job may take; git half of them.")
    ] = 900.0,
    lease: Annotated[
        float,
        typer.Option(min=1, max=_DAY, help="Seconds until a worker that is silent loses its job."),
    ] = 60.0,
    per_owner: Annotated[
        int | None,
        typer.Option(help="Pull requests that may be opened within an hour for one owner."),
    ] = None,
    onboarding: Onboarding = True,
    workerd: Workerd = None,
    max_size: MaxSize = 2048,
    max_files: MaxFiles = 200_000,
) -> None:
    """Run the jobs of the queue, each in a process of its own, one a repository at a time.

    Signs in as `wfix bot run` does.
    """
    board = _board(queue, lease)
    from codemod.bot import sign_in
    from codemod.bot.service.child import Rules
    from codemod.bot.service.worker import Labour, work

    sign_in.from_environment(os.environ)
    if workerd:
        from codemod.runtime import workerd as runtimes

        runtimes.find(workerd, Path("/"), (), {})
    program = str(workerd.absolute()) if workerd else None
    rules = Rules(max_size * _MEBIBYTE, max_files, onboarding, per_owner, program)
    work(board, Labour(rules, workers, job_timeout))


@app.command()
def tick(
    repositories: Annotated[
        list[str] | None,
        typer.Argument(help="OWNER/REPO … (default: all that the app is installed in)."),
    ] = None,
    queue: Queue = None,
    interval: Annotated[
        float, typer.Option(min=0, help="Hours after which a repository is looked at again.")
    ] = 24.0,
) -> None:
    """Queue what was not looked at for a while, and what was lost with a worker. For a timer.

    Also removes the folders that killed runs left behind on this machine.
    """
    board = _board(queue)
    import time

    from codemod.bot import github, sign_in
    from codemod.bot.forge import ForgeError
    from codemod.bot.github import Patience
    from codemod.bot.service import tick as ticking
    from codemod.bot.service.queue import described

    failures: list[int] = []
    began = None if repositories else time.time()
    names = [_checked(name) for name in repositories or ()]
    if not names:
        signed_in = sign_in.from_environment(os.environ)
        patience = Patience(for_limits=_PATIENCE_SECONDS)

        def tell(installation: int, error: ForgeError) -> None:
            failures.append(installation)
            say(f"wfix: installation {installation}: {error}")

        try:
            names = list(github.installed(signed_in, tell, patience))
        except ForgeError as error:
            say(f"wfix: {error}")
            raise typer.Exit(_FAILED) from error
    if failures:
        # What was not listed may be there all the same.
        began = None
    try:
        done = ticking.tick(board, names, interval * 3600, listed=began)
    except board.queue.failures as error:
        say(f"wfix: the queue fails, run it again: {described(error)}")
        raise typer.Exit(_FAILED) from error
    say(
        f"queued {done.asked}, forgot {done.forgotten}, revived {done.revived}, "
        f"removed {done.removed} folders"
    )
    if failures:
        raise typer.Exit(_FAILED)


def _board(queue: str | None, lease: float = 60.0) -> Board:
    _require("github", "huey", "prometheus_client", "tornado")
    # Every connection that is cut off leaves a cycle, with what was being read.
    gc.set_threshold(*USUAL_COLLECTIONS)
    import logging

    from codemod.bot.service import queue as queues
    from codemod.bot.service.board import Board

    if queue and queues.has_password(queue):
        raise UsageError(f"a URL with a password belongs into ${queues.VARIABLE}, not here")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    url = queue or os.environ.get(queues.VARIABLE) or queues.DEFAULT
    return Board(queues.opened(url), lease)


def _tell(report: Report) -> None:
    from codemod.bot.carrying import What
    from codemod.report.display import printable

    for done in report.done:
        number = f" (pull request {done.number})" if done.number else ""
        detail = f": {done.detail}" if done.detail else ""
        emit(f"{done.branch}{number}: {done.what}{printable(detail)}\n")
    for note in report.notes:
        say(f"note: {note}")
    say(f"{report.repository}: {report.outcome}")
    if any(done.what is What.FAILED for done in report.done):
        raise typer.Exit(_FAILED)


def _name(repository: str, host: str) -> str:
    from codemod.runtime.git import origin

    folder = Path(repository)
    if not folder.is_dir():
        return _checked(repository)
    url = origin(folder)
    if url is None:
        raise UsageError(f"{repository} has no remote called origin: name OWNER/REPO")
    parsed = urlsplit(url if "://" in url else f"ssh://{url.replace(':', '/', 1)}")
    if (parsed.hostname or "").removeprefix("ssh.") != host:
        raise UsageError(f"the origin of {repository} is not on {host}: name OWNER/REPO")
    path = url.removesuffix("/").removesuffix(".git").replace(":", "/")
    return _checked("/".join(path.split("/")[-2:]))


def _checked(name: str) -> str:
    owner, _, repository = name.partition("/")
    if not owner or not repository or "/" in repository:
        raise UsageError(f'"{name}" is no repository: OWNER/REPO, or a folder, is expected')
    return name


def _require(*modules: str) -> None:
    if not all(find_spec(module) for module in modules):
        raise UsageError("the bot needs more: pip install 'wfix[bot]'")
