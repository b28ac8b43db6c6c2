"""The life of a pull request, with git over HTTP and a forge that remembers."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bots import ONE_FAULT, REPOSITORY, TWO_TARGETS, host_of_objects, worker
from forge import BOT, PERSON, Fault, Pull, Ticket, When

from codemod.bot.dry_run import DryRun
from codemod.bot.forge import PermissionLost, Unavailable
from codemod.bot.reconcile import Operator, Outcome
from codemod.bot.scratch import AUTHOR

BRANCH = "wfix/api"
AT_ONCE = "[bot]\npull-requests-at-once = 1\n"
REPAIRED = '"entrypoint": "default"'

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("guarded")]


def ticked(text: str, box: str) -> str:
    assert f"- [ ] <!-- wfix:{box} -->" in text
    return text.replace(f"- [ ] <!-- wfix:{box} -->", f"- [x] <!-- wfix:{box} -->")


def with_settings(text: str) -> dict[str, str]:
    return {**ONE_FAULT, "wfix.toml": text}


# --- Opened, kept ----------------------------------------------------------------------------


def test_a_repair_becomes_a_branch_with_one_commit_and_a_pull_request(bot):
    assert bot.lines() == [f"{BRANCH}: opened"]

    assert bot.pull.title == "Repair the calls around api"
    assert REPAIRED in bot.hosted.file(BRANCH, "web/wrangler.json")
    log = bot.hosted.run("log", "--format=%an <%ae> %cn <%ce>", f"main..{BRANCH}")
    assert log == f"{AUTHOR.name} <{AUTHOR.email}> {AUTHOR.name} <{AUTHOR.email}>"


def test_what_stands_is_neither_pushed_nor_edited(bot):
    bot.run()
    head = bot.hosted.head(BRANCH)
    bot.written()

    assert bot.lines() == [f"{BRANCH}: kept as it is"]

    assert bot.written() == []
    assert bot.hosted.head(BRANCH) == head


def test_a_second_look_is_answered_from_memory(bot):
    bot.run()
    bot.run()
    known = bot.forge.not_modified

    bot.run()

    assert bot.forge.not_modified >= known + 5


def test_each_target_has_its_own(bot_in):
    bot = bot_in(TWO_TARGETS)

    assert bot.lines() == ["wfix/api: opened", "wfix/books: opened"]

    changed = bot.hosted.run("diff", "main", "wfix/api")
    assert len(re.findall(r"^\+.*entrypoint", changed, re.MULTILINE)) == 1


def test_labels_and_reviewers_are_set_once_and_strangers_are_passed_over(bot_in):
    bot = bot_in(with_settings('[bot]\nlabels = ["fix"]\nreviewers = ["x", "ada", "acme/core"]'))
    bot.hosted.strangers.add("x")
    bot.run()
    assert (bot.pull.labels, bot.pull.reviewers) == (["fix"], ["ada", "core"])
    bot.pull.labels.clear()

    assert bot.lines() == [f"{BRANCH}: kept as it is"]

    assert bot.pull.labels == []


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_team_that_may_not_be_asked_stands_in_the_way_of_nothing(bot_in, status):
    bot = bot_in({**TWO_TARGETS, "wfix.toml": '[bot]\nreviewers = ["acme/core", "ada"]'})
    asked = []

    def fault(_number, request):
        if "requested_reviewers" in request:
            asked.append(request)
        return Fault(status) if len(asked) == 1 and "requested_reviewers" in request else None

    bot.forge.fault = fault

    assert bot.lines() == [f"{BRANCH}: opened", "wfix/books: opened"]

    assert [pull.reviewers for pull in bot.hosted.open_pulls()] == [["ada"], ["core", "ada"]]
    assert bot.lines() == [f"{BRANCH}: kept as it is", "wfix/books: kept as it is"]


# --- Changed, moved, in conflict ---------------------------------------------------------------


def test_another_plan_is_pushed_and_told(bot):
    bot.run()
    before = bot.pull.body
    bot.hosted.commit("main", worker("admin", "api"))

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.pull.body != before
    assert REPAIRED in bot.hosted.file(BRANCH, "admin/wrangler.json")
    assert bot.hosted.run("rev-list", "--count", f"main..{BRANCH}") == "1"


def test_a_base_that_moved_elsewhere_changes_nothing(bot):
    bot.run()
    head = bot.hosted.head(BRANCH)
    bot.hosted.commit("main", {"README.md": "more"})
    bot.written()

    assert bot.lines() == [f"{BRANCH}: kept as it is"]

    assert (bot.hosted.head(BRANCH), bot.written()) == (head, [])


def test_a_base_that_moved_into_a_conflict_is_built_upon(bot):
    bot.run()
    text = ONE_FAULT["web/wrangler.json"]
    nearby = text.replace('"binding": "API",', '"binding": "API" ,')
    bot.hosted.commit("main", {"web/wrangler.json": nearby})
    assert not bot.hosted.mergeable(bot.pull)

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.hosted.mergeable(bot.pull)
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_another_strategy_is_another_plan(bot):
    bot.run()
    bot.hosted.commit("main", {"wfix.toml": '[targets.api]\nstrategy = "named"'})

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert REPAIRED not in bot.hosted.file(BRANCH, "web/wrangler.json")
    assert "wfix.toml asks for it" in bot.pull.body


# --- Another base ------------------------------------------------------------------------------


def brought(bot) -> list[str]:
    """The files that merging the open pull request would change."""
    pull = bot.pull
    return bot.hosted.run("diff", "--name-only", f"{pull.base}...{pull.branch}").split()


def test_where_the_default_branch_is_another_one_the_pull_request_follows_before_its_branch(bot):
    bot.run()
    bot.hosted.run("branch", "next", "main")
    bot.hosted.commit("next", {"unreleased.md": "x", **worker("admin", "api")})
    bot.hosted.default = "next"
    bot.written()

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.pull.base == "next"
    assert brought(bot) == ["admin/wrangler.json", "web/wrangler.json"]
    moved, noted, pushed = bot.written()[:3]
    assert (moved.split()[0], noted.split()[0]) == ("PATCH", "PATCH")
    assert "git-receive-pack" in pushed
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_nothing_is_pushed_below_a_pull_request_that_cannot_be_moved(bot):
    bot.run()
    head = bot.hosted.head(BRANCH)
    bot.hosted.run("branch", "next", "main")
    bot.hosted.commit("next", {"unreleased.md": "x", **worker("admin", "api")})
    bot.hosted.default = "next"
    bot.forge.fault = lambda _, request: Fault(422) if request.startswith("PATCH") else None

    (done,) = bot.run().done

    assert (done.what, bot.hosted.head(BRANCH)) == ("left to others", head)
    assert "merged into main" in done.detail


def moved_by_a_person(bot) -> str:
    """Moves the pull request to another base, changes the plan; the branch's commit."""
    bot.run()
    bot.hosted.run("branch", "release", "main")
    bot.pull.base = "release"
    bot.hosted.commit("main", {"unreleased.md": "x", **worker("admin", "api")})
    return bot.hosted.head(BRANCH)


