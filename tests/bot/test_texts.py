"""What stands in pull requests and issues: bounded, believed, and nobody's business but theirs."""

import re

import pytest
from bots import ONE_FAULT, host_of_objects, worker
from cmarkgfm import github_flavored_markdown_to_html as as_html

from codemod.bot import body, complaint, dashboard, marks, onboarding, planning, texts
from codemod.bot.decisions import Wait, Waiting
from codemod.bot.marks import IssueKind, Mark, Step
from codemod.model import Unreadable

HOSTILE = "@octocat fixes #1 GH-2 octo/repo#3 https://example.invalid www.example.invalid <b> --> |"


def planned(folder, files):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return planning.plan(folder)


def rendered(made) -> str:
    context = body.Context(made.plan, made.settings, "main")
    return body.render(made.proposals[0], context, None)


def hostile(text: str) -> dict[str, str]:
    """A repository whose names are ``text`` wherever names can be."""
    files = {**worker("web", "api"), **host_of_objects("api"), "wfix.toml": ""}
    for path in ("api/wrangler.json", "web/wrangler.json"):
        files[path] = files[path].replace('"api"', f'"{text}"').replace('"web"', f'"{text} web"')
    return files


def test_what_the_body_says(tmp_path):
    text = rendered(planned(tmp_path, ONE_FAULT))

    for part in ("What breaks", "evidence: reported", "| `web.API` | `api` |", "```mermaid"):
        assert part in text
    for part in ("wfix-ignore", "[targets.api]", "close this pull request"):
        assert part in text


@pytest.mark.parametrize("kind", ["body", "onboarding", "title", "commit"])
def test_names_of_theirs_notify_nobody(tmp_path, kind):
    made = planned(tmp_path, hostile(HOSTILE))
    proposal = made.proposals[0]
    text = {
        "body": rendered(made),
        "onboarding": onboarding.render(made.proposals, made.settings),
        "title": body.title(proposal, made.settings),
        "commit": body.commit_message(proposal, made.settings),
    }[kind]

    outside_code = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    assert not re.search(r"@\w|#\d|\bGH-\d|://|www\.\w", outside_code)
    if kind in {"body", "onboarding"}:
        assert not re.search(r"<(b|a href)", as_html(text))


@pytest.mark.parametrize("name", ["[skip ci] x", "[CI skip]", "[no ci]", "***NO_CI***"])
def test_names_of_theirs_skip_no_checks(tmp_path, name):
    made = planned(tmp_path, hostile(name))

    for text in (
        body.title(made.proposals[0], made.settings),
        body.commit_message(made.proposals[0], made.settings),
    ):
        assert name not in text
        assert name in text.replace("\u200b", "")


def test_a_name_longer_than_a_body_is_left_out_of_it(tmp_path):
    assert len(rendered(planned(tmp_path, hostile("a" * 70_000)))) <= texts.LIMIT


@pytest.mark.parametrize("reason", [HOSTILE, "x" * 100_000])
def test_a_complaint_is_bounded_and_inert(reason):
    text = complaint.render(reason)

    assert len(text) <= texts.LIMIT
    assert not re.search(r"@\w|#\d|://", text)
    assert marks.of_issue(text) == (IssueKind.CONFIGURATION, complaint.identity(reason))


def test_a_body_stays_below_the_limit_with_its_box(tmp_path):
    callers = {}
    for number in range(400):
        callers |= worker(f"caller-number-{number}-with-a-rather-long-name", "api")
    made = planned(tmp_path, {**ONE_FAULT, **callers})

    text = rendered(made)

    assert len(text) <= texts.LIMIT
    assert "<!-- wfix:rebuild -->" in text
    assert "More is left out here" in text
    assert text.count("<details>") == text.count("</details>") > 0


def test_a_dashboard_stays_below_the_limit():
    overview = dashboard.Overview((), (), (), [Unreadable("p" * 90, "r" * 90)] * 5000)

    assert len(dashboard.render(overview, lambda _: "")) <= texts.LIMIT


def test_a_ticked_box_is_read_back(tmp_path):
    made = planned(tmp_path, ONE_FAULT)
    wait = Wait(made.proposals[0], Waiting.TICK)
    text = dashboard.render(dashboard.Overview([wait], (), (), ()), lambda _: HOSTILE)
    assert marks.with_ticks_taken(text, {"api": 7}) == text

    taken = marks.with_ticks_taken(text.replace("- [ ]", "- [x]"), {"api": 7})

    assert (marks.taken(text), marks.taken(taken)) == ({}, {"api": 7})
    assert marks.with_ticks_taken(taken, {"api": 8}) == taken


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!-- wfix:pull-request group=api fingerprint=12 step=settled -->",
        f"<!-- wfix:pull-request group=A/b fingerprint={'0' * 64} step=settled -->",
        f"<!-- wfix:pull-request group=api fingerprint={'0' * 64} step=merged -->",
        f"<!-- wfix:pull-request group=api fingerprint={'0' * 64} -->",
        f"<!-- wfix:pull-request group=api fingerprint={'0' * 64} step=settled head=me -->",
    ],
)
def test_what_is_no_mark(text):
    assert marks.of_pull_request(text) is None


