"""Maps made by hand, the example's map, and the programs that read what is drawn."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from codemod import planner
from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DeploymentRef,
    Export,
    ExportForm,
    ExportKind,
    Exports,
    FunctionForm,
    Handler,
    Language,
    Location,
    Plan,
    Project,
    Returns,
    Span,
    Unknown,
    Unreadable,
    Usage,
    UsageKind,
    Usages,
    Worker,
)
from codemod.planner.verdicts import verdicts
from codemod.report.binding_map.graph import Graph, build
from codemod.report.display import Display
from codemod.rules import poisoned_binding
from codemod.scanner import scan
from codemod.settings import Settings

ATLAS = Path(__file__).parents[3] / "examples/atlas"

HOSTILE = (
    "end",
    'a"b',
    "it's",
    "<script>alert(1)</script>",
    "</script><!--",
    "two\nlines",
    "tab\tnul\0",
    "日本語ワーカー",
    "e\u0301 combined",
    "right\u202eleft",
    "half \udc80",
    "x]y[z(){}",
    "#35;&lt;&amp;",
    "1. list",
    "- item",
    "`code` **bold**",
    "subgraph",
    "%% comment %%{init: {}}%%",
    "a;b|c",
    "\\N\\G\\",
    "$title ${title}",
    "https://example.invalid/",
    "a" * 300,
)
"""Names that mean something to one of the formats."""


@dataclass(frozen=True)
class Hand:
    """Makes Workers that are called by their deployed names; each has a folder of its own."""

    def at(self, path: str, line: int = 1) -> Location:
        return Location(path, line, 5, Span(line, line + 1))

    def path(self, name: str) -> str:
        return f"{name}/wrangler.jsonc"

    def export(self, name: str, kind: ExportKind) -> Export:
        """An export that has a ``fetch``."""
        place = self.at("src/index.ts")
        fetch = Handler("fetch", FunctionForm.METHOD, True, (), Returns.ALWAYS, place)
        return Export(name, kind, ExportForm.OTHER, "", place, handlers=(fetch,))

    def exports(self, **named: ExportKind) -> Exports:
        """A default object beside these."""
        default = self.export("default", ExportKind.OBJECT)
        return Exports(default, tuple(self.export(name, kind) for name, kind in named.items()))

    def service(self, name: str, to: str, **others) -> Binding:
        """A service binding to the Worker called ``to``, unless told otherwise."""
        others = {"service": to, "target": DeploymentRef(self.path(to), None)} | others
        return Binding(BindingKind.SERVICE, name, location=self.at("?"), **others)

    def absent(self, name: str, service: str) -> Binding:
        reason = f'no Worker that was read is deployed under the name "{service}"'
        return self.service(name, service, target=Unknown(reason))

    def worker(
        self,
        name: str,
        *bindings: Binding,
        exports: Exports | Unknown | None = None,
        path: str | None = None,
        **environments: tuple[Binding, ...],
    ) -> Worker:
        """All its service bindings are fetched; an environment is called ``<name>-<it>``."""
        path = path or self.path(name)
        every = {None: bindings, **environments}
        deployments = tuple(
            Deployment(
                environment,
                f"{name}-{environment}" if environment else name,
                self.at(path),
                tuple(
                    replace(binding, location=self.at(path, 10 * number + position))
                    for position, binding in enumerate(own, 2)
                ),
            )
            for number, (environment, own) in enumerate(every.items())
        )
        uses = tuple(
            Usage(binding.name, UsageKind.FETCH, self.at(f"{name}/src/index.ts", 7))
            for own in every.values()
            for binding in own
        )
        return Worker(
            path,
            name,
            Language.JAVASCRIPT,
            "src/index.ts",
            exports or self.exports(),
            Usages(uses),
            deployments,
        )

    def graph(
        self, *workers: Worker, environments: tuple[str, ...] | None = None, unreadable=()
    ) -> Graph:
        project = Project(Path("/somewhere/shop"), workers, unreadable=unreadable)
        plan = Plan(project, tuple(poisoned_binding.check(project)), ())
        settings = Settings(environments=environments)
        return build(plan, verdicts(plan.project), settings, Display())


@pytest.fixture(scope="session")
def hand() -> Hand:
    return Hand()


@pytest.fixture(scope="session")
def atlas() -> Graph:
    project = scan(ATLAS, (ATLAS,), ())
    plan = planner.plan(project)
    return build(plan, verdicts(plan.project), Settings(), Display())


@pytest.fixture(scope="session")
def varied(hand) -> Graph:
    """Every verdict, every kind of binding and every kind of box."""
    room = hand.exports(Room=ExportKind.DURABLE_OBJECT, Admin=ExportKind.WORKER_ENTRYPOINT)
    elsewhere = DeploymentRef(hand.path("auth"), None)
    return hand.graph(
        hand.worker(
            "shop",
            hand.service("AUTH", "auth"),
            hand.service("AUTH_FIXED", "auth", entrypoint="default"),
            hand.service("ADMIN", "auth", entrypoint="Admin"),
            hand.service("MISSING", "auth", entrypoint="Missing"),
            hand.service("SELF", "shop"),
            hand.absent("LEGACY", "legacy"),
            hand.service("TWIN", "twin", target=Unknown('two Workers are called "twin"')),
            Binding(
                BindingKind.DURABLE_OBJECT,
                "ROOM",
                "auth",
                elsewhere,
                hand.at("?"),
                class_name="Room",
            ),
            Binding(BindingKind.TAIL_CONSUMER, "auth", "auth", elsewhere, hand.at("?")),
        ),
        hand.worker("auth", hand.service("SHOP", "shop"), exports=room),
        hand.worker("twin", path="a/wrangler.jsonc"),
        hand.worker("twin", path="b/wrangler.jsonc"),
        hand.worker(
            "built", exports=Unknown("its main dist/index.js is absent: a build writes it")
        ),
        unreadable=(Unreadable("broken/wrangler.jsonc", "line 2, column 1: expected a value"),),
    )


def hostile_workers(hand: Hand, text: str) -> tuple[Worker, Worker]:
    """``text`` in every place that foreign text can come from."""
    return (
        hand.worker(
            text,
            hand.service(text, text),
            hand.service(f"{text} too", f"{text} other", entrypoint=text),
            hand.service("ABSENT", f"{text} absent", target=Unknown(f"no {text}")),
            exports=hand.exports(**{text: ExportKind.DURABLE_OBJECT}),
            **{text: (hand.service("IN_ENVIRONMENT", f"{text} other"),)},
        ),
        hand.worker(f"{text} other", exports=Unknown(text)),
    )


@pytest.fixture(scope="session", params=HOSTILE)
def hostile(request, hand) -> Graph:
    """The map with one hostile text."""
    text = request.param
    return hand.graph(*hostile_workers(hand, text), unreadable=(Unreadable(text, text),))


@pytest.fixture(scope="session")
def hostile_texts(hand) -> Graph:
    """The map with all of them."""
    workers = [worker for text in HOSTILE for worker in hostile_workers(hand, text)]
    return hand.graph(*workers, unreadable=tuple(Unreadable(text, text) for text in HOSTILE))


@pytest.fixture(scope="session")
def crowd(hand) -> Graph:
    """200 Workers: chains, a hub that half of them call, rings, and some that are alone."""
    workers = []
    for number in range(200):
        bindings = [hand.service("NEXT", f"worker-{(number + 7) % 200}")] if number % 4 else []
        if number % 2:
            bindings.append(hand.service("HUB", "worker-0", entrypoint="default"))
        if number % 9 == 0:
            bindings.append(hand.service("SELF", f"worker-{number}"))
        workers.append(hand.worker(f"worker-{number}", *bindings))
    return hand.graph(*workers)


def required(program: str) -> str:
    """The path of a program that a test needs: where CI lacks it, the test fails."""
    found = shutil.which(program)
    if found:
        return found
    message = f"{program} is not installed"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def dot() -> str:
    return required("dot")


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    """Headless Chromium, which can reach nothing but files.

    While it is there, Playwright's event loop runs in this thread, and no other can.
    """
    path = required("chromium")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, tmp_path) -> Iterator[Callable]:
    """Opens a document; at the end nothing may have failed in it or been asked of a network."""
    contexts, troubles = [], []

    def open_document(text: str, suffix: str = "html", *, width=1280, height=900, scheme="light"):
        file = tmp_path / f"map.{suffix}"
        file.write_bytes(text.encode())
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.on("dialog", lambda dialog: troubles.append(dialog.message))
        page.on("request", lambda sent: troubles.append(sent.url) if sent.url != url else None)
        url = file.as_uri()
        page.goto(url)
        return page

    yield open_document
    for context in contexts:
        context.close()
    assert troubles == []