def test_what_a_person_moved_to_another_base_is_neither_moved_back_nor_pushed_to(bot):
    head = moved_by_a_person(bot)

    assert bot.lines() == [f"{BRANCH}: left to others"]
    assert bot.lines() == [f"{BRANCH}: left to others"]

    assert (bot.pull.base, bot.pull.edits, bot.hosted.head(BRANCH)) == ("release", 0, head)
    assert len(bot.pull.comments) == 1


def test_what_a_person_moved_comes_back_when_its_box_is_ticked(bot):
    moved_by_a_person(bot)
    bot.run()
    bot.pull.body = ticked(bot.pull.body, "rebuild")

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.pull.base == "main"
    assert brought(bot) == ["admin/wrangler.json", "web/wrangler.json"]
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_what_a_person_moved_is_not_closed_where_the_default_branch_needs_no_repair(bot):
    moved_by_a_person(bot)
    bot.hosted.commit("main", {**worker("web"), **worker("admin")})

    assert bot.lines() == [f"{BRANCH}: left to others"]


def test_what_a_person_moved_back_is_looked_after_again(bot):
    moved_by_a_person(bot)
    bot.run()
    bot.pull.base = "main"

    assert bot.lines() == [f"{BRANCH}: rebuilt"]


@pytest.fixture(params=[BOT, PERSON])
def shared(bot, request):
    """A bot whose branch another pull request comes from as well, into another branch."""
    bot.run()
    bot.hosted.run("branch", "release", "main")
    made = datetime.now(UTC)
    bot.hosted.pulls[2] = Pull(2, BRANCH, "release", "x", bot.pull.body, request.param, made)
    return bot


def test_of_two_pull_requests_from_a_branch_that_into_the_default_branch_counts(shared):
    assert shared.lines() == [f"{BRANCH}: kept as it is"]

    other = shared.hosted.pulls[2]
    assert (other.edits, other.base) == (0, "release")


def test_what_would_be_in_two_pull_requests_is_not_pushed_and_told_once(shared):
    head = shared.hosted.head(BRANCH)
    shared.hosted.commit("main", {"unreleased.md": "x", **worker("admin", "api")})

    assert shared.lines() == [f"{BRANCH}: left to others"]
    assert shared.lines() == [f"{BRANCH}: left to others"]

    assert shared.hosted.head(BRANCH) == head
    assert [len(pull.comments) for pull in shared.hosted.pulls.values()] == [1, 0]


@pytest.mark.parametrize("happens", ["the other is closed", "ticked"])
def test_what_is_in_one_pull_request_alone_or_asked_for_is_pushed(shared, happens):
    shared.hosted.commit("main", worker("admin", "api"))
    if happens == "ticked":
        shared.hosted.pulls[1].body = ticked(shared.hosted.pulls[1].body, "rebuild")
    else:
        shared.hosted.close(2)

    assert shared.lines() == [f"{BRANCH}: rebuilt"]


def test_a_branch_that_another_pull_request_comes_from_outlives_its_own(shared):
    shared.hosted.commit("main", worker("web"))

    assert shared.lines() == [f"{BRANCH}: closed"]

    assert (shared.hosted.pulls[2].state, BRANCH in shared.hosted.branches()) == ("open", True)
    assert "The branch stays" in shared.hosted.pulls[1].comments[0][1]


@pytest.mark.parametrize("happens", ["another default branch", "history rewritten"])
def test_commits_that_a_branch_was_built_on_are_nobodys(bot, happens):
    hosted = bot.hosted
    hosted.run("branch", "old", "main")
    hosted.commit("main", {"unreleased.md": "x"})
    bot.run()
    if happens == "another default branch":
        hosted.default = "old"
    else:
        hosted.run("update-ref", "refs/heads/main", "old")

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert brought(bot) == ["web/wrangler.json"]
    assert bot.pull.comments == []
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_commits_of_others_on_a_branch_of_another_base_are_theirs(bot):
    bot.hosted.run("branch", "old", "main")
    bot.hosted.commit("main", {"unreleased.md": "x"})
    bot.run()
    bot.hosted.commit(BRANCH, {"notes.txt": "mine"})
    bot.hosted.default = "old"

    assert bot.lines() == [f"{BRANCH}: left to others"]


# --- Edited by a person ------------------------------------------------------------------------


@pytest.mark.parametrize("author", [PERSON, "github-actions"])
def test_commits_of_others_are_never_overwritten_and_told_of_once(bot, author):
    bot.run()
    theirs = bot.hosted.commit(BRANCH, {"notes.txt": "mine"}, author)
    bot.hosted.commit("main", worker("admin", "api"))

    assert bot.lines() == [f"{BRANCH}: left to others"]
    assert bot.lines() == [f"{BRANCH}: left to others"]

    assert bot.hosted.head(BRANCH) == theirs
    assert len(bot.pull.comments) == 1


