"""`wfix.toml`: the reader, the JSON Schema and what `wfix init` writes say the same of it."""

import json
import tomllib

import jsonschema
import pytest

from codemod.errors import UsageError
from codemod.model import Strategy
from codemod.planner import plan
from codemod.report import starter
from codemod.scanner import scan
from codemod.settings import BotSettings, GroupBy, Settings, json_schema, load

SCHEMA = json.loads(json_schema())


def read(tmp_path, text: str) -> Settings:
    (tmp_path / "wfix.toml").write_text(text)
    return load(tmp_path)


def test_without_a_file_there_are_the_defaults(tmp_path):
    assert load(tmp_path) == Settings()


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("", Settings()),
        (
            'select = ["all"]\nignore = ["bare-binding"]',
            Settings(select=("all",), ignore=("bare-binding",)),
        ),
        ("ignore = []", Settings()),
        ("[per-file-ignores]\na = []", Settings(per_file_ignores={"a": ()})),
        ('exclude = ["old/"]', Settings(exclude=("old/",))),
        ('external-services = ["x"]', Settings(external_services=("x",))),
        ('environments = ["", "p"]', Settings(environments=("", "p"))),
        (
            '[per-file-ignores]\n"a/**" = ["all"]',
            Settings(per_file_ignores={"a/**": ("all",)}),
        ),
        (
            '[targets.api]\nstrategy = "named"\n[targets."a.b"]\nstrategy = "auto"',
            Settings(targets={"api": Strategy.NAMED}),
        ),
        ("[bot]", Settings()),
        ("[bot]\nenabled = false", Settings(bot=BotSettings(enabled=False))),
        ('[bot]\ngroup-by = "rule"', Settings(bot=BotSettings(group_by=GroupBy.RULE))),
        (
            '[bot]\nlabels = ["l"]\nreviewers = ["r", "o/t"]',
            Settings(bot=BotSettings(labels=("l",), reviewers=("r", "o/t"))),
        ),
        (
            "[bot]\npull-requests-per-hour = 0\npull-requests-at-once = 3",
            Settings(bot=BotSettings(pull_requests_per_hour=0, pull_requests_at_once=3)),
        ),
        (
            "[bot]\nunsafe-fixes = true\nmanual-fixes = true\ndashboard = false",
            Settings(bot=BotSettings(unsafe_fixes=True, manual_fixes=True, dashboard=False)),
        ),
    ],
)
def test_what_is_a_setting_is_one_to_both(tmp_path, text, settings):
    assert read(tmp_path, text) == settings
    jsonschema.validate(tomllib.loads(text), SCHEMA)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('selct = ["a"]', '1:1: unknown key "selct"; did you mean "select"?'),
        (
            'select = ["all",\n  "poisned-binding"]',
            '2:3: no rule is called "poisned-binding"; did you mean "poisoned-binding"?',
        ),
        ('ignore = ["no-such-rule-at-all"]', "1:11: no rule is called"),
        ('[per-file-ignores]\na = ["unkown-service"]', '2:6: no rule is called "unkown-service"'),
        ("select = []", "1:10: select is empty"),
        ("ignore = []\nselect = [\n]", "2:10: select is empty"),
        ('select = "a"', "1:10: expected an array of strings"),
        ("ignore = [1]", "1:11: expected a string"),
        ("exclude = true", "1:11: expected an array"),
        ("external-services = [[]]", "expected a string"),
        ("environments = {}", "expected an array"),
        ("per-file-ignores = []", "expected a table"),
        ('[per-file-ignores]\na = "r"', "2:5: expected an array"),
        ("targets = 1", "expected a table"),
        ("[targets]\na = 1", "expected a table"),
        ('[targets.a]\nstrategi = "rpc"', '2:1: unknown key "strategi"; did you mean "strategy"?'),
        ('[targets.a]\nstrategy = "rcp"', '2:12: no strategy is called "rcp"; did you mean'),
        ('[targets.a]\nstrategy = "remove"', "no strategy is called"),
        ("bot = true", "1:7: expected a table"),
        ("[bot]\nenable = true", '2:1: unknown key "enable"; did you mean "enabled"?'),
        ('[bot]\nenabled = "yes"', "2:11: expected true or false"),
        ('[bot]\ngroup-by = "targets"', '2:12: nothing is grouped by "targets"; did you mean'),
        ("[bot]\npull-requests-per-hour = -1", "2:26: expected a whole number, 0 or above"),
        ("[bot]\npull-requests-at-once = true", "expected a whole number"),
        ("[bot]\npull-requests-at-once = 1.5", "expected a whole number"),
        ("[bot]\nlabels = 1", "expected an array"),
    ],
)
def test_what_is_wrong_is_wrong_to_both(tmp_path, text, said):
    with pytest.raises(UsageError) as raised:
        read(tmp_path, text)
    assert said in str(raised.value)
    assert str(raised.value).startswith("wfix.toml:")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('exclude = ["old/", "!"]', '1:20: "!" is no gitignore pattern'),
        ('[per-file-ignores]\n"[z-a]" = ["all"]', '2:1: "[z-a]" is no gitignore pattern'),
        ('exclude = ["\\\\"]', "1:12: "),
    ],
)
def test_what_is_no_pattern_is_told_with_its_place(tmp_path, text, said):
    with pytest.raises(UsageError) as raised:
        read(tmp_path, text)
    assert f"wfix.toml:{said}" in str(raised.value)


