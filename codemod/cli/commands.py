"""The commands of ``wfix``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from codemod.cli import bot, cache, completion, print_version
from codemod.cli.modes import OutputFormat, Verify
from codemod.cli.output import emit, say, write_file
from codemod.errors import UsageError

app = typer.Typer(
    name="wfix",
    help="Finds and fixes what breaks when one Cloudflare Worker calls another.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(bot.app)
app.add_typer(cache.app)

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Folders to read (default: this one). What lies outside is not seen."),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        help="Run only these rules (comma-separated, or `all`).", autocompletion=completion.rules
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(help="Leave these rules out.", autocompletion=completion.rules),
]
Env = Annotated[
    list[str] | None,
    typer.Option(help='Only this environment; "" is the top level. May be repeated.'),
]
StrategyName = Annotated[
    str | None,
    typer.Option(
        "--strategy",
        help="Repair every target this way, not as planned.",
        autocompletion=completion.strategies,
    ),
]
Defensive = Annotated[
    bool,
    typer.Option("--defensive", help='Give every plain HTTP binding "entrypoint": "default".'),
]
Fresh = Annotated[
    bool,
    typer.Option("--fresh", help="Nothing is deployed yet: a split need not move stored data."),
]
Stubs = Annotated[
    bool,
    typer.Option("--stubs", help="Give a converted Worker an RPC method for each fetched route."),
]
Since = Annotated[
    str | None,
    typer.Option(help="Only Workers that differ from this git revision, and those bound to them."),
]
Staged = Annotated[
    bool,
    typer.Option(
        "--staged",
        help="Only Workers with staged changes, and those bound to them, as the index has them.",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Read everything anew, and keep nothing for next time.")
]
Unsafe = Annotated[bool, typer.Option("--unsafe-fixes", help="Include fixes that carry a risk.")]
VerifyMode = Annotated[
    Verify,
    typer.Option(
        "--verify", help="Leave out fixes whose proof on workerd fails (auto: if there is one)."
    ),
]


class ProofFormat(StrEnum):
    """Each is written by the module of ``codemod.report.proof`` with its name."""

    TEXT = "text"
    JSON = "json"


class DiagnosisFormat(StrEnum):
    """Each is written by the module of ``codemod.report.diagnosis`` with its name."""

    TEXT = "text"
    JSON = "json"


class Addable(StrEnum):
    """Each is made by the module of ``codemod.generator`` with its name."""

    DIAGNOSE = "diagnose"
    HEALTH = "health"
    FALLBACK = "fallback"
    FACADE = "facade"


class MapFormat(StrEnum):
    """Each is drawn by the module of ``codemod.report.binding_map`` with its name."""

    TEXT = "text"
    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"
    HTML = "html"
    JSON = "json"


def _print_version(wanted: bool) -> None:
    if wanted:
        print_version()
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def plan(
    paths: Paths = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the plan to this file as JSON.")
    ] = None,
    stat: Annotated[bool, typer.Option("--stat", help="Print counts instead of the diff.")] = False,
    strategy: StrategyName = None,
    unsafe_fixes: Unsafe = False,
    defensive: Defensive = False,
    fresh: Fresh = False,
    stubs: Stubs = False,
    select: Select = None,
    ignore: Ignore = None,
    env: Env = None,
    since: Since = None,
    staged: Staged = False,
    no_cache: NoCache = False,
    verify: VerifyMode = Verify.AUTO,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where changes are pending.")
    ] = False,
) -> None:
    """Show the repair as a diff. Nothing is written but the plan file."""
    from codemod.cli import planning
    from codemod.cli.session import Request

    planning.plan(
        Request(
            paths=paths or (),
            select=select or (),
            ignore=ignore or (),
            environments=env or (),
            strategy=strategy,
            unsafe_fixes=unsafe_fixes,
            defensive=defensive,
            fresh=fresh,
            stubs=stubs,
            since=since,
            staged=staged,
            no_cache=no_cache,
        ),
        planning.Wanted(output, stat, verify, exit_code),
    )


@app.command()
def apply(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Folders to read, or one plan file of `wfix plan`.")
    ] = None,
    strategy: StrategyName = None,
    unsafe_fixes: Unsafe = False,
    defensive: Defensive = False,
    fresh: Fresh = False,
    stubs: Stubs = False,
    select: Select = None,
    ignore: Ignore = None,
    env: Env = None,
    no_cache: NoCache = False,
    verify: VerifyMode = Verify.AUTO,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Ask for each fix.")
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Write though changes are not committed.")
    ] = False,
    allow_no_vcs: Annotated[
        bool, typer.Option("--allow-no-vcs", help="Write though there is no git work tree.")
    ] = False,
    allow_new_files: Annotated[
        bool, typer.Option("--allow-new-files", help="Let the plan create files.")
    ] = False,
) -> None:
    """Make the edits: all of them, or none where something fails."""
    from codemod.cli import applying, plan_files
    from codemod.cli.session import Request
    from codemod.writer.guards import Permissions

    request = Request(
        paths=paths or (),
        select=select or (),
        ignore=ignore or (),
        environments=env or (),
        strategy=strategy,
        unsafe_fixes=unsafe_fixes,
        defensive=defensive,
        fresh=fresh,
        stubs=stubs,
        no_cache=no_cache,
    )
    permissions = Permissions(allow_dirty, allow_no_vcs, allow_new_files)
    plan_file = plan_files.plan_file_among(request)
    if plan_file:
        applying.apply_plan_file(plan_file, permissions, verify, no_cache=no_cache)
    else:
        applying.apply_paths(request, permissions, verify, interactive=interactive)


@app.command("verify")
def prove(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Folders to read, or one plan file of `wfix plan`.")
    ] = None,
    output_format: Annotated[
        ProofFormat, typer.Option("--format", help="How the proof is printed.")
    ] = ProofFormat.TEXT,
    workerd: Annotated[
        Path | None, typer.Option(help="The runtime's program, where it is not found by itself.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(help="Seconds that the runtime may take for everything.")
    ] = 60.0,
    strategy: StrategyName = None,
    unsafe_fixes: Unsafe = False,
    defensive: Defensive = False,
    fresh: Fresh = False,
    stubs: Stubs = False,
    select: Select = None,
    ignore: Ignore = None,
    env: Env = None,
    no_cache: NoCache = False,
) -> None:
    """Make the calls between the Workers on workerd, before the plan and after it.

    None of their code is run: twins of the same shape make and take the calls.
    """
    from codemod.cli import proving
    from codemod.cli.session import Request, finish

    request = Request(
        paths=paths or (),
        select=select or (),
        ignore=ignore or (),
        environments=env or (),
        strategy=strategy,
        unsafe_fixes=unsafe_fixes,
        defensive=defensive,
        fresh=fresh,
        stubs=stubs,
        no_cache=no_cache,
    )
    session, made = proving.to_prove(request)
    proof = proving.prove(made, session.settings, workerd, timeout)
    renderer = import_module(f"codemod.report.proof.{output_format}")
    emit(renderer.render(proof, session.display))
    finish(made.project, 1 if proof.fails else 0)


@app.command()
def check(
    paths: Paths = None,
    output_format: Annotated[
        OutputFormat, typer.Option("--output-format", help="How findings are printed.")
    ] = OutputFormat.TEXT,
    output_file: Annotated[
        Path | None, typer.Option("--output-file", "-o", help="Write to this file instead.")
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count findings by rule instead (text or json).")
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 though there are findings.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="A file of findings that are known and fail nothing.")
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write all findings to the file of --baseline.")
    ] = False,
    add_ignores: Annotated[
        bool, typer.Option("--add-ignores", help="Write a wfix-ignore comment above each finding.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="The reason that the comments of --add-ignores give.")
    ] = None,
    since: Since = None,
    staged: Staged = False,
    select: Select = None,
    ignore: Ignore = None,
    env: Env = None,
    no_cache: NoCache = False,
) -> None:
    """List the findings, for people and CI."""
    from codemod.cli import checking
    from codemod.cli.session import Request

    checking.check(
        Request(
            paths=paths or (),
            select=select or (),
            ignore=ignore or (),
            environments=env or (),
            since=since,
            staged=staged,
            no_cache=no_cache,
        ),
        checking.Wanted(
            output_format=output_format,
            output_file=output_file,
            statistics=statistics,
            exit_zero=exit_zero,
            baseline=baseline,
            write_baseline=write_baseline,
            add_ignores=add_ignores,
            reason=reason,
        ),
    )


@app.command("map")
def show_map(
    paths: Paths = None,
    output_format: Annotated[
        MapFormat, typer.Option("--format", help="How the map is drawn.")
    ] = MapFormat.TEXT,
    env: Env = None,
    no_cache: NoCache = False,
) -> None:
    """Show who binds to whom, and which bindings need fixing."""
    from codemod.cli.session import Request, finish, planned, start
    from codemod.planner.verdicts import verdicts
    from codemod.report.binding_map import graph

    renderer = import_module(f"codemod.report.binding_map.{output_format}")
    session = start(Request(paths or (), environments=env or (), no_cache=no_cache))
    made = planned(session)
    drawn = graph.build(made, verdicts(made.project), session.settings, session.display)
    emit(renderer.render(drawn))
    finish(made.project)


@app.command()
def explain(
    subject: Annotated[str, typer.Argument(help="A rule, or WORKER.BINDING (deployed name).")],
    paths: Paths = None,
    no_cache: NoCache = False,
) -> None:
    """Print a rule's page, or the chain of facts behind a binding, and its verdict."""
    from codemod.report.rule_pages import page
    from codemod.rules import all_rules, unknown_name

    rule = next((rule for rule in all_rules() if rule.name == subject), None)
    if rule is not None:
        emit(page(rule))
        return
    if "." not in subject:
        raise UsageError(f"{unknown_name(subject)} (a binding is named WORKER.BINDING)")
    _explain_binding(subject, paths or (), no_cache=no_cache)