def test_an_amended_commit_is_its_committers(bot):
    bot.run()
    tree, parent = f"{BRANCH}^{{tree}}", f"{BRANCH}^"
    signed = {"GIT_AUTHOR_NAME": AUTHOR.name, "GIT_AUTHOR_EMAIL": AUTHOR.email}
    signed |= {"GIT_COMMITTER_NAME": PERSON, "GIT_COMMITTER_EMAIL": "ada@example.invalid"}
    amended = bot.hosted.run("commit-tree", tree, "-p", parent, "-m", "amended", **signed)
    bot.hosted.run("update-ref", f"refs/heads/{BRANCH}", amended)

    assert bot.lines() == [f"{BRANCH}: left to others"]


def test_a_ticked_box_takes_the_branch_back(bot):
    bot.run()
    bot.hosted.commit(BRANCH, {"notes.txt": "mine"})
    bot.run()
    bot.pull.body = ticked(bot.pull.body, "rebuild")

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.hosted.run("rev-list", "--count", f"main..{BRANCH}") == "1"
    assert "- [ ] <!-- wfix:rebuild -->" in bot.pull.body
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_a_branch_of_others_is_not_taken_for_a_new_pull_request(bot):
    theirs = bot.hosted.commit("main", {"README.md": "x"})
    bot.hosted.run("update-ref", f"refs/heads/{BRANCH}", theirs)
    theirs = bot.hosted.commit(BRANCH, {"notes.txt": "mine"})

    assert bot.lines() == [f"{BRANCH}: waiting"]

    assert bot.hosted.head(BRANCH) == theirs
    (board,) = bot.hosted.issues.values()
    assert "somebody else changed the branch" in board.body


def set_to_an_older_commit(bot) -> str:
    """Sets the branch to the commit that the bot pushed before its last one."""
    bot.run()
    older = bot.hosted.head(BRANCH)
    bot.hosted.commit("main", worker("admin", "api"))
    bot.run()
    bot.hosted.run("update-ref", f"refs/heads/{BRANCH}", older)
    return older


def test_a_branch_that_was_set_to_an_older_commit_is_left_and_told_of_once(bot):
    older = set_to_an_older_commit(bot)
    bot.hosted.commit("main", worker("shop", "api"))

    assert bot.lines() == [f"{BRANCH}: left to others"]
    assert bot.lines() == [f"{BRANCH}: left to others"]

    assert bot.hosted.head(BRANCH) == older
    assert len(bot.pull.comments) == 1


def test_a_branch_that_was_set_to_an_older_commit_comes_back_when_its_box_is_ticked(bot):
    older = set_to_an_older_commit(bot)
    bot.pull.body = ticked(bot.pull.body, "rebuild")

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.hosted.head(BRANCH) != older
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


@pytest.mark.parametrize("then", ["the same", "another plan", "the plan before"])
@pytest.mark.parametrize("when", When)
def test_a_push_that_nothing_was_said_of_any_more_is_the_bots(bot, then, when):
    bot.run()
    bot.hosted.commit("main", worker("admin", "api"))
    bot.forge.fault = lambda _, request: (
        Fault(None, when=when) if "POST /git" in request and "receive-pack" in request else None
    )
    with pytest.raises(Unavailable):
        bot.run()
    bot.forge.fault = lambda _number, _request: None
    if then == "another plan":
        bot.hosted.commit("main", worker("shop", "api"))
    elif then == "the plan before":
        bot.hosted.commit("main", worker("admin"))

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    callers = {"the same": ["admin", "web"], "another plan": ["admin", "shop", "web"]}
    assert brought(bot) == [f"{name}/wrangler.json" for name in callers.get(then, ["web"])]
    assert bot.pull.comments == []
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


# --- Described by a person -----------------------------------------------------------------------


def edited(bot, before: str, after: str) -> None:
    assert before in bot.pull.body
    bot.pull.body = bot.pull.body.replace(before, after, 1)


def test_what_people_write_around_stays_when_the_plan_changes(bot):
    bot.run()
    bot.pull.body = f"Ada: see the notes\n\n{bot.pull.body}\n\nNot before May".replace("\n", "\r\n")
    bot.hosted.commit("main", worker("admin", "api"))

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.pull.body.startswith("Ada: see the notes\r\n\r\n<!-- wfix:pull-request")
    assert bot.pull.body.endswith("<!-- wfix:end -->\r\n\r\nNot before May")
    assert "`admin.API`" in bot.pull.body
    assert bot.pull.comments == []
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_a_title_that_a_person_wrote_stays(bot):
    bot.run()
    bot.pull.title = "HOLD: Repair the calls around api"
    bot.hosted.commit("main", worker("admin", "api"))

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.pull.title == "HOLD: Repair the calls around api"
    assert "`admin.API`" in bot.pull.body
    assert bot.pull.comments == []


def test_what_a_person_wrote_into_the_bots_text_stays_and_is_told_once(bot):
    bot.run()
    edited(bot, "### What breaks", "### What breaks, says Ada")
    for name in ("admin", "shop"):
        bot.hosted.commit("main", worker(name, "api"))
        assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert "### What breaks, says Ada" in bot.pull.body
    assert "`shop.API`" not in bot.pull.body
    assert REPAIRED in bot.hosted.file(BRANCH, "shop/wrangler.json")
    assert len(bot.pull.comments) == 1
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_a_text_that_a_person_put_back_is_the_bots_again(bot):
    bot.run()
    edited(bot, "### What breaks", "### What breaks, says Ada")
    bot.hosted.commit("main", worker("admin", "api"))
    bot.run()
    edited(bot, "### What breaks, says Ada", "### What breaks")
    bot.hosted.commit("main", worker("shop", "api"))
    bot.run()

    assert "`shop.API`" in bot.pull.body


