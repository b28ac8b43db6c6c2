"""The commands of ``wfix bot``."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codemod.bot.dry_run import DryRun
from codemod.cli.output import emit, say
from codemod.errors import UsageError

if TYPE_CHECKING:
    from codemod.bot.reconcile import Report

app = typer.Typer(
    name="bot",
    help="Opens the repairs as pull requests, and keeps them true.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_FAILED = 1
_PATIENCE_SECONDS = 120.0


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
    onboarding: Annotated[
        bool,
        typer.Option(help="Ask for a wfix.toml first where there is none."),
    ] = True,
    workerd: Annotated[
        Path | None, typer.Option(help="The runtime's program: proves what is proposed.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds that git may take for it all.")] = 600.0,
    max_size: Annotated[int, typer.Option(help="MiB that a clone may take.")] = 2048,
) -> None:
    """Bring the pull requests of one repository up to date.

    Signs in with WFIX_BOT_TOKEN (or GITHUB_TOKEN), or as the app of WFIX_BOT_APP_ID.
    """
    _require_extra()
    from codemod.bot import github, sign_in
    from codemod.bot.forge import ForgeError
    from codemod.bot.github import Patience
    from codemod.bot.reconcile import Operator, reconcile
    from codemod.bot.scratch import BeyondLimits
    from codemod.runtime import workerd as runtimes
    from codemod.runtime.cloning import Limits

    signed_in = sign_in.from_environment(os.environ)
    runtime = runtimes.find(workerd, Path("/"), (), {}) if workerd else None
    limits = Limits(timeout, max_size * 1024 * 1024)
    name = _name(repository)
    operator = Operator(runtime, limits, onboarding=onboarding)
    try:
        forge = github.connect(signed_in, name, Patience(for_limits=_PATIENCE_SECONDS))
        _tell(reconcile(forge, name, operator, dry_run))
    except (ForgeError, BeyondLimits) as error:
        say(f"wfix: {error}")
        raise typer.Exit(_FAILED) from error


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


def _name(repository: str) -> str:
    from codemod.runtime.git import origin

    folder = Path(repository)
    if not folder.is_dir():
        return _checked(repository)
    url = origin(folder)
    if url is None:
        raise UsageError(f"{repository} has no remote called origin: name OWNER/REPO")
    path = url.removesuffix("/").removesuffix(".git").replace(":", "/")
    return _checked("/".join(path.split("/")[-2:]))


def _checked(name: str) -> str:
    owner, _, repository = name.partition("/")
    if not owner or not repository or "/" in repository:
        raise UsageError(f'"{name}" is no repository: OWNER/REPO, or a folder, is expected')
    return name


def _require_extra() -> None:
    if find_spec("github") is None:
        raise UsageError("the bot needs PyGithub: pip install 'wfix[bot]'")
