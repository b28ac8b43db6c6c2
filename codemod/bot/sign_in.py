"""Who the bot is on the forge: taken from the environment alone, never from arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from codemod.errors import UsageError

BEARER = "WFIX_BOT_TOKEN"
APP = "WFIX_BOT_APP_ID"
KEY = "WFIX_BOT_PRIVATE_KEY"
KEY_FILE = "WFIX_BOT_PRIVATE_KEY_FILE"
API = "WFIX_BOT_API_URL"
LOGIN = "WFIX_BOT_LOGIN"
# What a workflow of GitHub's own gives.
_BEARER_OF_WORKFLOW = "GITHUB_TOKEN"
_API_OF_WORKFLOW = "GITHUB_API_URL"
_GITHUB = "https://api.github.com"
_HOW = f"set {BEARER}, or {APP} and {KEY_FILE}"


@dataclass(frozen=True, slots=True)
class TokenSignIn:
    """A personal, installation's or workflow's token."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AppSignIn:
    """A GitHub App, which gets a token of its own for each repository that it is installed in."""

    app_id: str
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who asks, and whom. ``api_url`` None is GitHub's own, ``login`` None lets the forge say."""

    by: TokenSignIn | AppSignIn
    api_url: str | None = None
    login: str | None = None

    @property
    def host(self) -> str:
        """Where repositories are: that of the API, without the ``api.`` that GitHub's own has."""
        return (urlsplit(self.api_url or _GITHUB).hostname or "").removeprefix("api.")


def from_environment(environment: Mapping[str, str]) -> SignIn:
    """The sign-in that the variables name. Raises ``UsageError`` where they name none, or two."""
    api_url = environment.get(API) or environment.get(_API_OF_WORKFLOW) or None
    login = environment.get(LOGIN) or None
    token = environment.get(BEARER)
    app_id = environment.get(APP)
    if token and app_id:
        raise UsageError(f"{BEARER} and {APP} exclude each other")
    if app_id:
        return SignIn(AppSignIn(app_id, _private_key(environment)), api_url, login)
    token = token or environment.get(_BEARER_OF_WORKFLOW)
    if not token:
        raise UsageError(f"the bot has no way to sign in: {_HOW}")
    return SignIn(TokenSignIn(token.strip()), api_url, login)


def _private_key(environment: Mapping[str, str]) -> str:
    given = environment.get(KEY)
    path = environment.get(KEY_FILE)
    if bool(given) == bool(path):
        raise UsageError(f"{APP} needs one of {KEY} and {KEY_FILE}")
    if given:
        return given
    try:
        return Path(path or "").read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no PEM file"
        raise UsageError(f"the file that {KEY_FILE} names cannot be read: {reason}") from error
