"""GitHub as a forge: signing in, limits, pages, and answers of odd shapes."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from bots import AT_ONCE, NAME, client_of
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from forge import BOT, PERSON, TOKEN, Fault, Pull, Ticket

from codemod.bot import github
from codemod.bot.forge import (
    Conflict,
    Invalid,
    NotFound,
    PermissionLost,
    RateLimited,
    Repository,
    SignInFailed,
    Unavailable,
)
from codemod.bot.github import Patience
from codemod.bot.sign_in import AppSignIn, SignIn, TokenSignIn, from_environment
from codemod.errors import UsageError

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def hosted(forge):
    return forge.host(NAME, {"README.md": "x"})


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


# --- Signing in --------------------------------------------------------------------------------


def test_an_app_gets_a_token_for_one_repository_and_knows_its_name(forge, hosted, private_key):
    client = github.connect(SignIn(AppSignIn("1", private_key), forge.url), NAME, AT_ONCE)

    assert client.repository(NAME).name == NAME
    assert client.login == BOT
    permissions = {"contents": "write", "pull_requests": "write", "issues": "write"}
    assert forge.granted == [{"permissions": permissions, "repositories": ["workers"]}]


def test_a_token_is_asked_for_anew_where_it_is_about_to_end(
    forge, hosted, private_key, monkeypatch
):
    client = github.connect(SignIn(AppSignIn("1", private_key), forge.url), NAME, AT_ONCE)
    client.repository(NAME)
    client.issues(NAME)
    assert len(forge.granted) == 1
    monkeypatch.setattr(github, "_RENEWED_BEFORE", timedelta(hours=2))

    client.issues(NAME)

    assert len(forge.granted) == 2


@pytest.mark.parametrize(("status", "error"), [(422, Invalid), (403, PermissionLost)])
def test_a_token_that_is_not_given(forge, hosted, private_key, status, error):
    forge.fault = lambda _at, request: Fault(status) if "access_tokens" in request else None
    client = github.connect(SignIn(AppSignIn("1", private_key), forge.url), NAME, AT_ONCE)

    with pytest.raises(error):
        client.repository(NAME)
    with pytest.raises(error):
        client.remote(Repository(NAME, "main", "https://forge.invalid", False, True))


def test_an_app_knows_where_it_is_installed_and_not_suspended(forge, hosted, private_key):
    for number in range(120):
        forge.host(f"acme/w{number}", None)

    failures = []
    sign_in = SignIn(AppSignIn("1", private_key), forge.url)
    names = list(github.installed(sign_in, lambda *failed: failures.append(failed), AT_ONCE))

    assert (len(names), names[0], names[-1]) == (121, NAME, "acme/w119")
    assert forge.granted == [{"permissions": {"metadata": "read"}}]
    assert failures == []


def test_an_installation_that_refuses_stands_in_the_way_of_no_other(forge, hosted, private_key):
    forge.installations = [{"id": 6, "suspended_at": None}, {"id": 7, "suspended_at": None}]
    forge.fault = lambda _at, request: Fault(422) if "/6/access_tokens" in request else None
    failures = []
    sign_in = SignIn(AppSignIn("1", private_key), forge.url)

    names = list(github.installed(sign_in, lambda *failed: failures.append(failed), AT_ONCE))

    assert names == [NAME]
    assert [number for number, _ in failures] == [6]


@pytest.mark.parametrize("url", ["http://forge.example/api", "http://10.0.0.1", "ftp://127.0.0.1"])
def test_no_token_goes_over_an_open_line(url):
    with pytest.raises(Invalid, match="https"):
        github.connect(SignIn(TokenSignIn(TOKEN), url), NAME, AT_ONCE)


def test_a_token_does_not_know_where_it_is_wanted(forge):
    with pytest.raises(Invalid):
        list(github.installed(SignIn(TokenSignIn(TOKEN), forge.url), print, AT_ONCE))


def test_git_signs_in_as_the_app_does(forge, hosted, private_key):
    client = github.connect(SignIn(AppSignIn("1", private_key), forge.url), NAME, AT_ONCE)

    remote = client.remote(client.repository(NAME))

    assert remote.url == f"{forge.url}/git/{NAME}.git"
    assert TOKEN not in repr(remote)


def test_the_token_of_an_app_or_a_workflow_is_told_whose_it_is(forge, hosted):
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url), NAME, AT_ONCE)

    assert client.login == BOT
    assert client.login == BOT
    assert forge.requests == ["GET /user", "POST /graphql"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda forge: setattr(forge, "fault", no_viewer(Fault(401))), SignInFailed),
        (lambda forge: setattr(forge, "fault", no_viewer(Fault(403))), PermissionLost),
        (lambda forge: setattr(forge, "complete", lambda *_: {"data": None}), Unavailable),
    ],
)
def test_whose_a_token_is_is_never_guessed(forge, hosted, answer, error):
    answer(forge)
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url), NAME, AT_ONCE)

    with pytest.raises(error):
        _ = client.login


def no_viewer(fault):
    return lambda _at, request: fault if "graphql" in request else None


def test_names_are_the_same_in_capitals(forge, hosted):
    hosted.issues[1] = Ticket(1, "t", "b", "Ada")
    hosted.issues[2] = Ticket(2, "t", "b", "Adam")
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url, "aDa"), NAME, AT_ONCE)

    own = [issue.number for issue in client.issues(NAME) if issue.author == client.login]

    assert own == [1]


@pytest.mark.parametrize(
    ("login", "permissions", "expected"),
    [
        ("ada", {"push": True}, True),
        ("ada", {"push": False}, False),
        ("ada", None, True),
        # An app is told that it has none, whatever it may do: the first write shows it.
        (BOT, {"push": False}, True),
        ("github-actions[bot]", {"push": False}, True),
        ("wfix-bot", {"push": False}, False),
    ],
)
def test_who_may_write(forge, hosted, login, permissions, expected):
    forge.complete = lambda *given: {**given[-1], "permissions": permissions}
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url, login), NAME, AT_ONCE)

    assert client.repository(NAME).may_write is expected


def test_a_wrong_token_is_not_repeated(forge, hosted):
    client = github.connect(SignIn(TokenSignIn("s3cret"), forge.url, BOT), NAME, AT_ONCE)

    with pytest.raises(SignInFailed) as raised:
        client.repository(NAME)

    assert "s3cret" not in str(raised.value)


def test_a_key_that_is_none_is_told_without_it(forge, hosted):
    sign_in = SignIn(AppSignIn("1", "-----BEGIN nonsense"), forge.url)

    with pytest.raises(Invalid) as raised:
        github.connect(sign_in, NAME, AT_ONCE)

    assert "nonsense" not in str(raised.value)


def test_an_address_that_is_none(forge):
    with pytest.raises(Invalid):
        github.connect(SignIn(TokenSignIn(TOKEN), "ftp://forge"), NAME, AT_ONCE)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"WFIX_BOT_TOKEN": "a"}, SignIn(TokenSignIn("a"))),
        ({"WFIX_BOT_TOKEN": "a\n", "GITHUB_TOKEN": "b"}, SignIn(TokenSignIn("a"))),
        ({"GITHUB_TOKEN": "b"}, SignIn(TokenSignIn("b"))),
        (
            {"GITHUB_TOKEN": "b", "GITHUB_API_URL": "https://forge/api", "WFIX_BOT_LOGIN": "me"},
            SignIn(TokenSignIn("b"), "https://forge/api", "me"),
        ),
        ({"WFIX_BOT_APP_ID": "1", "WFIX_BOT_PRIVATE_KEY": "k"}, SignIn(AppSignIn("1", "k"))),
    ],
)
def test_who_the_environment_says(environment, expected):
    assert from_environment(environment) == expected
    assert "token='" not in repr(from_environment(environment))


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"WFIX_BOT_TOKEN": ""},
        {"WFIX_BOT_TOKEN": "a", "WFIX_BOT_APP_ID": "1"},
        {"WFIX_BOT_APP_ID": "1"},
        {"WFIX_BOT_APP_ID": "1", "WFIX_BOT_PRIVATE_KEY": "k", "WFIX_BOT_PRIVATE_KEY_FILE": "f"},
        {"WFIX_BOT_APP_ID": "1", "WFIX_BOT_PRIVATE_KEY_FILE": "/nowhere/key.pem"},
    ],
)
def test_an_environment_that_does_not_say_who(environment):
    with pytest.raises(UsageError):
        from_environment(environment)


def test_a_key_comes_from_a_file(tmp_path):
    (tmp_path / "key.pem").write_text("k")
    environment = {
        "WFIX_BOT_APP_ID": "1",
        "WFIX_BOT_PRIVATE_KEY_FILE": str(tmp_path / "key.pem"),
    }

    assert from_environment(environment).by == AppSignIn("1", "k")


# --- No ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(401), SignInFailed),
        (Fault(403), PermissionLost),
        (Fault(404), NotFound),
        (Fault(410), NotFound),
        (Fault(409), Conflict),
        (Fault(422), Invalid),
        (Fault(422, message="Validation Failed"), Invalid),
        (Fault(422, message="A pull request already exists for acme:wfix/api."), Conflict),
        (Fault(404, message="No such label, though it already exists"), NotFound),
        (Fault(500), Unavailable),
        (Fault(503), Unavailable),
        (Fault(None), Unavailable),
        (Fault(429), RateLimited),
        (Fault(403, {"Retry-After": "3"}), RateLimited),
        (Fault(403, {"x-ratelimit-remaining": "0"}), RateLimited),
        (Fault(403, message="You have exceeded a secondary rate limit"), RateLimited),
    ],
)
def test_how_the_forge_says_no(forge, hosted, fault, error):
    forge.fault = lambda _number, _request: fault

    with pytest.raises(error):
        client_of(forge).repository(NAME)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "soon"}, 60),
        ({"Retry-After": "0"}, 1),
        ({}, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, 1),
        ({"x-ratelimit-remaining": "0"}, 60),
    ],
)
def test_how_long_the_forge_wants_to_be_left_alone(forge, hosted, headers, seconds):
    forge.fault = lambda _number, _request: Fault(429, headers)
    client = client_of(forge)

    with pytest.raises(RateLimited) as raised:
        client.repository(NAME)

    assert raised.value.retry_after == seconds
    asked = len(forge.requests)
    with pytest.raises(RateLimited):
        client.issues(NAME)
    assert len(forge.requests) == asked


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def monotonic(self) -> float:
        return self.now

    time = monotonic

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(github, "time", made)
    return made


def test_a_limit_that_is_never_lifted_is_given_up(forge, hosted, clock):
    patience = Patience(between_writes=0, again=(), for_limits=1000)
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url, BOT), NAME, patience)
    forge.fault = lambda _number, _request: Fault(429, {"Retry-After": "0"})

    with pytest.raises(RateLimited):
        client.repository(NAME)

    assert len(forge.requests) == 5
    assert clock.now == 1_000_004


def test_a_short_limit_is_waited_for(forge, hosted, clock):
    patience = Patience(between_writes=0, again=(), for_limits=1)
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url, BOT), NAME, patience)
    forge.fault = lambda number, _request: None if number else Fault(429, {"Retry-After": "0.01"})

    client.open_issue(NAME, "title", "body")

    assert [issue.title for issue in hosted.issues.values()] == ["title"]


@pytest.mark.parametrize("login", [BOT, BOT.upper(), None])
def test_what_is_written_is_known_for_ones_own(forge, hosted, login):
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url, login), NAME, AT_ONCE)

    assert client.open_issue(NAME, "title", "body").author == client.login


def test_a_login_that_is_somebody_elses_is_told_of_once_anything_is_written(forge, hosted):
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url, "somebody"), NAME, AT_ONCE)

    with pytest.raises(Invalid, match=f"is by {re.escape(BOT)}, and not by somebody: correct WFIX"):
        client.open_issue(NAME, "title", "body")


def test_reading_is_tried_again_and_writing_is_not(forge, hosted):
    patience = Patience(between_writes=0, again=(0,))
    client = github.connect(SignIn(TokenSignIn(TOKEN), forge.url, BOT), NAME, patience)
    forge.fault = lambda number, _request: Fault(500) if number in {0, 2} else None

    assert client.repository(NAME).name == NAME
    with pytest.raises(Unavailable):
        client.open_issue(NAME, "title", "body")

    assert len(forge.requests) == 3


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ([{"resource": "PullRequest", "code": "custom", "message": "No commits"}], "x: No commits"),
        (["No commits"], "x: No commits"),
        ([{"code": "invalid"}], "x"),
        ([], "x"),
        # Of another shape than GitHub's: nothing is said, and nothing is raised.
        (7, ""),
    ],
)
def test_what_the_forge_complains_of_is_told(errors, said):
    body = msgspec.json.encode({"message": "x", "errors": errors})

    assert github._said(body) == said


@pytest.mark.parametrize("shape", [[], {}, "x", None, {"full_name": 1}])
def test_an_answer_of_another_shape(forge, hosted, shape):
    forge.complete = lambda *_answer: shape

    with pytest.raises(Unavailable, match="another shape"):
        client_of(forge).repository(NAME)


# --- Lists -------------------------------------------------------------------------------------


def test_lists_are_read_to_their_end(forge, hosted):
    for number in range(1, 251):
        hosted.issues[number] = Ticket(number, "t", "b", BOT)
    hosted.issues[7].author = PERSON

    assert len(client_of(forge).issues(NAME)) == 249


def test_of_more_issues_than_are_read_the_newest_count(forge, hosted):
    for number in range(1, 5_202):
        hosted.issues[number] = Ticket(number, "t", "b", BOT)

    found = client_of(forge).issues(NAME)

    assert (len(found), found[0].number, found[-1].number) == (5_000, 202, 5_201)


def test_pull_requests_since_a_moment_need_no_more_pages_than_there_are(forge, hosted):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(1, 251):
        made = now if number > 245 else LONG_AGO
        hosted.pulls[number] = Pull(number, "x", "main", "t", "b", BOT, made, "closed")

    assert len(client_of(forge).pull_requests_since(NAME, now)) == 5

    assert len(forge.requests) == 1