@pytest.mark.parametrize("noted", [*range(7), None])
def test_a_mark_is_read_back_whatever_it_notes(noted):
    values = ["a" * 40, "b" * 64, "c" * 40, "d" * 32, "e" * 32, "f" * 32]
    kept = [text if place != noted else None for place, text in enumerate(values)]
    mark = Mark("api", "0" * 64, Step.OPENED, *kept)

    assert marks.of_pull_request(f"a {mark} b") == mark


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        ("a\n- [ ] <!-- wfix:rebuild --> b\n", True),
        # Ticked, sent by a browser, and trimmed by the forge.
        ("a\n- [x] <!-- wfix:rebuild --> b\n", True),
        ("a\r\n- [ ] <!-- wfix:rebuild --> b\r\n", True),
        ("\n\na  \n- [ ] <!-- wfix:rebuild --> b", True),
        ("a\n- [x] <!-- wfix:rebuild --> c\n", False),
        ("a\n\n- [ ] <!-- wfix:rebuild --> b\n", False),
        ("a\n- [ ] b\n", False),
        ("", False),
    ],
)
def test_a_text_is_known_again(text, is_same):
    known = marks.of_text("a\n- [ ] <!-- wfix:rebuild --> b\n")

    assert (marks.of_text(text) == known) is is_same


@pytest.mark.parametrize("box", ["- [x] <!-- wfix:rebuild -->", "- [X] <!-- wfix:rebuild -->"])
def test_a_box_counts_in_the_bots_part_alone(box):
    mark = Mark("api", "0" * 64, Step.SETTLED)

    assert marks.wants_rebuild(f"{mark}\n{box}\n<!-- wfix:end -->")
    assert not marks.wants_rebuild(f"{mark}\n\n<!-- wfix:end -->\n{box}")
    assert not marks.wants_rebuild(f"{box}\n{mark}\n<!-- wfix:end -->")


DASHBOARD = marks.issue(IssueKind.DASHBOARD)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "NEW\n<!-- wfix:end -->"),
        (f"a\n{DASHBOARD}\nold\n<!-- wfix:end -->\nb", "a\nNEW\n<!-- wfix:end -->\nb"),
        (f"{DASHBOARD}\n`<!-- wfix:end -->`\n<!-- wfix:end -->\nb", "NEW\n<!-- wfix:end -->\nb"),
        # Whoever takes the end away has written into what is the bot's.
        (f"a\n{DASHBOARD}\nold", "a\nNEW\n<!-- wfix:end -->"),
        # Without the mark nothing shows what is the bot's: all of it stays, and one end.
        ("a\nold\n<!-- wfix:end -->\nb", "NEW\n<!-- wfix:end -->\n\na\nold\n\nb"),
        ("\r\n", "NEW\n<!-- wfix:end -->"),
    ],
)
def test_an_issue_keeps_what_is_around_the_bots_part(body, expected):
    assert marks.with_own(body, "NEW\n") == expected


def test_a_mark_on_another_step():
    text = f"a\n{Mark('api', '0' * 64, Step.OPENED)}\nb"

    assert marks.with_step(text, Step.CLOSED) == f"a\n{Mark('api', '0' * 64, Step.CLOSED)}\nb"
    assert marks.with_step("no mark", Step.CLOSED) == "no mark"


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] <!-- wfix:rebuild -->",
        "> - [x] <!-- wfix:rebuild -->",
        "[x] wfix:rebuild",
        "- [x] other",
    ],
)
def test_what_is_no_ticked_box(text):
    assert not marks.wants_rebuild(text)


def test_of_several_boxes_of_a_group_the_newest_tick_counts():
    old, new = (
        "- [x] <!-- wfix:open=api after=0 --> a\n",
        "- [x] <!-- wfix:open=api after=3 --> a\n",
    )

    assert marks.taken(f"{new}\n{old}") == marks.taken(f"{old}\n{new}") == {"api": 3}
    assert marks.taken(f"{old}- [x] <!-- wfix:open=books --> b\n") == {"api": 0}
