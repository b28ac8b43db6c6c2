"""The page as text; ``test_page.py`` opens it."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

from codemod.model import Fix, Safety, Strategy
from codemod.report.binding_map import json as data
from codemod.report.binding_map.html import render
from codemod.report.display import printable


class Reader(HTMLParser):
    """Every element with its attributes, and the text from its start to the next tag."""

    def __init__(self, document):
        super().__init__()
        self.elements = []
        self.text = []
        self.feed(document)

    def handle_starttag(self, tag, attributes):
        self.text = []
        self.elements.append((tag, dict(attributes), self.text))

    def handle_endtag(self, tag):
        self.text = []

    def handle_data(self, text):
        self.text.append(text)

    def all(self, tag):
        return [("".join(text), found) for name, found, text in self.elements if name == tag]


def test_the_policy_forbids_everything_but_its_own_style_and_script(atlas):
    page = Reader(render(atlas))
    (policy,) = [
        found["content"]
        for _, found in page.all("meta")
        if found.get("http-equiv") == "Content-Security-Policy"
    ]
    ((style, _),) = page.all("style")
    (script,) = [text for text, found in page.all("script") if "type" not in found]
    style_hash, script_hash = (
        b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_it_refers_to_nothing_but_itself(varied):
    page = Reader(render(varied))
    for _, found, _ in page.elements:
        assert not found.keys() & {"src", "srcset", "action", "style", "data"}
        assert not any(name.startswith("on") for name in found)
        assert found.get("href", "#").startswith("#")
    assert not page.all("link")
    ((style, _),) = page.all("style")
    assert "url(" not in style
    assert "@import" not in style


def test_the_data_is_that_of_the_json_format(varied):
    (text,) = [text for text, found in Reader(render(varied)).all("script") if "type" in found]
    assert json.loads(text) == json.loads(data.render(varied))


def test_the_table_begins_with_what_needs_a_fix(varied):
    statuses = re.findall(r'<span class="status [\w-]+">([\w ]+)<', render(varied))
    assert statuses == [*["Needs fix"] * 2, *["Unknown"] * 2, "Fixed", *["Works"] * 3]


def test_a_finding_shows_its_evidence_its_places_and_its_fix(varied):
    (found,) = [item for item in varied.findings if not item.skipped]
    fix = Fix(Strategy.NAMED, Safety.UNSAFE, "export it", ("it runs in dev",), (), steps=("Look",))
    suppressed = replace(found, rule="other-rule", skipped="untold", suppressed=True)
    page = Reader(render(replace(varied, findings=(replace(found, fix=fix), suppressed))))
    assert [text for text, _ in page.all("h3")] == ["poisoned-binding: shop", "other-rule: shop"]
    facts = list(
        zip((text for text, _ in page.all("dt")), (text for text, _ in page.all("dd")), strict=True)
    )
    evidence = ("Evidence", f"reported: {found.evidence.source}")
    assert facts == [
        evidence,
        ("Fix (unsafe)", "export it"),
        ("By hand", ""),
        ("Rests on", ""),
        ("Ignored", "by a comment above it"),
        ("Skipped", "untold"),
        evidence,
        ("Rests on", ""),
    ]
    assert "because it runs in dev" in [text for text, _ in page.all("p")]
    items = [text for text, _ in page.all("li")]
    assert {"Look", "Durable Object class Room: ", "AUTH is fetched: "} <= set(items)
    assert "shop/src/index.ts:7:5" in [text for text, _ in page.all("code")]


def test_a_finding_concerns_both_ends_of_its_binding(atlas):
    ids = {node.name: node.id for node in atlas.nodes}
    found = [attributes["data-nodes"] for _, attributes in Reader(render(atlas)).all("article")]
    assert found == [
        f"{ids['book-telic']} {ids['api-mom']}",
        f"{ids['ubermesh']} {ids['api-mom']}",
    ]


def test_what_could_not_be_read_is_told(varied, atlas):
    assert "broken/wrangler.jsonc</code>: line 2, column 1: expected a value" in render(varied)
    assert "Could not be read" not in render(atlas)


def test_a_map_without_bindings_says_so(hand):
    page = render(hand.graph(hand.worker("alone")))
    assert "There are no service bindings." in page
    assert "There are no findings." in page


def test_names_stay_text(hostile):
    document = render(hostile)
    page = Reader(document)
    name = hostile.nodes[0].name
    assert len(page.all("script")) == 2
    assert not {tag for tag, _, _ in page.elements} & {"b", "img", "iframe", "object"}
    assert printable(name) in [text for text, _ in page.all("a")]
    (text,) = [text for text, found in page.all("script") if "type" in found]
    assert json.loads(text)["workers"][0]["name"] == name
    document.encode()
