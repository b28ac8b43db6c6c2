"""What Graphviz itself makes of the drawing."""

import json
import subprocess
from xml.etree import ElementTree

import pytest

from codemod.report.binding_map.dot import render
from codemod.report.display import printable


@pytest.fixture
def read(dot):
    def read(text: str) -> dict:
        ran = subprocess.run(
            [dot, "-Tdot_json"], input=text.encode(), capture_output=True, check=True
        )
        assert ran.stderr == b""
        return json.loads(ran.stdout)

    return read


def nodes(content):
    return [item for item in content["objects"] if not item["name"].startswith("cluster")]


def test_the_example_is_read(read, atlas):
    content = read(render(atlas))
    assert len(nodes(content)) == 10
    labels = {item["label"]: item["style"] for item in content["edges"]}
    assert labels["API_MOM\\nneeds fix"] == "bold"
    assert labels["APIMOM: default\\nfixed"] == "dashed"
    assert labels["BROWSER_AGENT\\nworks"] == "solid"


def test_services_stand_in_clusters(read, varied):
    content = read(render(varied))
    names = {item["_gvid"]: item.get("label") for item in content["objects"]}
    clusters = {
        item["label"]: [names[node] for node in item["nodes"]]
        for item in content["objects"]
        if item["name"].startswith("cluster")
    }
    assert clusters == {"Not in this repository": ["legacy"], "Unknown": ["twin"]}


def test_every_arrow_has_a_word(read, varied):
    words = [item["label"].partition("\\n")[2] for item in read(render(varied))["edges"]]
    assert sorted(words) == sorted(arrow.word for arrow in varied.arrows)


def test_a_map_without_bindings_is_read(read, hand):
    assert "objects" not in read(render(hand.graph()))
    assert len(nodes(read(render(hand.graph(hand.worker("alone")))))) == 1


def test_names_come_through(dot, hostile):
    ran = subprocess.run(
        [dot, "-Tsvg"], input=render(hostile).encode(), capture_output=True, check=True
    )
    texts = {text.text for text in ElementTree.fromstring(ran.stdout).iter() if text.text}
    shown = printable(hostile.nodes[0].name)
    assert shown in {text.replace("\xa0", " ") for text in texts}
