"""`wfix init`: a first configuration, and its schema."""

import json

import pytest


def test_it_writes_a_configuration_that_changes_nothing(faulty, wfix):
    before = wfix("check", "--output-format", "json").out

    ran = wfix("init")

    assert (ran.code, ran.out) == (0, "")
    assert (faulty / "wfix.toml").is_file()
    assert wfix("check", "--output-format", "json").out == before


def test_it_leaves_a_configuration_that_is_there(faulty, wfix):
    (faulty / "wfix.toml").write_text("# mine\n")

    ran = wfix("init")

    assert ran.code == 2
    assert "exists already" in ran.err
    assert (faulty / "wfix.toml").read_text() == "# mine\n"


@pytest.mark.parametrize(("argument", "code"), [("nowhere", 2), ("caller/wrangler.jsonc", 2)])
def test_it_needs_a_folder(faulty, wfix, argument, code):
    assert wfix("init", argument).code == code


def test_it_needs_a_worker(tmp_path, wfix):
    assert wfix("init", tmp_path).code == 3
    assert not (tmp_path / "wfix.toml").exists()


def test_it_prints_the_schema(wfix, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    ran = wfix("init", "--schema")

    assert ran.code == 0
    assert json.loads(ran.out)["title"] == "wfix.toml"
    assert not (tmp_path / "wfix.toml").exists()
