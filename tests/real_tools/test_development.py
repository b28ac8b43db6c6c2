"""The examples in ``wrangler dev`` itself: what did not start does, and every binding answers."""

import json
import shlex
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

NO_SUCH_ENTRYPOINT = (
    """Worker "core:user:{}"'s binding "{}" refers to service "core:user:{}" with a named """
    """entrypoint "default", but "core:user:{}" has no such named entrypoint."""
)
CANCELLATION = 30  # seconds until the queue has delivered it
ATLAS = [
    "book-telic/wrangler.jsonc",
    "ubermesh/packages/api/wrangler.jsonc",
    "api-mom/wrangler.jsonc",
    "browser-agent/wrangler.jsonc",
    "gatherfeed/wrangler.jsonc",
    "scalable-media/wrangler.jsonc",
    "scram-jet/packages/engine/wrangler.jsonc",
    "media-store/wrangler.toml",
]
MIGRATED = ["ubermesh/packages/api", "api-mom", "gatherfeed"]


def script(folder: Path, name: str) -> list[str]:
    """The arguments that a script of ``package.json`` gives to wrangler."""
    program, *arguments = shlex.split(
        json.loads((folder / "package.json").read_text())["scripts"][name]
    )
    assert program == "wrangler"
    return arguments


def box_office(root: Path) -> list[str]:
    command, *arguments = script(root, "dev")
    assert command == "dev"
    return arguments


def atlas() -> list[str]:
    return [argument for path in ATLAS for argument in ("-c", path)]


def migrate(programs, root: Path, state: Path) -> None:
    for folder in MIGRATED:
        arguments = [*script(root / folder, "migrate"), "--local", "--persist-to", state]
        outcome = programs.wrangler(*arguments, folder=root / folder)
        assert outcome.code == 0, outcome.output


def test_box_office_does_not_start_before(example, programs):
    root = example("workspace")

    with programs.wrangler_dev(*box_office(root), folder=root) as development:
        ended = development.wait_until_ended()

    assert ended.code != 0
    message = NO_SUCH_ENTRYPOINT.format("orders", "CATALOGUE", "catalogue", "catalogue")
    assert message in ended.output


def test_box_office_sells_tickets_after(example, programs):
    root = example("workspace", "auto")

    with programs.wrangler_dev(*box_office(root), folder=root) as development:
        development.wait_until_ready()
        ask = development.ask

        shows = ask("GET", "/shows")
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
        deadline = time.monotonic() + CANCELLATION
        while "A1" not in free(ask) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "A1" in free(ask)
        assert ask("POST", "/shows/hamlet", {"seats": ["A1"], "order": "none"}).status == 404


def free(ask) -> list[str]:
    answer = ask("GET", "/shows/hamlet")
    assert answer.status == 200
    return answer.json()["free"]


def test_atlas_does_not_start_with_scram_jet_before(example, programs):
    with programs.wrangler_dev(*atlas(), folder=example("atlas")) as development:
        ended = development.wait_until_ended()

    assert ended.code != 0
    assert NO_SUCH_ENTRYPOINT.format("scram-jet", "APIMOM", "api-mom", "api-mom") in ended.output


@pytest.mark.parametrize("strategy", ["named", "rpc"])
def test_atlas_answers_with_scram_jet_after(example, programs, tmp_path, strategy):
    root = example("atlas", strategy)
    state = tmp_path / "state"
    migrate(programs, root, state)

    with programs.wrangler_dev(*atlas(), "--persist-to", state, folder=root) as development:
        development.wait_until_ready()
        desk = development.ask("GET", "/")

    assert desk.status == 200, desk.body
    assert desk.json()["books"] == []
