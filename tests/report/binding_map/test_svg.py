import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from codemod.model import ExportKind
from codemod.report.binding_map.svg import render
from codemod.report.display import printable

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?\d+(?:\.\d+)?"


def read(text):
    return ElementTree.fromstring(text)


def of_class(root, name):
    return [item for item in root.iter() if name in item.get("class", "").split()]


def texts(root):
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def rectangles(root):
    """Left, top, right and bottom of every card."""
    for node in of_class(root, "node"):
        left, top = map(float, re.findall(NUMBER, node.get("transform")))
        card = next(node.iter(f"{SVG}rect"))
        width, height = float(card.get("width")), float(card.get("height"))
        yield left, top, left + width, top + height


def points(path):
    """Points close to each other on a path of M, H, V, L and C commands."""
    x = y = 0.0
    for command, text in re.findall(r"([MHVLC])([^A-Z]*)", path):
        values = [float(value) for value in re.findall(NUMBER, text)]
        if command == "C":
            ends = [(x, y), *zip(values[::2], values[1::2], strict=True)]
            for step in range(1, 41):
                t = step / 40
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                yield tuple(
                    sum(weight * end[axis] for weight, end in zip(weights, ends, strict=True))
                    for axis in (0, 1)
                )
            x, y = ends[-1]
        else:
            start = x, y
            x = y_or_x(command, "H", values, x, 0)
            y = y_or_x(command, "V", values, y, -1)
            if command != "M":
                for step in range(1, 41):
                    yield tuple(a + (b - a) * step / 40 for a, b in zip(start, (x, y), strict=True))


def y_or_x(command, only, values, old, at):
    return values[at] if command in ("M", "L", only) else old


@pytest.mark.parametrize("name", ["atlas", "varied", "crowd"])
def test_boxes_stand_apart_and_no_arrow_runs_through_one(name, request):
    root = read(render(request.getfixturevalue(name)))
    boxes = list(rectangles(root))
    for (left, top, right, bottom), (a, b, c, d) in combinations(boxes, 2):
        assert right <= a or c <= left or bottom <= b or d <= top
    for line in of_class(root, "line"):
        for x, y in points(line.get("d")):
            assert not any(
                left + 1 < x < right - 1 and top + 1 < y < bottom - 1
                for left, top, right, bottom in boxes
            )


def test_everything_lies_on_the_canvas(varied):
    root = read(render(varied))
    _, _, width, height = map(float, root.get("viewBox").split())
    group = of_class(root, "nodes")[0]
    assert (root.get("width"), root.get("height")) == (f"{width:g}", f"{height:g}")
    assert len(group) == len(varied.nodes)
    for _, _, right, bottom in rectangles(root):
        assert right < width
        assert bottom < height


def test_a_card_tells_exports_bindings_and_verdicts(atlas):
    (card,) = [node for node in of_class(read(render(atlas)), "node") if node.get("id") == "n10"]
    assert texts(card) == [
        "ubermesh",
        "ubermesh/packages/api/wrangler.jsonc",
        "exports",
        "default",
        "object",
        "bindings",
        "APIMOM",
        "needs fix",
    ]


def test_an_arrow_ends_at_the_export_that_it_names(varied):
    root = read(render(varied))
    cards = {node.get("id"): node for node in of_class(root, "node")}
    drawn = {next(arrow.iter(f"{SVG}title")).text: arrow for arrow in of_class(root, "arrow")[5:]}
    heights = {}
    for arrow in varied.arrows:
        begins = f"{arrow.source.name} {arrow.label} →"
        (found,) = [item for title, item in drawn.items() if title.startswith(begins)]
        top = float(re.findall(NUMBER, cards[arrow.target.id].get("transform"))[1])
        tip = float(re.findall(NUMBER, of_class(found, "tip")[0].get("d"))[1])
        heights[arrow.binding.name] = round(tip - top)
    assert heights["AUTH"] == heights["AUTH_FIXED"]
    assert len({heights["AUTH"], heights["ROOM"], heights["ADMIN"], heights["MISSING"]}) == 4


def test_every_verdict_has_a_class_a_word_and_a_kind_of_line(varied):
    document = render(varied)
    root = read(document)
    legend = set(texts(root)[2:7])
    assert legend == {"needs fix", "unknown", "fixed", "works", "not judged"}
    style = root.find(f"{SVG}style").text
    kinds = {
        re.search(rf"\.arrow\.{name} \.line \{{(.*?)\}}", style)[1]
        for name in ("needs-fix", "fixed", "not-known", "other")
    }
    assert len(kinds) == 4


