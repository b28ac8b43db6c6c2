"""Which event asks for which run."""

import json

import pytest

from codemod.bot import marks
from codemod.bot.marks import IssueKind
from codemod.bot.service.events import Malformed, UnknownEvent, Wanted, wanted

NAME = "acme/workers"
RUN = Wanted(runs=(NAME,))
NOTHING = Wanted()
REPOSITORY = {"full_name": NAME, "default_branch": "main", "private": True}
PERSON = {"login": "ada", "type": "User"}
BOT = {"login": "wfix-bot[bot]", "type": "Bot"}
DASHBOARD = f"{marks.issue(IssueKind.DASHBOARD)}\nWhat waits."


def read(event: str, login: str | None = None, **payload: object) -> Wanted:
    return wanted(event, json.dumps(payload).encode(), login)


@pytest.mark.parametrize(
    ("ref", "sender", "expected"),
    [
        pytest.param("refs/heads/main", PERSON, RUN, id="the base moved"),
        pytest.param("refs/heads/main", BOT, RUN, id="a bot merged something"),
        pytest.param("refs/heads/wfix/api", PERSON, RUN, id="somebody commits to our branch"),
        pytest.param("refs/heads/wfix/api", BOT, NOTHING, id="our own push"),
        pytest.param("refs/heads/feature", PERSON, NOTHING, id="another branch"),
        pytest.param("refs/heads/main/x", PERSON, NOTHING, id="a branch that begins like it"),
        pytest.param("refs/heads/my-wfix/api", PERSON, NOTHING, id="a branch that holds our name"),
        pytest.param("refs/tags/main", PERSON, NOTHING, id="a tag called like the base"),
        pytest.param("main", PERSON, NOTHING, id="no ref at all"),
    ],
)
def test_pushes(ref, sender, expected):
    assert read("push", ref=ref, repository=REPOSITORY, sender=sender) == expected


def test_an_empty_repository_has_no_base_that_could_move():
    repository = {**REPOSITORY, "default_branch": ""}

    assert read("push", ref="refs/heads/", repository=repository, sender=PERSON) == NOTHING


OURS = {"head": {"ref": "wfix/api", "repo": REPOSITORY}}


@pytest.mark.parametrize(
    ("action", "pull", "sender", "expected"),
    [
        pytest.param("edited", OURS, PERSON, RUN, id="a box was ticked"),
        pytest.param("closed", OURS, PERSON, RUN, id="closed by a person"),
        pytest.param("reopened", OURS, PERSON, RUN, id="reopened by a person"),
        pytest.param("edited", OURS, BOT, NOTHING, id="our own edit"),
        pytest.param("closed", OURS, BOT, NOTHING, id="our own closing"),
        pytest.param("opened", OURS, BOT, NOTHING, id="our own opening"),
        pytest.param("labeled", OURS, PERSON, NOTHING, id="a label changes nothing"),
        pytest.param("synchronize", OURS, PERSON, NOTHING, id="the push said so already"),
        pytest.param(
            "edited",
            {"head": {"ref": "feature", "repo": REPOSITORY}},
            PERSON,
            NOTHING,
            id="another's pull request",
        ),
        pytest.param(
            "edited",
            {"head": {"ref": "wfix/api", "repo": {"full_name": "eve/workers"}}},
            PERSON,
            NOTHING,
            id="a fork's branch of the same name",
        ),
        pytest.param(
            "edited", {"head": {"ref": "wfix/api", "repo": None}}, PERSON, NOTHING, id="no fork"
        ),
    ],
)
def test_pull_requests(action, pull, sender, expected):
    given = {"action": action, "pull_request": pull, "repository": REPOSITORY, "sender": sender}

    assert read("pull_request", **given) == expected