def _explain_binding(subject: str, paths: Sequence[Path], *, no_cache: bool) -> None:
    from codemod.cli.session import Request, finish, planned, start
    from codemod.planner.verdicts import named
    from codemod.report import explanation

    session = start(Request(paths, no_cache=no_cache))
    made = planned(session)
    for item in named(subject, made.project):
        emit(explanation.render(made, item, session.display))
    finish(made.project)


@app.command()
def diagnose(
    text: Annotated[
        str,
        typer.Argument(
            help="An error message; `-` reads a log as it comes (Ctrl-C ends it with counts)."
        ),
    ],
    paths: Paths = None,
    output_format: Annotated[
        DiagnosisFormat, typer.Option("--format", help="How the diagnosis is printed.")
    ] = DiagnosisFormat.TEXT,
    no_cache: NoCache = False,
) -> None:
    """Say what an error message comes from, and which places here produce it."""
    from codemod.cli import diagnosing
    from codemod.cli.session import Request, finish, report_gaps, start
    from codemod.diagnosis.places import Survey

    renderer = import_module(f"codemod.report.diagnosis.{output_format}")
    if text != diagnosing.STANDARD_INPUT:
        diagnosing.require_known(text)
    session = start(Request(paths or (), no_cache=no_cache))
    project = session.scan()
    report_gaps(session, project)
    survey = Survey(project, session.settings)
    if text == diagnosing.STANDARD_INPUT:
        diagnosing.diagnose_stream(survey, renderer, session.display)
    else:
        diagnosing.diagnose_text(text, survey, renderer, session.display)
    finish(project)


