"""The map for a terminal."""

import pytest

from codemod.model import Binding, BindingKind, DeploymentRef
from codemod.report.binding_map.text import render


@pytest.fixture
def drawn(hand):
    """The lines of a map in which ``shop`` has the one binding given, to ``auth`` by default."""

    def drawn(kind, name, **settings):
        to = DeploymentRef(hand.path("auth"), None)
        settings = {"service": "auth", "target": to, **settings}
        binding = Binding(kind, name, location=hand.at("?"), **settings)
        return render(hand.graph(hand.worker("shop", binding), hand.worker("auth"))).splitlines()

    return drawn


@pytest.mark.parametrize(
    ("kind", "settings", "label"),
    [
        (BindingKind.SERVICE, {}, "A"),
        (BindingKind.SERVICE, {"entrypoint": "Admin"}, "A, entrypoint: Admin"),
        (BindingKind.DURABLE_OBJECT, {"class_name": "Room"}, "A, Durable Object: Room"),
        (BindingKind.WORKFLOW, {"class_name": "Order"}, "A, Workflow: Order"),
        (BindingKind.TAIL_CONSUMER, {}, "A, tail consumer"),
    ],
)
def test_every_binding_to_another_worker_is_an_arrow(drawn, kind, settings, label):
    lines = drawn(kind, "A", **settings)
    assert lines[2:4] == ["shop", f"  ──({label})──→ auth"]


def test_only_service_bindings_stand_in_the_table(drawn):
    rows = [line for line in drawn(BindingKind.TAIL_CONSUMER, "A") if line.startswith("|")]
    assert len(rows) == 2
    assert len([line for line in drawn(BindingKind.SERVICE, "A") if line.startswith("|")]) == 3


def test_a_workers_own_class_is_no_arrow(drawn, hand):
    own = DeploymentRef(hand.path("shop"), None)
    for service in (None, "shop"):
        lines = drawn(
            BindingKind.DURABLE_OBJECT, "A", class_name="Own", service=service, target=own
        )
        assert lines[2] == "What needs fixing"
