"""``wfix cache``: what is kept of repositories for the next run."""

from __future__ import annotations

import typer

from codemod.cli.output import say

app = typer.Typer(
    name="cache",
    help="What was read of repositories, kept for the next run.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _options() -> None:
    pass


@app.command()
def clean() -> None:
    """Remove all of it."""
    from codemod.cli.session import cache_folder
    from codemod.scanner.cache.store import Store

    folder = cache_folder()
    removed = Store(folder).clean()
    say(f"removed {removed} of what was kept in {folder}")