@pytest.mark.parametrize(
    ("action", "author", "body", "sender", "expected"),
    [
        pytest.param("edited", BOT, DASHBOARD, PERSON, RUN, id="a box on the dashboard"),
        pytest.param("reopened", BOT, DASHBOARD, PERSON, RUN, id="the dashboard is wanted again"),
        pytest.param("edited", BOT, DASHBOARD, BOT, NOTHING, id="our own edit"),
        pytest.param("assigned", BOT, DASHBOARD, PERSON, NOTHING, id="nothing of ours changed"),
        pytest.param("edited", BOT, "wfix dashboard", PERSON, NOTHING, id="another issue"),
        pytest.param("edited", BOT, None, PERSON, NOTHING, id="an issue without a body"),
        pytest.param("edited", PERSON, DASHBOARD, PERSON, NOTHING, id="a stranger's dashboard"),
        pytest.param("edited", None, DASHBOARD, PERSON, NOTHING, id="nobody's dashboard"),
    ],
)
def test_issues(action, author, body, sender, expected):
    issue = {"user": author, "body": body}
    given = {"action": action, "issue": issue, "repository": REPOSITORY, "sender": sender}

    assert read("issues", **given) == expected


@pytest.mark.parametrize(
    ("author", "login", "expected"),
    [
        pytest.param(PERSON, "ADA", RUN, id="the bot is a person's account"),
        pytest.param(PERSON, "ad", NOTHING, id="the bot is another person's account"),
        pytest.param(BOT, "wfix-bot[bot]", RUN, id="the bot says its name"),
        pytest.param(BOT, "other[bot]", NOTHING, id="another bot's dashboard"),
    ],
)
def test_issues_are_the_bots_by_their_authors(author, login, expected):
    sender = {"login": "eve", "type": "User"}
    issue = {"user": author, "body": DASHBOARD}
    given = {"action": "edited", "issue": issue, "repository": REPOSITORY, "sender": sender}

    assert read("issues", login, **given) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("created", RUN),
        ("unsuspend", RUN),
        ("new_permissions_accepted", RUN),
        ("deleted", Wanted(forgotten=(NAME,))),
        ("suspend", Wanted(forgotten=(NAME,))),
        ("something_new", NOTHING),
    ],
)
def test_installations(action, expected):
    assert read("installation", action=action, repositories=[{"full_name": NAME}]) == expected


def test_an_installation_grows_and_shrinks():
    added, removed = [{"full_name": "acme/a"}], [{"full_name": "acme/b"}]
    given = {"action": "added", "repositories_added": added, "repositories_removed": removed}

    assert read("installation_repositories", **given) == Wanted(("acme/a",), ("acme/b",))


def test_a_ping_asks_for_nothing():
    assert read("ping", zen="Keep it logically awesome.") == NOTHING


@pytest.mark.parametrize(
    ("login", "expected"), [("ada", NOTHING), ("Ada", NOTHING), (None, RUN), ("eve", RUN)]
)
def test_a_bot_with_a_persons_token_is_known_by_its_login(login, expected):
    given = {"ref": "refs/heads/wfix/api", "repository": REPOSITORY, "sender": PERSON}

    assert read("push", login, **given) == expected


@pytest.mark.parametrize("event", ["issue_comment", "star", "PUSH", ""])
def test_events_without_use(event):
    with pytest.raises(UnknownEvent):
        read(event, repository=REPOSITORY)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"ref": 1, "repository": {"full_name": "a/b"}, "sender": {"login": "x"}}',
        b'{"ref": "refs/heads/main", "repository": {"full_name": "../x", "default_branch": "main"},'
        b' "sender": {"login": "x"}}',
        b'{"ref": "refs/heads/main", "repository": {"full_name": "a/b/c", "default_branch":'
        b' "main"}, "sender": {"login": "x"}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda payload: payload[:20].decode("latin-1"),
)
def test_what_is_no_push(payload):
    with pytest.raises(Malformed):
        wanted("push", payload)


def pushed(repository: str) -> bytes:
    return (
        b'{"ref": "refs/heads/main", "sender": {"login": "x"}, "repository": '
        b'{"full_name": "%s", "default_branch": "main"}}' % repository.encode()
    )


@pytest.mark.parametrize("name", ["a/.", "a/..", "a/"])
def test_what_leads_elsewhere_is_no_repository(name):
    with pytest.raises(Malformed):
        wanted("push", pushed(name))


@pytest.mark.parametrize("name", ["a/.github", "a/...", "a/b..c", "a/..b"])
def test_a_repository_may_have_dots(name):
    assert wanted("push", pushed(name)) == Wanted(runs=(name,))