def test_a_ticked_box_gives_title_and_text_back_and_nothing_else(bot):
    bot.run()
    bot.pull.title = "Mine"
    edited(bot, "### What breaks", "### What breaks, says Ada")
    bot.pull.body += "\n\nNot before May"
    bot.pull.body = ticked(bot.pull.body, "rebuild")

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.pull.title == "Repair the calls around api"
    assert "says Ada" not in bot.pull.body
    assert bot.pull.body.endswith("Not before May")
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_a_text_in_the_place_of_the_bots_stays(bot):
    bot.run()
    bot.pull.body = "I know better"

    assert bot.lines() == [f"{BRANCH}: rebuilt"]
    assert bot.lines() == [f"{BRANCH}: kept as it is"]

    assert bot.pull.body.startswith("<!-- wfix:pull-request")
    assert bot.pull.body.endswith("<!-- wfix:end -->\n\nI know better")
    assert "What breaks" not in bot.pull.body


def test_an_emptied_text_is_written_anew(bot):
    bot.run()
    bot.pull.body = "\r\n"

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert "### What breaks" in bot.pull.body
    assert bot.pull.comments == []


def while_it_is_pushed(bot, happens) -> None:
    """Does something once while the bot pushes."""
    pending = [happens]

    def fault(_number, request):
        if "POST /git" in request and "receive-pack" in request and pending:
            pending.pop()()

    bot.forge.fault = fault


def test_what_a_person_writes_during_a_run_stays(bot):
    bot.run()
    bot.hosted.commit("main", worker("admin", "api"))

    def write() -> None:
        bot.pull.body += "\nWritten just now"
        bot.pull.title = "Named just now"

    while_it_is_pushed(bot, write)

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert bot.pull.body.endswith("\nWritten just now")
    assert "`admin.API`" in bot.pull.body
    assert bot.pull.title == "Named just now"


def test_what_a_person_writes_into_the_bots_text_during_a_run_stays_and_is_told(bot):
    bot.run()
    bot.hosted.commit("main", worker("admin", "api"))
    looked = []

    def fault(_number, request):
        # The second look after the push is that in the turn of the edit.
        if request == "GET /repos/acme/workers/pulls/1":
            looked.append(request)
            if len(looked) == 3:
                edited(bot, "### What breaks", "### What breaks, says Ada")

    bot.forge.fault = fault

    assert bot.lines() == [f"{BRANCH}: rebuilt"]

    assert len(looked) > 3
    assert "### What breaks, says Ada" in bot.pull.body
    assert len(bot.pull.comments) == 1


def test_a_box_that_is_ticked_during_a_run_counts_in_the_next(bot):
    bot.run()
    bot.hosted.commit("main", worker("admin", "api"))

    def tick() -> None:
        bot.pull.body = ticked(bot.pull.body, "rebuild")

    while_it_is_pushed(bot, tick)

    assert bot.lines() == [f"{BRANCH}: rebuilt"]
    assert bot.lines() == [f"{BRANCH}: rebuilt"]
    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_what_is_written_while_labels_are_set_stays(bot_in):
    bot = bot_in(with_settings('[bot]\nlabels = ["fix"]'))

    def fault(_number, request):
        if request.endswith("/labels"):
            bot.pull.body += "\nWritten just now"

    bot.forge.fault = fault

    assert bot.lines() == [f"{BRANCH}: opened"]

    assert bot.pull.body.endswith("\nWritten just now")
    assert "step=settled" in bot.pull.body


def test_what_is_written_while_it_is_closed_stays(bot):
    bot.run()
    bot.hosted.commit("main", worker("web"))

    def fault(_number, request):
        if request.startswith("POST") and request.endswith("/comments"):
            bot.pull.body += "\nWritten just now"

    bot.forge.fault = fault

    assert bot.lines() == [f"{BRANCH}: closed"]

    assert bot.hosted.pulls[1].body.endswith("\nWritten just now")


# --- Changed under a run -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [Fault(409), Fault(422, message="A pull request already exists for acme:wfix/api.")]
)
def test_where_something_changed_under_a_run_it_begins_anew_once(bot, fault):
    faults = [fault]
    bot.forge.fault = lambda _, request: (
        faults.pop() if request == "POST /repos/acme/workers/pulls" and faults else None
    )

    report = bot.run()

    assert [f"{done.branch}: {done.what}" for done in report.done] == [f"{BRANCH}: opened"]
    assert report.failures == ()


@pytest.mark.parametrize(("status", "tries"), [(409, 2), (422, 1)])
def test_what_is_refused_again_is_told_and_not_tried_for_ever(bot, status, tries):
    asked = []

    def fault(_number, request):
        if request != "POST /repos/acme/workers/pulls":
            return None
        asked.append(request)
        return Fault(status)

    bot.forge.fault = fault

    assert [done.branch for done in bot.run().failures] == [BRANCH]

    assert len(asked) == tries


def test_what_was_done_before_a_run_began_anew_is_told_all_the_same(bot_in):
    bot = bot_in(TWO_TARGETS)
    opened = []

    def fault(_number, request):
        if request == "POST /repos/acme/workers/pulls":
            opened.append(request)
            return Fault(409) if len(opened) == 2 else None
        return None

    bot.forge.fault = fault

    assert bot.lines() == ["wfix/api: opened", "wfix/books: opened"]

    assert len(bot.hosted.open_pulls()) == 2


def test_what_is_closed_while_it_is_pushed_is_looked_at_again(bot):
    bot.run()
    bot.hosted.commit("main", worker("admin", "api"))
    while_it_is_pushed(bot, lambda: bot.hosted.close(1))

    assert bot.lines() == [f"{BRANCH}: opened"]

    assert (bot.hosted.pulls[1].state, bot.pull.number) == ("closed", 2)


# --- Closed, reopened, merged ------------------------------------------------------------------


