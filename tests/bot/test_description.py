"""Every request of the bot, and every answer that it reads, holds to GitHub's own description.

Prism stands between the two and lets through what does: see ``github/slice.py``. The whole life of
pull requests, and runs that are disturbed, are held to it in ``test_life`` and ``test_failures``.
"""

from datetime import UTC, datetime

import pytest
import requests
from bots import AT_ONCE, NAME, Bot, client_of
from busy import BEFORE, make_busy
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from forge import BOT, TOKEN, Forge, Ticket

from codemod.bot import github
from codemod.bot.forge import Unavailable
from codemod.bot.sign_in import AppSignIn, SignIn

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.slow


@pytest.fixture
def checked(forge, prism) -> tuple[Forge, str]:
    """A forge whose answers are whole, and the address of Prism in front of it."""
    prism.guard(forge)
    return forge, prism.url


def test_a_run_with_everything_in_it(checked):
    forge, url = checked
    bot = Bot(forge, forge.host(NAME, BEFORE), client_of(forge, url))
    make_busy(bot)

    done = {f"{done.branch}: {done.what}" for done in bot.run().done}

    assert done == {
        "wfix/books: rebuilt",
        "wfix/clubs: closed",
        "wfix/depot: left to others",
        "wfix/extra: opened",
    }
    assert bot.hosted.issues


def test_what_is_asked_for_by_an_owner(checked):
    forge, url = checked
    forge.host("acme/other", {"README.md": "x"})
    client = client_of(forge, url)

    assert client.pull_requests_by_owner("acme", LONG_AGO) >= 0


def test_where_an_app_is_installed(checked):
    forge, url = checked
    forge.host("acme/installed", {"README.md": "x"})

    failures = []
    sign_in = SignIn(AppSignIn("1", private_key()), url)
    names = list(github.installed(sign_in, lambda *failed: failures.append(failed), AT_ONCE))

    assert "acme/installed" in names
    assert failures == []


def test_what_an_app_asks_for_one_repository(checked):
    forge, url = checked
    forge.host(NAME, {"README.md": "x"})

    client = github.connect(SignIn(AppSignIn("1", private_key()), url), NAME, AT_ONCE)

    assert client.repository(NAME).name == NAME
    assert [given["repositories"] for given in forge.granted] == [["workers"]]


def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(pem, plain, serialization.NoEncryption()).decode()


@pytest.mark.parametrize(("state", "is_taken"), [("closed", True), ("shut", False)])
def test_a_request_that_github_would_not_take_is_refused(checked, state, is_taken):
    forge, url = checked
    hosted = forge.host(f"acme/{state}", {"README.md": "x"})
    hosted.issues[1] = Ticket(1, "title", "body", BOT)

    answer = requests.patch(
        f"{url}/repos/{hosted.name}/issues/1",
        json={"state": state},
        headers={"Authorization": f"token {TOKEN}", "Accept": "application/vnd.github+json"},
        timeout=30,
    )

    assert answer.status_code == (200 if is_taken else 422)
    assert hosted.issues[1].edits == is_taken


@pytest.mark.parametrize(("number", "is_given"), [(1, True), ("one", False)])
def test_an_answer_that_github_would_not_give_is_refused(checked, number, is_given):
    forge, url = checked
    hosted = forge.host(f"acme/answers-{number}", {"README.md": "x"})
    whole = forge.complete
    forge.complete = lambda *request: {**whole(*request), "id": number}
    try:
        if is_given:
            client_of(forge, url).repository(hosted.name)
            return
        with pytest.raises(Unavailable, match="500"):
            client_of(forge, url).repository(hosted.name)
    finally:
        forge.complete = whole