@pytest.mark.parametrize("pattern", ["a**b", "[", "[]", "!kept", "#", "/", "***"])
def test_what_git_takes_for_a_pattern_is_one(tmp_path, pattern):
    assert read(tmp_path, f'exclude = ["{pattern}"]') == Settings(exclude=(pattern,))


def test_places_of_names_are_kept(tmp_path):
    text = 'environments = ["",\n "live"]\n[per-file-ignores]\n"a" = []\n[targets.b]\n'
    places = read(tmp_path, text).places
    assert {name: (place.line, place.column) for name, place in places.items()} == {
        ("environments", ""): (1, 17),
        ("environments", "live"): (2, 2),
        ("per-file-ignores", "a"): (4, 1),
        ("targets", "b"): (5, 10),
    }


def test_what_is_no_toml_is_told_with_its_place(tmp_path):
    with pytest.raises(UsageError, match=r"wfix\.toml:2:"):
        read(tmp_path, "select = []\nignore = [")


@pytest.fixture
def repository(tmp_path):
    def build(*services: str):
        for name, bound in (("caller", services), ("target", ())):
            folder = tmp_path / name
            folder.mkdir()
            bindings = [{"binding": f"B{i}", "service": each} for i, each in enumerate(bound)]
            (folder / "wrangler.json").write_text(
                json.dumps({"name": name, "services": bindings, "env": {"live": {}}})
            )
        return tmp_path

    return build


@pytest.mark.parametrize("name", ['quo"ted', "back\\slash", "new\nline", "täglich", "del\x7f"])
def test_a_starter_names_what_lives_elsewhere(repository, name):
    root = repository("target", name)

    settings = read(root, starter.render(scan(root)))

    assert settings == Settings(external_services=(name,))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tagret", 'did you mean "target"?'),
        ("TAR_GET", 'did you mean "target"?'),
        ("targets-of-others", None),
        ("forget", None),
    ],
)
def test_a_starter_silences_no_finding(repository, name, told):
    root = repository(name, "elsewhere")
    claims = [item.rule for item in plan(scan(root)).findings if item.stands]

    text = starter.render(scan(root))
    settings = read(root, text)

    assert [item.rule for item in plan(scan(root), settings).findings if item.stands] == claims
    assert (name in settings.external_services) is (told is None)
    assert "elsewhere" in settings.external_services
    assert (f'# Left out, since findings tell of it: "{name}" ({told})\n' in text) is bool(told)


def test_a_starter_silences_no_finding_about_an_environment(repository):
    root = repository()
    bound = [{"binding": "B", "service": "target-blue"}]
    caller = {"name": "caller", "env": {"blue": {"services": bound}}}
    (root / "caller/wrangler.json").write_text(json.dumps(caller))
    claims = [item.message for item in plan(scan(root)).findings if item.stands]

    settings = read(root, text := starter.render(scan(root)))

    assert claims == [item.message for item in plan(scan(root), settings).findings if item.stands]
    assert "(target is here, and has no environment blue)" in text
    assert settings.external_services == ()


def test_a_starter_sets_nothing_where_nothing_calls_for_it(repository):
    root = repository("target")

    text = starter.render(scan(root))

    assert read(root, text) == Settings()
    assert '# environments = ["", "live"]' in text
    assert "# [targets.target]" in text


def test_every_setting_of_a_starter_is_one_once_it_is_taken_in(repository):
    root = repository("target")
    lines = starter.render(scan(root)).splitlines()
    taken_in = [line.removeprefix("# ") for line in lines if " = " in line or "# [" in line]

    settings = read(root, "\n".join(taken_in))

    keys = SCHEMA["properties"].keys()
    assert {key for key in keys if any(line.startswith((key, f"[{key}")) for line in taken_in)} == {
        *keys
    }
    assert settings.targets == {"target": Strategy.LEAVE}