def test_what_a_person_closed_stays_closed(bot):
    bot.run()
    bot.hosted.close(1)
    bot.hosted.drop(BRANCH)

    assert bot.lines() == [f"{BRANCH}: waiting"]
    assert bot.lines() == [f"{BRANCH}: waiting"]

    assert bot.hosted.open_pulls() == []
    (board,) = bot.hosted.issues.values()
    assert "Closed by a person" in board.body


@pytest.mark.parametrize("body", ["", "No, thank you"])
def test_what_a_person_closed_stays_closed_without_its_mark(bot, body):
    bot.run()
    bot.pull.body = body
    bot.hosted.close(1)
    bot.hosted.commit("main", worker("admin", "api"))

    assert bot.lines() == [f"{BRANCH}: waiting"]
    (board,) = bot.hosted.issues.values()
    board.body = ticked(board.body, "open=api")

    assert bot.lines() == [f"{BRANCH}: opened"]


def test_what_was_merged_without_its_mark_comes_back_with_its_fault(bot):
    bot.run()
    bot.pull.body = ""
    bot.hosted.merge(1)
    bot.run()
    bot.hosted.commit("main", ONE_FAULT)

    assert bot.lines() == [f"{BRANCH}: opened"]


def test_what_a_person_closed_comes_back_as_another_plan(bot):
    bot.run()
    bot.hosted.close(1)
    bot.hosted.commit("main", worker("admin", "api"))

    assert bot.lines() == [f"{BRANCH}: opened"]

    assert bot.pull.number != 1


def test_what_a_person_closed_comes_back_when_asked_for(bot):
    bot.run()
    bot.hosted.close(1)
    bot.run()
    (board,) = bot.hosted.issues.values()
    board.body = ticked(board.body, "open=api")

    assert bot.lines() == [f"{BRANCH}: opened"]

    assert "[x]" not in board.body


def test_what_a_person_reopened_is_kept(bot):
    bot.run()
    bot.hosted.close(1)
    bot.run()
    bot.hosted.reopen(1)

    assert bot.lines() == [f"{BRANCH}: kept as it is"]


def test_what_was_merged_is_done_and_its_branch_deleted(bot):
    bot.run()
    bot.hosted.merge(1)

    assert bot.lines() == [f"{BRANCH}: deleted"]

    assert bot.hosted.branches() == ["main"]
    assert bot.lines() == []


@pytest.mark.parametrize(
    "mended",
    [
        pytest.param({"wfix.toml": 'ignore = ["poisoned-binding"]'}, id="rule ignored"),
        pytest.param({"wfix.toml": '[targets.api]\nstrategy = "leave"'}, id="left"),
        pytest.param(worker("web"), id="mended on the base"),
    ],
)
def test_without_a_repair_it_is_closed_for_a_reason(bot, mended):
    bot.run()
    bot.hosted.commit("main", mended)

    assert bot.lines() == [f"{BRANCH}: closed"]

    pull = bot.hosted.pulls[1]
    assert (pull.state, len(pull.comments)) == ("closed", 1)
    assert bot.hosted.branches() == ["main"]
    assert bot.lines() == []


def test_what_a_person_reopened_is_not_closed_again_and_told_once(bot):
    reviewed = '[bot]\nlabels = ["fix"]\nreviewers = ["ada"]\n'
    bot.hosted.commit("main", {"wfix.toml": reviewed})
    bot.run()
    head = bot.hosted.head(BRANCH)
    bot.hosted.commit("main", {"wfix.toml": f'ignore = ["poisoned-binding"]\n{reviewed}'})
    bot.run()
    bot.hosted.run("update-ref", f"refs/heads/{BRANCH}", head)
    bot.hosted.reopen(1)
    bot.pull.labels.clear()
    told = len(bot.pull.comments)

    assert bot.lines() == bot.lines() == [f"{BRANCH}: left to others"]
    assert len(bot.pull.comments) == told + 1

    # Its fault is back: it is looked after again, and what people took off stays off.
    bot.hosted.commit("main", {"wfix.toml": reviewed})
    bot.run()
    assert bot.lines() == [f"{BRANCH}: kept as it is"]
    assert bot.pull.labels == []
    bot.hosted.close(1)
    assert bot.lines() == [f"{BRANCH}: waiting"]


def test_what_goes_into_another_pull_request_is_not_said_to_be_mended(bot):
    bot.run()
    bot.hosted.commit("main", {"wfix.toml": '[bot]\ngroup-by = "repository"'})

    assert bot.lines() == [f"{BRANCH}: closed", "wfix/repository: opened"]

    ((_, said),) = bot.hosted.pulls[1].comments
    assert "goes into another pull request" in said


def test_what_the_bot_closed_comes_back_with_its_fault(bot):
    bot.run()
    bot.hosted.commit("main", {"wfix.toml": 'ignore = ["poisoned-binding"]'})
    bot.run()
    bot.hosted.commit("main", {"wfix.toml": ""})

    assert bot.lines() == [f"{BRANCH}: opened"]


def test_a_branch_with_commits_of_others_is_not_closed(bot):
    bot.run()
    bot.hosted.commit(BRANCH, {"notes.txt": "mine"})
    bot.hosted.commit("main", worker("web"))

    assert bot.lines() == [f"{BRANCH}: left to others"]

    assert BRANCH in bot.hosted.branches()


def test_a_branch_that_no_pull_request_of_the_bot_came_from_is_left(bot_in):
    bot = bot_in(REPOSITORY)
    bot.hosted.run("update-ref", "refs/heads/wfix/mine", "main")

    assert bot.lines() == []

    assert "wfix/mine" in bot.hosted.branches()


def test_a_branch_whose_pull_request_never_opened_goes_with_its_fault(bot):
    bot.forge.fault = lambda _, request: Fault(422) if request.startswith("POST /repos") else None
    bot.run()
    assert BRANCH in bot.hosted.branches()
    bot.forge.fault = lambda _number, _request: None
    bot.hosted.commit("main", worker("web"))

    assert bot.lines() == [f"{BRANCH}: deleted"]