def test_it_is_an_image_with_a_title_and_a_description(atlas):
    root = read(render(atlas))
    assert root.get("role") == "img"
    named = {item.get("id"): item.text for item in root if item.get("id")}
    assert [named[name] for name in root.get("aria-labelledby").split()] == [
        "Binding map of atlas",
        "10 Workers, 9 service bindings: 2 need a fix, 2 fixed, 5 work",
    ]


def test_it_needs_nothing_from_outside_and_runs_nothing(varied):
    document = render(varied)
    root = read(document)
    tags = {item.tag.removeprefix(SVG) for item in root.iter()}
    assert tags == {"svg", "title", "desc", "style", "rect", "text", "tspan", "g", "path"}
    assert not any(
        name.startswith("on") or "href" in name for item in root.iter() for name in item.attrib
    )
    assert "url(" not in document
    assert "@import" not in document
    assert "prefers-color-scheme: dark" in document


def test_a_map_without_anything_is_drawn(hand):
    root = read(render(hand.graph()))
    assert texts(root) == ["Binding map of shop", "0 Workers, no service bindings"]


def test_names_come_through_as_text(hostile):
    root = read(render(hostile))
    name = printable(hostile.nodes[0].name)
    title = next(of_class(root, "node")[0].iter(f"{SVG}title")).text
    assert title.startswith(name)
    assert not list(root.iter(f"{SVG}script"))
    shown = texts(of_class(root, "node")[0])[0]
    assert shown == name or (shown.endswith("…") and name.startswith(shown[:-1]))


def test_long_export_lists_are_cut_and_still_reached(hand):
    named = {f"Room{number}": ExportKind.DURABLE_OBJECT for number in range(40)}
    graph = hand.graph(
        hand.worker("a", hand.service("LAST", "b", entrypoint="Room39")),
        hand.worker("b", exports=hand.exports(**named)),
    )
    assert "and 27 more" in texts(read(render(graph)))


@pytest.mark.slow
def test_the_same_map_is_drawn_the_same_by_every_process():
    program = (
        "import sys; from codemod.cli import main;"
        "sys.argv = ['wfix', 'map', '--format', 'svg', sys.argv[1]]; main()"
    )
    atlas = Path(__file__).parents[3] / "examples/atlas"
    drawn = {
        subprocess.run(
            [sys.executable, "-c", program, atlas],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(drawn) == 1


@pytest.mark.parametrize("name", ["atlas", "varied", "hostile_texts"])
def test_every_text_fits_its_card(open_page, request, name):
    # Measured by a browser, with whatever fonts this machine has.
    page = open_page(render(request.getfixturevalue(name)), "svg")
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".node")].flatMap((node) => {
          const card = node.querySelector("rect").getBoundingClientRect();
          return [...node.querySelectorAll("text")]
            .filter((text) => {
              const box = text.getBoundingClientRect();
              return box.left < card.left || box.right > card.right || box.bottom > card.bottom;
            })
            .map((text) => text.textContent);
        })"""
    )
    assert outside == []


def test_words_do_not_run_into_names(open_page, hand):
    long = "LONG_BINDING_NAME_" * 4
    graph = hand.graph(
        hand.worker("a", hand.service(long, "b", entrypoint="SomeEntrypointName" * 3)),
        hand.worker("b", exports=hand.exports(**{long: ExportKind.WORKER_ENTRYPOINT})),
    )
    page = open_page(render(graph), "svg")
    gaps = page.evaluate(
        """() => [...document.querySelectorAll(".word")].map((word) =>
          word.getBoundingClientRect().left -
            word.previousElementSibling.getBoundingClientRect().right)"""
    )
    assert min(gaps) > 4


@pytest.mark.parametrize(("scheme", "ground"), [("light", "f6f8fa"), ("dark", "0d1117")])
def test_it_follows_the_readers_colours(open_page, atlas, scheme, ground):
    page = open_page(render(atlas), "svg", scheme=scheme)
    fill = page.evaluate("getComputedStyle(document.querySelector('.ground')).fill")
    assert fill == f"rgb({', '.join(str(part) for part in bytes.fromhex(ground))})"
