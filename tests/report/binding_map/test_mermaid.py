"""The chart as Mermaid draws it, and its lines against the part of the grammar that is used."""

import re

import pytest

from codemod.report.binding_map.mermaid import render
from codemod.report.display import printable

LABEL = r'"(?:[^"#]|#\d+;)*"'
DASHES = r"stroke-dasharray:\d+ \d+"
LINES = [
    r"flowchart LR",
    rf" +n\d+\[{LABEL}\]",
    rf" +subgraph (?:external|unknown)_services\[{LABEL}\]",
    rf" +n\d+\(\[{LABEL}\]\):::(?:external|unknown)",
    r" +end",
    rf" +n\d+ (?:-->|==>|-\.->)\|{LABEL}\| n\d+",
    r" +classDef \w+ stroke:#[0-9a-f]{6}," + DASHES,
    rf" +linkStyle \d+(?:,\d+)* stroke:#[0-9a-f]{{6}},stroke-width:\d+px(?:,{DASHES})?",
]


DRAW = """async (chart) => {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
  const { svg } = await mermaid.render("drawn", chart);
  document.body.innerHTML = svg;
  const lines = (label) => label.innerHTML.split("<br>").map((html) => {
    const line = document.createElement("p");
    line.innerHTML = html;
    return line.textContent;
  });
  const all = (selector) => [...document.querySelectorAll(selector)].map(lines);
  return { nodes: all(".node .nodeLabel p"), arrows: all(".edgeLabel p") };
}"""


@pytest.fixture(scope="module")
def draw(chromium, node_tools):
    """Draws a chart with Mermaid itself: the lines of its boxes and of its arrows."""
    page = chromium.new_page()
    page.add_script_tag(path=node_tools.packages / "@mermaid-js/tiny/dist/mermaid.tiny.js")
    return lambda graph: page.evaluate(DRAW, render(graph))


@pytest.mark.parametrize("name", ["atlas", "varied", "hostile_texts"])
def test_mermaid_draws_every_text_as_it_is(draw, request, name):
    graph = request.getfixturevalue(name)
    drawn = draw(graph)
    boxes = [
        list(node.lines()) if node.path else [node.name]
        for node in (*graph.workers, *graph.external, *graph.unknown)
    ]
    assert sorted(drawn["nodes"]) == sorted([printable(line) for line in box] for box in boxes)
    assert drawn["arrows"] == [[printable(arrow.label), arrow.word] for arrow in graph.arrows]


def test_mermaid_draws_a_map_without_bindings(draw, hand):
    assert draw(hand.graph()) == {"nodes": [], "arrows": []}
    assert draw(hand.graph(hand.worker("end")))["nodes"] == [["end", "default: object"]]


def require_chart(chart):
    for line in chart.removesuffix("\n").split("\n"):
        assert any(re.fullmatch(pattern, line) for pattern in LINES), line


def test_the_example_is_a_chart(atlas):
    chart = render(atlas)
    require_chart(chart)
    assert (
        '    n1["api-mom<br/>default: object<br/>CapabilityRegistryDO: Durable Object'
        '<br/>RunnerDO: Durable Object"]\n'
    ) in chart
    assert '    n2 ==>|"API_MOM<br/>needs fix"| n1\n' in chart
    assert '    n8 -->|"APIMOM: default<br/>fixed"| n1\n' in chart


def test_services_stand_in_groups_of_their_own(varied):
    chart = render(varied)
    require_chart(chart)
    assert (
        '    subgraph external_services["Not in this repository"]\n'
        '        n6(["legacy"]):::external\n'
        "    end\n"
    ) in chart
    assert '    subgraph unknown_services["Unknown"]\n        n7(["twin"]):::unknown\n' in chart


def test_every_verdict_has_a_line_and_a_colour_of_its_own(varied):
    chart = render(varied)
    colours = {}
    for numbers, colour in re.findall(r"linkStyle ([\d,]+) stroke:(#\w+)", chart):
        for number in numbers.split(","):
            colours[varied.arrows[int(number)].status] = colour
    assert len(set(colours.values())) == len(colours) == 5
    assert sum(len(item.split(",")) for item in re.findall(r"linkStyle ([\d,]+)", chart)) == len(
        varied.arrows
    )


def test_a_map_without_bindings_is_a_chart(hand):
    require_chart(render(hand.graph()))
    require_chart(render(hand.graph(hand.worker("alone"))))


def test_no_name_leaves_its_label(hostile):
    chart = render(hostile)
    require_chart(chart)
    labels = re.findall(r'"([^"]*)"', chart)
    assert not any(re.search(r"[<>`*$%\\\[\]{}|]", re.sub("<br/>", "", label)) for label in labels)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("end", "end"),
        ("scram-jet_2/api", "scram-jet_2/api"),
        ('a"b', "a#34;b"),
        ("#35;", "#35;35#59;"),
        ("1. list", "1#46; list"),
        ("a.b", "a.b"),
        ("- item", "#45; item"),
        ("日本", "#26085;#26412;"),
    ],
)
def test_only_plain_characters_stay(hand, name, label):
    assert f'n1["{label}<br/>' in render(hand.graph(hand.worker(name)))


@pytest.mark.parametrize(("count", "warns"), [(500, False), (501, True)])
def test_a_chart_that_github_refuses_says_so(hand, count, warns):
    services = [hand.service(f"B{number}", "b") for number in range(count)]
    chart = render(hand.graph(hand.worker("a", *services), hand.worker("b")))
    assert chart.startswith("%% larger than GitHub draws") == warns
