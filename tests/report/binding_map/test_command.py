"""``wfix map`` in every format."""

import json
import sys
from pathlib import Path

import pytest

from codemod import cli
from codemod.report import binding_map

ATLAS = Path(__file__).parents[3] / "examples/atlas"
BEGINNINGS = {
    "text": "Binding map\n",
    "mermaid": "flowchart LR\n",
    "dot": "digraph bindings {\n",
    "svg": "<svg ",
    "html": "<!doctype html>\n",
    "json": "{\n",
}


@pytest.fixture
def wfix(monkeypatch, capfdbinary):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["wfix", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfdbinary.readouterr()
        return ended.value.code or 0, out.decode(), err.decode()

    return run


@pytest.mark.parametrize("output_format", BEGINNINGS)
def test_every_format_can_be_asked_for(wfix, output_format):
    code, out, _ = wfix("map", ATLAS, "--format", output_format)
    assert code == 0
    assert out.startswith(BEGINNINGS[output_format])
    assert out.endswith("\n")
    assert "API_MOM" in out


@pytest.mark.parametrize("output_format", BEGINNINGS)
def test_an_environment_can_be_asked_for(wfix, output_format):
    _, out, _ = wfix("map", ATLAS, "--format", output_format, "--env", "staging")
    assert "API_MOM" not in out
    assert ("gatherfeed-api-staging" in out) == (output_format != "text")


def test_the_top_level_is_the_environment_without_a_name(wfix):
    _, out, _ = wfix("map", ATLAS, "--format", "json", "--env", "")
    assert {item["environment"] for item in json.loads(out)["workers"]} == {None}


@pytest.fixture
def without_layout_library(monkeypatch):
    """As where the extra is not installed."""
    names = ("svg", "html", "placement", "layout", "columns")
    for name in names:
        monkeypatch.delitem(sys.modules, f"{binding_map.__name__}.{name}", raising=False)
        monkeypatch.delattr(binding_map, name, raising=False)
    monkeypatch.setitem(sys.modules, "grandalf.graphs", None)


@pytest.mark.parametrize("output_format", ["svg", "html"])
def test_without_the_extra_these_formats_name_it(wfix, without_layout_library, output_format):
    code, out, err = wfix("map", ATLAS, "--format", output_format)
    assert (code, out) == (2, "")
    assert "pip install 'wfix[map]'" in err


@pytest.mark.parametrize("output_format", ["text", "mermaid", "dot", "json"])
def test_without_the_extra_the_others_are_drawn(wfix, without_layout_library, output_format):
    assert wfix("map", ATLAS, "--format", output_format)[0] == 0
