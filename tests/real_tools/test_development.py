"""The examples in ``wrangler dev`` itself, before and after each strategy, answering requests.

Each of them on wrangler 4.164.0 and on wrangler 3.99.0, whose runtime is of December 2024. What
the older one cannot do is taken out of the copies that it is given:

- it takes a comma before the closing bracket of a ``wrangler.jsonc`` for an error, and then waits
  for that Worker for ever;
- its runtime has no ``getByName`` on Durable Object namespaces;
- it gives no local form to an Analytics Engine data set.
"""

from __future__ import annotations

import json
import re
import shlex
import time
from pathlib import Path

import pytest
from programs import ANSWER, Programs

pytestmark = pytest.mark.slow

NO_SUCH_ENTRYPOINT = re.compile(
    r"""Worker "core:user:([\w-]+)"'s binding "(\w+)" refers to service "core:user:[\w-]+" """
    r"""with a named entrypoint "default", but "core:user:[\w-]+" has no such named entrypoint\."""
)
GET_BY_NAME = re.compile(r"""(env\.\w+)\.getByName\(([\w."]+)\)""")
BOX_OFFICE_SPLIT_OFF = ["apps/orders-dos/wrangler.toml", "apps/seats-dos/wrangler.jsonc"]
ATLAS_SPLIT_OFF = ["api-mom-dos/wrangler.jsonc"]
STARTS = 3  # wrangler may end before it has read what its runtime said
ATLAS = [
    "book-telic/wrangler.jsonc",
    "ubermesh/packages/api/wrangler.jsonc",
    "api-mom/wrangler.jsonc",
    "browser-agent/wrangler.jsonc",
    "gatherfeed/wrangler.jsonc",
    "scalable-media/wrangler.jsonc",
    "media-store/wrangler.toml",
]
SCRAM_JET = "scram-jet/packages/engine/wrangler.jsonc"
MIGRATED = ["ubermesh/packages/api", "api-mom", "gatherfeed"]


def readable_by_older(root: Path) -> None:
    for path in root.rglob("*.ts"):
        text = path.read_text()
        path.write_text(
            GET_BY_NAME.sub(r"\1.get(\1.idFromName(\2))", text).replace(
                "env.METRICS.", "env.METRICS?."
            )
        )
    for path in root.rglob("wrangler.jsonc"):
        path.write_text(re.sub(r",(\s*(?://.*\s*)?[\]}])", r"\1", path.read_text()))


@pytest.fixture
def repaired(example, each_wrangler):
    """Copies an example that the wrangler can read, and repairs it where a strategy is named."""
    older = each_wrangler.packages != each_wrangler.compiler
    edit = readable_by_older if older else None
    return lambda name, strategy, fresh=True: example(name, strategy, edit=edit, fresh=fresh)


def script(folder: Path, name: str) -> list[str]:
    """The arguments that a script of ``package.json`` gives to wrangler."""
    program, *arguments = shlex.split(
        json.loads((folder / "package.json").read_text())["scripts"][name]
    )
    assert program == "wrangler"
    return arguments


def configured(*paths: str) -> list[str]:
    return [argument for path in paths for argument in ("-c", path)]


def split_off(root: Path, paths: list[str]) -> list[str]:
    """The new Workers of a split, which run beside the others."""
    return configured(*(path for path in paths if (root / path).exists()))


def box_office(root: Path) -> list[str]:
    return [*script(root, "dev"), *split_off(root, BOX_OFFICE_SPLIT_OFF)]


def atlas(root: Path, *others: str) -> list[str]:
    return ["dev", *configured(*ATLAS, *others), *split_off(root, ATLAS_SPLIT_OFF)]


def migrated(programs: Programs, root: Path) -> list[str | Path]:
    """Makes the tables of all databases; the arguments with which a server finds them."""
    state = ["--persist-to", root / "state"]
    for folder in MIGRATED:
        command = [*script(root / folder, "migrate"), "--local", *state]
        outcome = programs.wrangler(*command, folder=root / folder)
        assert outcome.code == 0, outcome.output
    return state


def refused(programs: Programs, command: list[str | Path], root: Path) -> set[str]:
    """Which bindings keep the Workers from starting: those that wrangler names, not always all."""
    for _ in range(STARTS):
        with programs.development(*command, folder=root) as development:
            ended = development.wait_until_ended()
        assert ended.code != 0
        found = {".".join(names) for names in NO_SUCH_ENTRYPOINT.findall(ended.output)}
        if found:
            return found
    pytest.fail(ended.output)