def test_a_branch_that_somebody_else_has_a_pull_request_from_is_left(bot):
    bot.run()
    bot.pull.author = PERSON

    assert bot.lines() == [f"{BRANCH}: waiting"]

    bot.hosted.commit("main", worker("web"))
    assert bot.lines() == []


# --- Limits, the dashboard ---------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["pull-requests-per-hour", "pull-requests-at-once"])
def test_beyond_a_limit_it_waits_until_asked_for(bot_in, limit):
    bot = bot_in({**TWO_TARGETS, "wfix.toml": f"[bot]\n{limit} = 1"})
    assert bot.lines() == ["wfix/api: opened", "wfix/books: waiting"]
    assert bot.lines() == ["wfix/api: kept as it is", "wfix/books: waiting"]
    (board,) = bot.hosted.issues.values()
    board.body = ticked(board.body, "open=books")

    assert bot.lines() == ["wfix/api: kept as it is", "wfix/books: opened"]


@pytest.mark.parametrize(
    "becomes", [{"wfix.toml": f"{AT_ONCE}dashboard = false"}, None], ids=["off", "refused"]
)
def test_a_tick_that_cannot_be_cleared_opens_nothing(bot_in, becomes):
    bot = bot_in({**TWO_TARGETS, "wfix.toml": AT_ONCE})
    bot.run()
    (board,) = bot.hosted.issues.values()
    board.body = ticked(board.body, "open=books")
    if becomes:
        bot.hosted.commit("main", becomes)
    else:
        bot.forge.fault = lambda _, asked: Fault(422) if re.match("PATCH.*issues", asked) else None

    assert bot.lines() == ["wfix/api: kept as it is", "wfix/books: waiting"]


def test_a_tick_counts_once_where_only_its_clearing_fails(bot_in):
    bot = bot_in({**TWO_TARGETS, "wfix.toml": AT_ONCE})
    bot.run()
    (board,) = bot.hosted.issues.values()
    board.body = ticked(board.body, "open=books")
    edits = []

    def fault(_number, request):
        if not re.match("PATCH.*issues", request):
            return None
        edits.append(request)
        return Fault(422) if len(edits) > 1 else None

    bot.forge.fault = fault
    assert bot.lines()[1] == "wfix/books: opened"
    bot.hosted.close(bot.hosted.open_pulls()[1].number)

    assert bot.lines()[1] == "wfix/books: waiting"


@pytest.mark.parametrize(("per_owner", "expected"), [(1, "waiting"), (2, "opened")])
@pytest.mark.parametrize("is_configured", [True, False])
def test_the_limit_of_an_owner_counts_all_repositories(bot_in, per_owner, expected, is_configured):
    files = {key: text for key, text in ONE_FAULT.items() if is_configured or key != "wfix.toml"}
    bot = bot_in(files)
    other = bot.forge.host("acme/other", {"README.md": "x"})
    now, long_ago = datetime.now(UTC), datetime(2020, 1, 1, tzinfo=UTC)
    for number, (author, made) in enumerate([(BOT, now), (BOT, long_ago), (PERSON, now)], 1):
        other.pulls[number] = Pull(number, "x", "main", "t", "", author, made)

    (line,) = bot.lines(Operator(per_owner=per_owner))

    assert line.endswith(f": {expected}")


def test_a_repair_that_leaves_steps_to_people_waits_until_asked_for(bot_in):
    bot = bot_in(with_settings('[targets.api]\nstrategy = "split"'))
    (line,) = bot.lines()
    assert line.endswith(": waiting")
    (board,) = bot.hosted.issues.values()
    (group,) = re.findall(r"wfix:open=(\S+)", board.body)
    assert group.startswith("api-manual-")
    board.body = ticked(board.body, f"open={group}")

    assert bot.lines() == [f"wfix/{group}: opened"]

    assert "What is left to you, in this order" in bot.pull.body
    assert "stored data is at stake" in bot.pull.body
    assert bot.lines() == [f"wfix/{group}: kept as it is"]


def test_a_repair_that_leaves_steps_is_proposed_where_configured(bot_in):
    bot = bot_in(with_settings('[bot]\nmanual-fixes = true\n[targets.api]\nstrategy = "split"'))

    assert bot.lines() == [f"{BRANCH}: opened"]


def test_without_anything_that_waits_there_is_no_dashboard(bot):
    bot.run()

    assert bot.hosted.issues == {}


def test_what_cannot_be_read_is_on_the_dashboard_and_again_off_it(bot):
    bot.hosted.commit("main", {"odd/wrangler.json": "{"})
    bot.run()
    (board,) = bot.hosted.issues.values()
    assert "odd/wrangler.json" in board.body
    bot.hosted.commit("main", {"odd/wrangler.json": None})

    bot.run()

    assert "odd/wrangler.json" not in board.body
    assert "Nothing waits" in board.body


def test_known_findings_are_on_the_dashboard(bot_in):
    text = ONE_FAULT["web/wrangler.json"].replace(
        "    {\n", "    // wfix-ignore poisoned-binding: we know\n    {\n", 1
    )
    bot = bot_in({**ONE_FAULT, "web/wrangler.json": text, "odd/wrangler.json": "{"})

    bot.run()

    (board,) = bot.hosted.issues.values()
    assert "### Ignored" in board.body


def test_what_people_write_around_the_dashboard_stays(bot):
    bot.hosted.commit("main", {"odd/wrangler.json": "{"})
    bot.run()
    (board,) = bot.hosted.issues.values()
    board.body = f"Ada looks after this\n\n{board.body}\n\nNot before May"
    bot.hosted.commit("main", {"odd/wrangler.json": None})

    bot.run()

    assert "Nothing waits" in board.body
    assert board.body.startswith("Ada looks after this\n\n<!-- wfix:dashboard -->")
    assert board.body.endswith("<!-- wfix:end -->\n\nNot before May")
    edits = board.edits
    bot.run()
    assert board.edits == edits


