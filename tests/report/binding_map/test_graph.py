from dataclasses import replace

import pytest

from codemod.model import Binding, BindingKind, DeploymentRef, ExportKind, Exports, Unknown
from codemod.planner.verdicts import Status
from codemod.report.binding_map.graph import NodeKind, summary


def arrows(graph):
    return [
        (arrow.source.name, arrow.label, arrow.target.name, arrow.word) for arrow in graph.arrows
    ]


def test_the_example_has_the_arrows_of_its_readme(atlas):
    assert sorted(arrows(atlas)) == [
        ("api-mom", "BROWSER_AGENT", "browser-agent", "works"),
        ("api-mom", "GATHERFEED", "gatherfeed-api", "works"),
        ("api-mom", "SCALABLE_MEDIA", "scalable-media-api", "works"),
        ("book-telic", "API_MOM", "api-mom", "needs fix"),
        ("book-telic", "UBERMESH", "ubermesh", "works"),
        ("gallery", "UBERMESH", "ubermesh", "works"),
        ("scram-jet", "APIMOM: default", "api-mom", "fixed"),
        ("scram-jet", "MEDIA_STORE: default", "media-store", "fixed"),
        ("ubermesh", "APIMOM", "api-mom", "needs fix"),
    ]


def test_every_deployment_is_a_box_with_its_exports(atlas):
    boxes = {node.name: node for node in atlas.workers}
    assert len(boxes) == len(atlas.nodes) == 10
    assert boxes["gatherfeed-api-staging"].environment == "staging"
    assert list(boxes["api-mom"].lines()) == [
        "api-mom",
        "default: object",
        "CapabilityRegistryDO: Durable Object",
        "RunnerDO: Durable Object",
    ]


def test_each_kind_of_binding_has_its_word(varied):
    words = {
        arrow.binding.name: arrow.word for arrow in varied.arrows if arrow.source.name == "shop"
    }
    assert words == {
        "AUTH": "needs fix",
        "AUTH_FIXED": "fixed",
        "ADMIN": "works",
        "MISSING": "needs fix",
        "SELF": "works",
        "LEGACY": "unknown",
        "TWIN": "unknown",
        "ROOM": "Durable Object",
        "auth": "tail consumer",
    }


def test_only_service_bindings_are_judged(varied):
    unjudged = [arrow.binding.kind for arrow in varied.arrows if arrow.status is None]
    assert unjudged == [BindingKind.DURABLE_OBJECT, BindingKind.TAIL_CONSUMER]
    assert len(varied.rows) == len(varied.arrows) - 2


def test_a_name_that_no_worker_has_is_external_and_one_that_two_have_is_unknown(varied):
    assert [node.name for node in varied.external] == ["legacy"]
    assert [(node.name, node.reason) for node in varied.unknown] == [
        ("twin", 'two Workers are called "twin"')
    ]


def test_callers_of_one_absent_service_share_its_box(hand):
    graph = hand.graph(
        hand.worker("a", hand.absent("X", "legacy")),
        hand.worker("b", hand.absent("Y", "legacy"), hand.absent("Z", "other")),
    )
    assert [node.name for node in graph.external] == ["legacy", "other"]
    assert graph.arrows[0].target == graph.arrows[1].target != graph.arrows[2].target


def test_the_deprecated_environment_of_a_service_is_part_of_its_name(hand):
    binding = replace(hand.absent("X", "legacy"), service_environment="staging")
    assert [node.name for node in hand.graph(hand.worker("a", binding)).external] == [
        "legacy-staging"
    ]


def test_a_service_that_is_not_named_is_unknown(hand):
    binding = hand.service("X", "?", service=None, target=Unknown("no service is named"))
    (node,) = hand.graph(hand.worker("a", binding)).unknown
    assert (node.name, node.reason) == ("?", "no service is named")


def test_a_binding_to_itself_leads_back(varied):
    (loop,) = [arrow for arrow in varied.arrows if arrow.source == arrow.target]
    assert loop.binding.name == "SELF"