def test_box_office_does_not_start_before(repaired, each_wrangler):
    root = repaired("workspace", None)

    assert refused(each_wrangler, box_office(root), root) == {"orders.CATALOGUE"}


def test_box_office_does_not_start_after_entrypoint_either(repaired, each_wrangler):
    root = repaired("workspace", "entrypoint")

    defaults = {"gateway.SEATS", "gateway.ORDERS", "orders.SEATS", "orders.CATALOGUE"}
    assert refused(each_wrangler, box_office(root), root) <= defaults


@pytest.mark.parametrize("strategy", ["auto", "named", "rpc", "split"])
def test_box_office_sells_tickets_after(repaired, each_wrangler, strategy):
    root = repaired("workspace", strategy)

    with each_wrangler.development(*box_office(root), folder=root) as development:
        ask = development.ask

        shows = development.first_answer("/shows")
        assert (shows.status, shows.headers.get_content_type()) == (200, "application/json")
        assert [show["id"] for show in shows.json()] == ["hamlet", "three-sisters"]
        assert ask("GET", "/shows/macbeth").status == 404
        assert len(free(ask)) == 12

        placed = ask("POST", "/orders", {"show": "hamlet", "seats": ["A1", "A2"]})
        assert placed.status == 201
        order = placed.json()
        assert order["total"] == 4800
        assert len(free(ask)) == 10
        kept = ask("GET", f"/orders/{order['number']}")
        assert (kept.status, kept.json()) == (200, order)

        ticket = ask("GET", f"/orders/{order['number']}/ticket")
        assert (ticket.status, ticket.headers.get_content_type()) == (200, "image/svg+xml")
        assert ">Hamlet<" in ticket.body
        assert ">A1 A2<" in ticket.body

        assert ask("POST", "/orders", {"show": "hamlet", "seats": ["A2", "A3"]}).status == 409
        assert ask("POST", "/orders", {"show": "macbeth", "seats": ["A1"]}).status == 422

        assert ask("DELETE", f"/orders/{order['number']}").status == 204
        assert ask("GET", f"/orders/{order['number']}").status == 404
        deadline = time.monotonic() + ANSWER
        while "A1" not in free(ask) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "A1" in free(ask)
        assert ask("POST", "/shows/hamlet", {"seats": ["A1"], "order": "none"}).status == 404


def free(ask) -> list[str]:
    answer = ask("GET", "/shows/hamlet")
    assert answer.status == 200
    return answer.json()["free"]


def test_classes_that_are_to_be_transferred_have_no_sql_yet(repaired, each_wrangler):
    root = repaired("workspace", "split", fresh=False)

    with each_wrangler.development(*box_office(root), folder=root) as development:
        assert development.first_answer("/shows").status == 200
        assert free(development.ask)["message"].startswith(
            "SQL is not enabled for this Durable Object class."
        )


def test_atlas_does_not_start_with_scram_jet_before(repaired, each_wrangler):
    root = repaired("atlas", None)

    assert refused(each_wrangler, atlas(root, SCRAM_JET), root) <= {
        "scram-jet.APIMOM",
        "scram-jet.MEDIA_STORE",
    }


def test_atlas_answers_without_scram_jet_before(repaired, each_wrangler):
    assert desk(each_wrangler, repaired("atlas", None))["books"] == []


@pytest.mark.parametrize("strategy", ["auto", "entrypoint"])
def test_atlas_does_not_start_even_without_scram_jet_after(repaired, each_wrangler, strategy):
    root = repaired("atlas", strategy)

    defaults = {"book-telic.API_MOM", "ubermesh.APIMOM"}
    assert refused(each_wrangler, atlas(root), root) <= defaults


@pytest.mark.parametrize("strategy", ["named", "rpc", "split"])
def test_atlas_answers_with_scram_jet_after(repaired, each_wrangler, strategy):
    assert desk(each_wrangler, repaired("atlas", strategy), SCRAM_JET)["books"] == []


def desk(programs: Programs, root: Path, *others: str) -> dict[str, object]:
    """What Book Telic answers: it asks UberMesh for the books, and API Mom for the budget."""
    command = [*atlas(root, *others), *migrated(programs, root)]
    with programs.development(*command, folder=root) as development:
        answer = development.first_answer("/")
        assert answer, development.log.read_text()
    assert answer.status == 200, answer.body
    return answer.json()