def test_a_box_that_is_ticked_while_another_is_noted_is_noted_too(bot_in):
    bot = bot_in({**TWO_TARGETS, **host_of_objects("clubs"), **worker("club", "clubs")})
    bot.hosted.commit("main", {"wfix.toml": AT_ONCE})
    bot.run()
    (board,) = bot.hosted.issues.values()
    board.body = ticked(board.body, "open=books")

    def fault(_number, request):
        if request == f"GET /repos/acme/workers/issues/{board.number}" and "[ ]" in board.body:
            board.body = board.body.replace("[ ]", "[x]")

    bot.forge.fault = fault

    assert bot.lines()[1:] == ["wfix/books: opened", "wfix/clubs: opened"]


def test_a_dashboard_that_a_person_closed_is_left_alone(bot):
    bot.hosted.commit("main", {"odd/wrangler.json": "{"})
    bot.run()
    (board,) = bot.hosted.issues.values()
    board.state = "closed"
    bot.hosted.commit("main", {"odd/wrangler.json": None})

    bot.run()

    assert (len(bot.hosted.issues), board.edits) == (1, 0)


@pytest.mark.parametrize("taken_away", ["all of it", "the mark", "the mark and the end"])
def test_a_dashboard_without_its_mark_is_not_written_twice(bot, taken_away):
    bot.hosted.commit("main", {"odd/wrangler.json": "{"})
    bot.run()
    (board,) = bot.hosted.issues.values()
    marked = f"Ada looks after this\n\n{board.body}\n\nNot before May"
    unmarked = marked.replace("<!-- wfix:dashboard -->", "")
    unended = unmarked.replace("<!-- wfix:end -->", "")
    texts = {"all of it": "", "the mark": unmarked, "the mark and the end": unended}
    board.body = texts[taken_away]

    bot.run()
    bot.run()

    assert (len(bot.hosted.issues), board.edits) == (1, 1)
    assert board.body.startswith("<!-- wfix:dashboard -->")
    assert board.body.count("<!-- wfix:end -->") == 1
    if taken_away != "all of it":
        assert "<!-- wfix:end -->\n\nAda looks after this" in board.body
        assert board.body.endswith("Not before May")


def test_a_dashboard_that_a_person_emptied_and_closed_is_left_alone(bot):
    bot.hosted.commit("main", {"odd/wrangler.json": "{"})
    bot.run()
    (board,) = bot.hosted.issues.values()
    board.state, board.body = "closed", ""
    bot.hosted.commit("main", {"more/wrangler.json": "{"})

    bot.run()

    assert (len(bot.hosted.issues), board.edits) == (1, 0)


def test_a_dashboard_with_its_mark_comes_before_one_without(bot):
    bot.hosted.commit("main", {"odd/wrangler.json": "{"})
    bot.run()
    (board,) = bot.hosted.issues.values()
    bot.hosted.issues[99] = replace(board, number=99)
    board.body = "Nobody's"
    bot.hosted.commit("main", {"odd/wrangler.json": None})

    bot.run()

    assert (board.edits, bot.hosted.issues[99].edits) == (0, 1)


def test_an_issue_of_somebody_else_with_that_title_is_no_dashboard(bot):
    bot.hosted.commit("main", {"odd/wrangler.json": "{"})
    bot.hosted.issues[50] = Ticket(50, "wfix dashboard", "", PERSON)

    bot.run()

    assert bot.hosted.issues[50].edits == 0
    assert len(bot.hosted.issues) == 2


def test_a_strangers_copy_of_the_dashboard_is_not_believed(bot):
    bot.run()
    bot.hosted.close(1)
    bot.run()
    (board,) = bot.hosted.issues.values()
    board.author = "mallory"
    board.body = ticked(board.body, "open=api")

    assert bot.lines() == [f"{BRANCH}: waiting"]


def test_where_issues_are_switched_off_the_rest_is_done(bot):
    bot.hosted.has_issues = False
    bot.hosted.commit("main", {"odd/wrangler.json": "{"})

    report = bot.run()

    assert [done.what for done in report.done] == ["opened"]
    assert "dashboard cannot be written" in report.notes[0]


def test_what_the_forge_refuses_is_told_to_people_and_to_whoever_runs_the_bot(bot):
    # Where there is a branch called wfix, there can be none below it.
    bot.hosted.run("branch", "wfix", "main")

    report = bot.run()

    assert [done.branch for done in report.failures] == [BRANCH]
    (board,) = bot.hosted.issues.values()
    assert "### Refused by the forge" in board.body
    assert "### Open" not in board.body
    bot.hosted.run("update-ref", "-d", "refs/heads/wfix")
    assert bot.run().failures == ()
    assert "Refused" not in board.body


# --- Configuration, first contact --------------------------------------------------------------


def test_a_broken_configuration_opens_one_issue_and_pauses_the_rest(bot):
    bot.run()
    head = bot.hosted.head(BRANCH)
    bot.hosted.commit("main", {"wfix.toml": "selct = []", **worker("admin", "api")})

    assert bot.run().outcome is Outcome.BROKEN_CONFIGURATION
    assert bot.run().outcome is Outcome.BROKEN_CONFIGURATION

    (issue,) = bot.hosted.issues.values()
    assert 'did you mean "select"' in issue.body
    assert bot.hosted.head(BRANCH) == head


def test_a_mended_configuration_closes_the_issue(bot):
    bot.hosted.commit("main", {"wfix.toml": "selct = []"})
    bot.run()
    bot.hosted.commit("main", {"wfix.toml": ""})

    assert bot.lines() == [f"{BRANCH}: opened"]

    (issue,) = bot.hosted.issues.values()
    assert issue.state == "closed"
    edits = issue.edits
    bot.run()
    assert issue.edits == edits