@pytest.mark.parametrize(
    ("service", "target", "drawn"),
    [
        (None, "own", 0),  # a Durable Object of the Worker's own
        ("own", "own", 0),  # the same, with its own name as script_name
        ("other", "other", 1),  # another Worker's
    ],
)
@pytest.mark.parametrize("kind", [BindingKind.DURABLE_OBJECT, BindingKind.WORKFLOW])
def test_classes_are_arrows_only_between_workers(hand, kind, service, target, drawn):
    reference = DeploymentRef(hand.path(target), None)
    binding = Binding(kind, "ROOM", service, reference, hand.at("?"), class_name="Room")
    graph = hand.graph(hand.worker("own", binding), hand.worker("other"))
    assert len(graph.arrows) == drawn


@pytest.fixture
def staged(hand):
    """``shop`` in two environments, whose bindings lead to one and to the other ``auth``."""

    def graph(*environments: str):
        staging = hand.service(
            "AUTH", "auth-staging", target=DeploymentRef(hand.path("auth"), "staging")
        )
        return hand.graph(
            hand.worker("shop", hand.service("AUTH", "auth"), staging=(staging,)),
            hand.worker("auth", hand.service("LOG", "log"), staging=(hand.service("LOG", "log"),)),
            hand.worker("log"),
            environments=environments or None,
        )

    return graph


@pytest.mark.parametrize(
    ("environments", "boxes", "bindings"),
    [
        ((), ["shop", "shop-staging", "auth", "auth-staging", "log"], 4),
        (("",), ["shop", "auth", "log"], 2),
        # What a selected deployment leads to is drawn, whatever its environment.
        (("staging",), ["shop-staging", "auth-staging", "log"], 2),
        (("production",), [], 0),
    ],
)
def test_environments_can_be_chosen(staged, environments, boxes, bindings):
    graph = staged(*environments)
    assert [node.name for node in graph.nodes] == boxes
    assert len(graph.arrows) == len(graph.rows) == bindings


def test_a_box_of_another_environment_has_no_bindings(hand):
    graph = hand.graph(
        hand.worker("shop", staging=(hand.service("AUTH", "auth"),)),
        hand.worker("auth", hand.service("LOG", "log")),
        environments=("staging",),
    )
    assert arrows(graph) == [("shop-staging", "AUTH", "auth", "works")]


def test_findings_of_other_environments_are_left_out(hand):
    poisoned = hand.exports(Room=ExportKind.DURABLE_OBJECT)
    workers = (
        hand.worker("shop", hand.service("A", "auth"), staging=(hand.service("A", "auth"),)),
        hand.worker("auth", exports=poisoned),
    )
    assert [item.environment for item in hand.graph(*workers).findings] == [None, "staging"]
    (finding,) = hand.graph(*workers, environments=("staging",)).findings
    assert finding.environment == "staging"


def test_a_worker_without_a_name_is_called_by_its_file(hand):
    worker = hand.worker("x")
    unnamed = replace(worker, deployments=(replace(worker.deployments[0], name=None),))
    assert [node.name for node in hand.graph(unnamed).nodes] == ["x/wrangler.jsonc"]


def test_a_target_that_is_not_read_is_no_worker(hand):
    # A reference to a file outside of what was scanned must not end the drawing.
    graph = hand.graph(hand.worker("shop", hand.service("AUTH", "auth")))
    assert [(node.kind, node.name) for node in graph.nodes] == [
        (NodeKind.WORKER, "shop"),
        (NodeKind.EXTERNAL, "auth"),
    ]


def test_open_exports_are_told(hand):
    exports = Exports(None, (), (Unknown("export * from a package"),))
    (node,) = hand.graph(hand.worker("x", exports=exports)).nodes
    assert list(node.lines()) == ["x", "may export more: export * from a package"]


@pytest.mark.parametrize(
    ("bindings", "sentence"),
    [
        ((), "2 Workers, no service bindings"),
        (("x",), "2 Workers, 1 service binding: 1 works"),
        (("x", "x"), "2 Workers, 2 service bindings: 2 work"),
    ],
)
def test_the_map_in_one_sentence(hand, bindings, sentence):
    services = [hand.service(f"B{at}", target) for at, target in enumerate(bindings)]
    assert summary(hand.graph(hand.worker("a", *services), hand.worker("x"))) == sentence


def test_the_sentence_counts_what_needs_a_fix_first(varied):
    counts = "2 need a fix, 1 fixed, 3 work, 2 unknown"
    assert summary(varied) == f"5 Workers, 8 service bindings: {counts}"
    assert {row.status for row in varied.rows} == set(Status)