@app.command()
def add(
    kind: Annotated[Addable, typer.Argument(help="What is added.")],
    worker: Annotated[
        str, typer.Option(help="The Worker that gets it: its name, or its configuration file.")
    ],
    paths: Paths = None,
    wire: Annotated[
        bool, typer.Option("--wire", help="Put it to use: a route, or callers bound to a facade.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print it as a diff and write nothing.")
    ] = False,
    env: Env = None,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Write though changes are not committed.")
    ] = False,
    allow_no_vcs: Annotated[
        bool, typer.Option("--allow-no-vcs", help="Write though there is no git work tree.")
    ] = False,
) -> None:
    """Write a diagnosis, a health check or a fallback for a Worker's bindings, or a facade.

    The new files are wired to nothing without --wire, and no file is overwritten.
    """
    from codemod.cli import adding
    from codemod.cli.session import Request
    from codemod.writer.guards import Permissions

    make = import_module(f"codemod.generator.{kind}").make
    adding.add(
        Request(paths=paths or (), environments=env or ()),
        adding.Wanted(make, worker, wire, dry_run),
        Permissions(allow_dirty, allow_no_vcs, new_files=True),
    )


@app.command()
def rules() -> None:
    """List the rules with their evidence and how safe their fixes are."""
    from codemod.report.rule_pages import line
    from codemod.rules import all_rules

    for rule in all_rules():
        emit(line(rule))


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="The folder that gets a wfix.toml.")] = Path(),
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of wfix.toml instead.")
    ] = False,
) -> None:
    """Write a commented wfix.toml from what is found."""
    from codemod.cli.session import Request, finish, report_gaps, start
    from codemod.report import starter
    from codemod.settings import FILE_NAME, json_schema

    if schema:
        emit(json_schema())
        return
    if not path.is_dir():
        raise UsageError(f"{path} is no folder")
    session = start(Request([path]))
    project = session.scan()
    report_gaps(session, project)
    if os.path.lexists(path / FILE_NAME):
        raise UsageError(f"{path / FILE_NAME} exists already")
    write_file(path / FILE_NAME, starter.render(project))
    say(f"wrote {path / FILE_NAME}")
    finish(project)


@app.command()
def rollback(
    path: Annotated[Path, typer.Argument(help="The folder that was applied to.")] = Path(),
) -> None:
    """Undo the last apply, while its files are still as it left them."""
    from codemod.cli.session import Request, start
    from codemod.writer import transaction

    if not path.is_dir():
        raise UsageError(f"{path} is no folder")
    start(Request([path]))
    for restored in transaction.rollback(path).restored:
        say(f"put back: {restored}")


@app.command()
def lsp(
    _stdio: Annotated[
        bool, typer.Option("--stdio", help="What is done anyway: some editors say it.")
    ] = False,
) -> None:
    """Serve an editor over standard input and output (Language Server Protocol)."""
    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        raise UsageError(
            "the language server needs a library of the extra `lsp`, which is not installed: "
            "pip install 'wfix[lsp]'"
        )
    from codemod.lsp import server

    raise typer.Exit(server.run())