@pytest.mark.parametrize("closed_by_a_person", [False, True])
def test_a_fault_that_was_mended_is_complained_of_when_it_comes_back(bot, closed_by_a_person):
    bot.hosted.commit("main", {"wfix.toml": "selct = []"})
    bot.run()
    (issue,) = bot.hosted.issues.values()
    issue.body += "\n\nAda looks after this"
    if closed_by_a_person:
        issue.state = "closed"
    bot.hosted.commit("main", {"wfix.toml": ""})
    bot.run()
    assert (issue.state, 'did you mean "select"' in issue.body) == ("closed", False)
    bot.hosted.commit("main", {"wfix.toml": "selct = []"})

    bot.run()

    assert (issue.state, len(bot.hosted.issues)) == ("open", 1)
    assert 'did you mean "select"' in issue.body
    assert issue.body.endswith("Ada looks after this")


@pytest.mark.parametrize(("state", "expected"), [("closed", "closed"), ("open", "open")])
def test_a_complaint_without_its_mark_is_not_made_twice(bot, state, expected):
    bot.hosted.commit("main", {"wfix.toml": "selct = []"})
    bot.run()
    (issue,) = bot.hosted.issues.values()
    issue.state, issue.body = state, "I know"

    bot.run()
    bot.run()

    assert (issue.state, len(bot.hosted.issues)) == (expected, 1)
    assert issue.edits == (0 if state == "closed" else 1)
    assert issue.body.endswith("I know")


@pytest.mark.parametrize(("text", "state"), [("selct = []", "closed"), ("x = 1", "open")])
def test_a_complaint_that_a_person_closed_returns_for_another_fault_alone(bot, text, state):
    bot.hosted.commit("main", {"wfix.toml": "selct = []"})
    bot.run()
    (issue,) = bot.hosted.issues.values()
    issue.state = "closed"
    bot.hosted.commit("main", {"wfix.toml": text, "README.md": "x"})

    bot.run()

    assert (issue.state, len(bot.hosted.issues)) == (state, 1)


@pytest.mark.parametrize("text", ['environments = ["nowhere"]', 'select = ["no-such-rule"]'])
def test_settings_that_do_not_fit_the_repository_are_broken_too(bot_in, text):
    assert bot_in(with_settings(text)).run().outcome is Outcome.BROKEN_CONFIGURATION


def test_a_configuration_that_is_a_link_is_not_followed(bot, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hush = 1")
    blob = bot.hosted.run("hash-object", "-w", "--stdin", given=str(secret).encode())
    index = {"GIT_INDEX_FILE": str(tmp_path / "index")}
    bot.hosted.run("read-tree", "main", **index)
    bot.hosted.run("update-index", "--cacheinfo", f"120000,{blob},wfix.toml", **index)
    tree = bot.hosted.run("write-tree", **index)
    signed = {
        f"GIT_{role}_{part}": "x" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    made = bot.hosted.run("commit-tree", tree, "-p", "main", "-m", "link", **signed)
    bot.hosted.run("update-ref", "refs/heads/main", made)

    assert bot.run().outcome is Outcome.BROKEN_CONFIGURATION

    (issue,) = bot.hosted.issues.values()
    assert "hush" not in issue.body


def test_a_configuration_that_switches_the_bot_off(bot_in):
    bot = bot_in(with_settings("[bot]\nenabled = false"))

    assert bot.run().outcome is Outcome.DISABLED

    assert bot.written() == []


@pytest.fixture
def first(bot_in):
    files = {**TWO_TARGETS}
    del files["wfix.toml"]
    return bot_in(files)


def test_first_contact_is_one_pull_request_that_shows_what_would_follow(first):
    assert first.run().outcome is Outcome.ONBOARDING
    assert first.lines() == ["wfix/configure: kept as it is"]

    assert "Repair the calls around books" in first.pull.body
    assert "# [bot]" in first.hosted.file("wfix/configure", "wfix.toml")


def test_after_first_contact_the_rest_follows(first):
    first.run()
    first.hosted.merge(1)

    assert first.lines() == ["wfix/configure: deleted", "wfix/api: opened", "wfix/books: opened"]


def test_first_contact_that_a_person_closed_is_the_last(first):
    first.run()
    first.hosted.close(1)
    first.hosted.commit("main", worker("admin", "api"))

    assert first.run().outcome is Outcome.DECLINED

    assert first.hosted.open_pulls() == []


def test_first_contact_is_closed_where_somebody_writes_the_file(first):
    first.run()
    first.hosted.commit("main", {"wfix.toml": ""})

    assert first.lines()[0] == "wfix/configure: closed"


def test_without_onboarding_the_defaults_count(first):
    assert first.lines(Operator(onboarding=False)) == ["wfix/api: opened", "wfix/books: opened"]


# --- Repositories in which nothing can be done -------------------------------------------------


def test_an_empty_repository(bot_in):
    assert bot_in(None).run().outcome is Outcome.EMPTY


def test_a_repository_without_workers_is_not_bothered(bot_in):
    bot = bot_in({"README.md": "hello"})

    assert bot.run().outcome is Outcome.NO_WORKERS

    assert bot.written() == []


def test_an_archived_repository(bot):
    bot.hosted.archived = True

    assert bot.run().outcome is Outcome.ARCHIVED


def test_a_repository_in_which_the_bot_may_not_write(bot):
    bot.hosted.writable = False

    with pytest.raises(PermissionLost):
        bot.run()


# --- Runs that change nothing ------------------------------------------------------------------


@pytest.mark.parametrize("dry_run", DryRun)
def test_a_dry_run_changes_nothing(first, dry_run):
    for _ in range(2):
        report = first.run(dry_run=dry_run)
        assert first.written() == []
        assert first.hosted.branches() == ["main"]
        first.hosted.commit("main", {"wfix.toml": ""})

    lines = [f"{done.branch}: {done.what}" for done in report.done]
    opened = ["wfix/api: opened", "wfix/books: opened"]
    assert lines == ([] if dry_run is DryRun.SCAN else opened)


def test_hosts_of_objects_alone_need_nothing(bot_in):
    assert bot_in({**host_of_objects("api"), "wfix.toml": ""}).lines() == []
