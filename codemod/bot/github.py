"""GitHub, and GitHub Enterprise, as a ``forge.Forge``: signed in and asked through PyGithub.

Of PyGithub the signing in and the transport are used, not its objects: these fetch what they lack
behind one's back and cannot ask whether something has changed. So every request of the bot is
spelled out here, and what came with an ETag before is asked for with it: GitHub does not count the
answer "not modified" against its limit. What was answered is remembered for one run, and never
kept on a disk: it holds what a private repository is about, and GitHub's answers vary with the
token that asks, of which an app has another one each run
(https://github.com/github/docs/issues/34689).

A request to write is never sent twice: whether the first one got through cannot be known, but the
next run sees it. One that the limits turned away has not got through, and may be.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from itertools import count, islice
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec
import requests
from github import Auth, Consts, GithubException
from github.Requester import Requester
from jwt import PyJWTError

from codemod.bot.forge import (
    Comment,
    Commit,
    Comparison,
    Conflict,
    ForgeError,
    Invalid,
    Issue,
    NotFound,
    PermissionLost,
    PullRequest,
    RateLimited,
    Repository,
    Signature,
    SignInFailed,
    State,
    Unavailable,
)
from codemod.bot.pace import Pace
from codemod.bot.sign_in import LOGIN, AppSignIn, SignIn, TokenSignIn
from codemod.runtime.cloning import Remote, basic_authorization
from codemod.scanner.cache.store import user_folder

SECONDS_BETWEEN_WRITES = 1.0
"""GitHub's own advice to integrators, see ``pace``."""

_ACCEPT = "application/vnd.github+json"
_API_VERSION = "2022-11-28"
_TIMEOUT_SECONDS = 30
_PAGE = 100
_MAX_PAGES = 50
_REMEMBERED = 2000
"""Answers kept for conditional requests."""
_DEFAULT_WAIT = 60.0
"""What GitHub asks for where a secondary limit names no time."""
_SHORTEST_WAIT = 1.0
_MOST_ATTEMPTS = 5
_TO_LIST = {"metadata": "read"}
_RENEWED_BEFORE = timedelta(minutes=5)
_PERMISSIONS = {"contents": "write", "pull_requests": "write", "issues": "write"}
_SUFFIX_OF_APPS = "[bot]"
"""How the logins end under which apps write, those of workflows among them."""
_VIEWER = "{ viewer { login } }"
_EXISTS_WORDS = "already exists"
"""What GitHub says, with 422, of a pull request that another run opened a moment ago."""
_LIMIT_WORDS = ("rate limit", "abuse detection")
_KINDS: Mapping[int, type[ForgeError]] = {
    401: SignInFailed,
    403: PermissionLost,
    404: NotFound,
    405: Conflict,
    409: Conflict,
    410: NotFound,
    422: Invalid,
    451: NotFound,
}

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How a client deals with a busy forge.

    ``between_writes`` are the seconds from the end of one write to the next, those of other runs on
    this machine with the same sign-in among them. ``again`` are those
    before each further try of a request that only reads and got no answer. ``for_limits`` is how
    long one request may wait until a limit is lifted, before it is given up as ``RateLimited``.
    ``for_mergeability`` are the seconds before each further look at what GitHub works out later.
    """

    between_writes: float = SECONDS_BETWEEN_WRITES
    again: tuple[float, ...] = (1.0, 3.0)
    for_limits: float = 0.0
    for_mergeability: tuple[float, ...] = (1.0, 2.0)


# --- Answers, as far as they are read --------------------------------------------------------


class _User(msgspec.Struct):
    login: str


class _Viewer(msgspec.Struct):
    viewer: _User


class _Viewed(msgspec.Struct):
    data: _Viewer


class _Permissions(msgspec.Struct):
    push: bool = True


class _Repository(msgspec.Struct):
    full_name: str
    default_branch: str
    clone_url: str
    archived: bool = False
    disabled: bool = False
    permissions: _Permissions | None = None


class _Named(msgspec.Struct):
    full_name: str


class _Side(msgspec.Struct):
    ref: str
    sha: str
    repo: _Named | None = None


class _PullRequest(msgspec.Struct):
    number: int
    state: str
    title: str
    created_at: datetime
    head: _Side
    base: _Side
    user: _User | None = None
    body: str | None = None
    merged_at: datetime | None = None
    mergeable: bool | None = None


class _Present(msgspec.Struct):
    """Something of which it only counts that it is there."""


class _Issue(msgspec.Struct):
    number: int
    state: str
    title: str
    user: _User | None = None
    body: str | None = None
    pull_request: _Present | None = None


class _Comment(msgspec.Struct):
    user: _User | None = None
    body: str | None = None


class _Signature(msgspec.Struct):
    name: str = ""
    email: str = ""


class _GitCommit(msgspec.Struct):
    author: _Signature | None = None
    committer: _Signature | None = None


class _Commit(msgspec.Struct):
    sha: str
    commit: _GitCommit


class _Comparison(msgspec.Struct):
    ahead_by: int
    behind_by: int
    commits: tuple[_Commit, ...]


class _Count(msgspec.Struct):
    total_count: int


class _Installation(msgspec.Struct):
    id: int
    suspended_at: datetime | None = None


class _Installed(msgspec.Struct):
    repositories: tuple[_Named, ...]


class _App(msgspec.Struct):
    slug: str


class _Token(msgspec.Struct):
    token: str
    expires_at: datetime


class _Detail(msgspec.Struct):
    message: str = ""


class _Failure(msgspec.Struct):
    message: str = ""
    errors: tuple[_Detail | str, ...] = ()


_PULL_REQUESTS = tuple[_PullRequest, ...]

# --- Signing in ------------------------------------------------------------------------------


def connect(sign_in: SignIn, name: str, patience: Patience | None = None) -> GitHub:
    """GitHub as the bot sees it for the repository ``name``, signed in.

    An app's token covers that repository alone, and no permissions but those to contents, pull
    requests and issues. Raises ``ForgeError`` as ``Forge`` does, ``Invalid`` where
    the address of the forge or the private key is none.
    """
    patience = patience or Patience()
    url = _checked(sign_in.api_url)
    match sign_in.by:
        case TokenSignIn(token):
            pace = _pace(url, "token", patience)
            return GitHub(_requester(Auth.Token(token), url), patience, pace, sign_in.login)
        case AppSignIn(app_id, private_key):
            as_app = _as_app(app_id, private_key, url, patience)
            number = as_app.installation(name)
            only = (name.partition("/")[2],)
            auth = _InstallationAuth(as_app, number, _PERMISSIONS, only)
            login = sign_in.login or f"{as_app.slug()}{_SUFFIX_OF_APPS}"
            pace = _pace(url, f"installation {number}", patience)
            return GitHub(_requester(auth, url), patience, pace, login)


def installed(
    sign_in: SignIn, failed: Callable[[int, ForgeError], None], patience: Patience | None = None
) -> Iterator[str]:
    """The names of all repositories that an app is installed in, of whatever account.

    ``failed`` is told of each installation (by its number) that cannot be asked; the others are
    asked all the same. Raises ``ForgeError``; ``Invalid`` where it is no app that signs in.
    """
    patience = patience or Patience()
    url = _checked(sign_in.api_url)
    if not isinstance(sign_in.by, AppSignIn):
        raise Invalid("only an app knows where it is installed: name the repositories")
    as_app = _as_app(sign_in.by.app_id, sign_in.by.private_key, url, patience)
    for number in as_app.installations():
        auth = _InstallationAuth(as_app, number, _TO_LIST)
        pace = _pace(url, f"installation {number}", patience)
        client = GitHub(_requester(auth, url), patience, pace, sign_in.login)
        try:
            yield from client.installed()
        except ForgeError as error:
            failed(number, error)


def _checked(given: str | None) -> str:
    url = (given or Consts.DEFAULT_BASE_URL).rstrip("/")
    parts = urlsplit(url)
    is_here = parts.hostname == "localhost" or _is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise Invalid("the address of the forge has to begin with https://")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _as_app(app_id: str, private_key: str, url: str, patience: Patience) -> GitHub:
    """The app itself, which may ask where it is installed, and for tokens."""
    app = Auth.AppAuth(app_id, private_key)
    try:
        app.create_jwt()
    except (PyJWTError, ValueError, TypeError):
        raise Invalid("the app's private key is no RSA key without a password, in PEM") from None
    return GitHub(_requester(app, url), patience, _pace(url, f"app {app_id}", patience), None)


class _InstallationAuth(Auth.Auth):
    """Signs in where an app is installed, with a token for no more than is named.

    That of PyGithub always covers all repositories of the installation. ``repositories`` are names
    without their owner; none stand for all.
    """

    def __init__(
        self,
        as_app: GitHub,
        number: int,
        permissions: Mapping[str, str],
        repositories: Sequence[str] = (),
    ) -> None:
        self._as_app = as_app
        self._number = number
        self._permissions = permissions
        self._repositories = repositories
        self._known: _Token | None = None

    @property
    def token_type(self) -> str:
        return "token"

    @property
    def token(self) -> str:
        """Raises ``ForgeError``."""
        known = self._known
        if known is None or known.expires_at - _RENEWED_BEFORE < datetime.now(UTC):
            known = self._as_app.token(self._number, self._permissions, self._repositories)
            self._known = known
        return known.token


def _pace(url: str, who: str, patience: Patience) -> Pace:
    """The turns of ``who`` at ``url``: what GitHub limits is each installation for itself."""
    name = hashlib.sha256(f"{url}\n{who}".encode()).hexdigest()[:32]
    try:
        folder = user_folder(os.environ, Path.home(), sys.platform)
    except RuntimeError:
        # There is no home.
        return Pace(patience.between_writes, None)
    return Pace(patience.between_writes, folder / "bot" / name)


def _requester(auth: Auth.Auth, url: str) -> Requester:
    return Requester(
        auth=auth,
        base_url=url,
        timeout=_TIMEOUT_SECONDS,
        user_agent="wfix",
        per_page=_PAGE,
        verify=True,
        retry=None,
        pool_size=None,
        seconds_between_writes=None,
    )


class GitHub:
    """One signed-in client. Not for several threads at once."""

    def __init__(
        self, requester: Requester, patience: Patience, pace: Pace, login: str | None
    ) -> None:
        self._requester = requester
        self._patience = patience
        self._pace = pace
        self._login = login.lower() if login else None
        self._known: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._not_before = 0.0

    # --- Who asks ----------------------------------------------------------------------------

    @property
    def login(self) -> str:
        if self._login is None:
            try:
                self._login = _login(self._get("/user", _User))
            except PermissionLost:
                # That is for people: an app's token, as workflows have one, is told another way.
                self._login = self._viewer()
        return self._login

    def _viewer(self) -> str:
        def ask() -> _Answer:
            return self._once("POST", self._requester.graphql_url, {}, {}, {"query": _VIEWER})

        return _login(_decoded(self._again(ask).body, _Viewed).data.viewer)

    def installation(self, name: str) -> int:
        """The number under which the app that asks is installed in a repository."""
        return self._get(f"{_path(name)}/installation", _Installation).id

    def installations(self) -> Iterator[int]:
        """The numbers of all that the app that asks has, and that nobody has suspended."""
        for item in self._pages("/app/installations", tuple[_Installation, ...], {}):
            if item.suspended_at is None:
                yield item.id

    def installed(self) -> Iterator[str]:
        """The names of the repositories of the installation that asks."""
        for page in range(1, _MAX_PAGES + 1):
            asked = {"per_page": str(_PAGE), "page": str(page)}
            found = self._get("/installation/repositories", _Installed, asked).repositories
            yield from (item.full_name for item in found)
            if len(found) < _PAGE:
                return
        raise Invalid(f"the app is installed in more than {_MAX_PAGES * _PAGE} repositories")

    def token(
        self, installation: int, permissions: Mapping[str, str], repositories: Sequence[str]
    ) -> _Token:
        """A token for an installation of the app that asks; no ``repositories`` stand for all."""
        given: dict[str, object] = {"permissions": permissions}
        if repositories:
            given["repositories"] = repositories
        path = f"/app/installations/{installation}/access_tokens"
        return _decoded(self._write("POST", path, given), _Token)

    def slug(self) -> str:
        """The name of the app that asks, as it stands in addresses."""
        return self._get("/app", _App).slug

    # --- Reading -----------------------------------------------------------------------------

    def repository(self, name: str) -> Repository:
        found = self._get(_path(name), _Repository)
        return Repository(
            name=found.full_name,
            default_branch=found.default_branch,
            clone_url=found.clone_url,
            is_archived=found.archived or found.disabled,
            may_write=self._may_push(found.permissions),
        )

    def _may_push(self, told: _Permissions | None) -> bool:
        """These are a person's permissions: an app is told that it has none, whatever it may do
        (https://github.com/semantic-release/github/pull/272).
        """
        return told is None or told.push or self.login.endswith(_SUFFIX_OF_APPS)

    def remote(self, repository: Repository) -> Remote:
        auth = self._requester.auth
        try:
            token = auth.token if auth else ""
        except (GithubException, requests.RequestException) as error:
            raise _translated(error) from None
        return Remote(repository.clone_url, basic_authorization("x-access-token", token))

    def pull_requests(self, name: str, branch: str) -> tuple[PullRequest, ...]:
        owner = name.partition("/")[0]
        query = {"head": f"{owner}:{branch}", "state": "all", "sort": "created"}
        found = self._pages(f"{_path(name)}/pulls", _PULL_REQUESTS, query | {"direction": "desc"})
        return tuple(
            _pull_request(item) for item in found if _is_of(item, name) and item.head.ref == branch
        )

    def pull_request(self, name: str, number: int) -> PullRequest:
        return _pull_request(self._get(f"{_path(name)}/pulls/{number}", _PullRequest))

    def pull_requests_since(self, name: str, since: datetime) -> tuple[PullRequest, ...]:
        query = {"state": "all", "sort": "created", "direction": "desc"}
        recent = []
        for item in self._pages(f"{_path(name)}/pulls", _PULL_REQUESTS, query):
            if item.created_at < since:
                break
            if _is_of(item, name):
                recent.append(_pull_request(item))
        return tuple(recent)

    def pull_requests_by_owner(self, owner: str, since: datetime) -> int:
        slug = self.login.removesuffix(_SUFFIX_OF_APPS)
        author = slug if slug == self.login else f"app/{slug}"
        words = f"is:pr author:{author} user:{owner} created:>={since.isoformat()}"
        return self._get("/search/issues", _Count, {"q": words, "per_page": "1"}).total_count

    def is_mergeable(self, name: str, number: int) -> bool | None:
        for pause in (0.0, *self._patience.for_mergeability):
            time.sleep(pause)
            known = self._get(f"{_path(name)}/pulls/{number}", _PullRequest).mergeable
            if known is not None:
                return known
        return None

    def compare(self, name: str, base: str, head: str) -> Comparison:
        path = f"{_path(name)}/compare/{base}...{head}"
        found = self._get(path, _Comparison, {"per_page": str(_PAGE)})
        commits = tuple(
            Commit(item.sha, _signature(item.commit.author), _signature(item.commit.committer))
            for item in found.commits
        )
        return Comparison(found.behind_by, found.ahead_by, commits)

    def issues(self, name: str) -> tuple[Issue, ...]:
        query = {"creator": self.login, "state": "all", "sort": "created", "direction": "desc"}
        found = [*self._newest(f"{_path(name)}/issues", tuple[_Issue, ...], query)]
        return tuple(_issue(item) for item in reversed(found) if item.pull_request is None)

    def issue(self, name: str, number: int) -> Issue:
        return _issue(self._get(f"{_path(name)}/issues/{number}", _Issue))

    def comments(self, name: str, number: int) -> tuple[Comment, ...]:
        found = self._pages(f"{_path(name)}/issues/{number}/comments", tuple[_Comment, ...], {})
        return tuple(Comment(_login(item.user), item.body or "") for item in found)

    # --- Writing -----------------------------------------------------------------------------

    def turn(self) -> AbstractContextManager[None]:
        return self._pace.turn()

    def open_pull_request(
        self, name: str, branch: str, base: str, title: str, body: str
    ) -> PullRequest:
        given = {"head": branch, "base": base, "title": title, "body": body}
        answer = self._write("POST", f"{_path(name)}/pulls", given)
        made = _pull_request(_decoded(answer, _PullRequest))
        self._require_own(made.author)
        return made

    def edit_pull_request(
        self,
        name: str,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
    ) -> None:
        given = _given(title=title, body=body, base=base)
        self._write("PATCH", f"{_path(name)}/pulls/{number}", given)

    def close_pull_request(self, name: str, number: int, body: str) -> None:
        given = {"state": "closed", "body": body}
        self._write("PATCH", f"{_path(name)}/pulls/{number}", given)

    def add_labels(self, name: str, number: int, labels: Sequence[str]) -> None:
        self._write("POST", f"{_path(name)}/issues/{number}/labels", {"labels": list(labels)})

    def request_reviewers(self, name: str, number: int, reviewers: Sequence[str]) -> None:
        teams = [item.partition("/")[2] for item in reviewers if "/" in item]
        people = [item for item in reviewers if "/" not in item]
        given = {"reviewers": people, "team_reviewers": teams}
        self._write("POST", f"{_path(name)}/pulls/{number}/requested_reviewers", given)

    def comment(self, name: str, number: int, body: str) -> None:
        self._write("POST", f"{_path(name)}/issues/{number}/comments", {"body": body})

    def open_issue(self, name: str, title: str, body: str) -> Issue:
        answer = self._write("POST", f"{_path(name)}/issues", {"title": title, "body": body})
        made = _issue(_decoded(answer, _Issue))
        self._require_own(made.author)
        return made

    def edit_issue(
        self, name: str, number: int, *, body: str | None = None, is_open: bool | None = None
    ) -> None:
        state = None if is_open is None else "open" if is_open else "closed"
        self._write("PATCH", f"{_path(name)}/issues/{number}", _given(body=body, state=state))

    def _require_own(self, author: str) -> None:
        """What the bot writes has to be its own at the next run."""
        if author != self.login:
            raise Invalid(
                f"what is written with this sign-in is by {author}, and not by {self.login}: "
                f"correct {LOGIN}"
            )

    # --- Requests ----------------------------------------------------------------------------

    def _newest(
        self, path: str, kind: type[tuple[_T, ...]], query: Mapping[str, str]
    ) -> Iterator[_T]:
        """What a list holds that begins with the newest, as far as it is read."""
        return islice(self._pages(path, kind, query), _MAX_PAGES * _PAGE)

    def _pages(
        self, path: str, kind: type[tuple[_T, ...]], query: Mapping[str, str]
    ) -> Iterator[_T]:
        """What a list holds, page for page. Raises ``Invalid`` where it does not end."""
        for page in range(1, _MAX_PAGES + 1):
            asked = {**query, "per_page": str(_PAGE), "page": str(page)}
            items = self._get(path, kind, asked)
            yield from items
            if len(items) < _PAGE:
                return
        raise Invalid(f"{path} has more than {_MAX_PAGES * _PAGE} entries")

    def _get(self, path: str, kind: type[_T], query: Mapping[str, str] | None = None) -> _T:
        key = f"{path}?{sorted((query or {}).items())}"
        etag, known = self._known.get(key, ("", b""))
        conditions = {"If-None-Match": etag} if etag else {}

        def ask() -> _Answer:
            return self._within_limits("GET", path, query or {}, conditions, None)

        answer = self._again(ask)
        if answer.status == 304:
            self._known.move_to_end(key)
            return _decoded(known, kind)
        self._remember(key, answer)
        return _decoded(answer.body, kind)

    def _remember(self, key: str, answer: _Answer) -> None:
        etag = answer.headers.get("etag")
        if not etag:
            return
        self._known[key] = (etag, answer.body)
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _again(self, ask: Callable[[], _Answer]) -> _Answer:
        for pause in self._patience.again:
            try:
                return ask()
            except Unavailable:
                time.sleep(pause)
        return ask()

    def _write(self, verb: str, path: str, given: Mapping[str, object]) -> bytes:
        return self._within_limits(verb, path, {}, {}, given).body

    def _within_limits(
        self,
        verb: str,
        path: str,
        query: Mapping[str, str],
        conditions: Mapping[str, str],
        given: Mapping[str, object] | None,
    ) -> _Answer:
        waited = 0.0
        for attempt in count(1):
            left = self._not_before - time.monotonic()
            try:
                if left > 0:
                    raise RateLimited("the forge wants to be left alone for now", left)
                with nullcontext() if verb == "GET" else self._pace.turn():
                    return self._once(verb, path, query, conditions, given)
            except RateLimited as limit:
                self._not_before = time.monotonic() + limit.retry_after
                waited += limit.retry_after
                if waited > self._patience.for_limits or attempt == _MOST_ATTEMPTS:
                    raise
                time.sleep(limit.retry_after)
        raise AssertionError

    def _once(
        self,
        verb: str,
        path: str,
        query: Mapping[str, str],
        conditions: Mapping[str, str],
        given: Mapping[str, object] | None,
    ) -> _Answer:
        headers = {"Accept": _ACCEPT, "X-GitHub-Api-Version": _API_VERSION, **conditions}
        try:
            status, got, text = self._requester.requestJson(verb, path, dict(query), headers, given)
        except (GithubException, requests.RequestException, RuntimeError) as error:
            raise _translated(error) from None
        answer = _Answer(status, got, text.encode("utf-8", "replace"))
        if status >= 400:
            raise _refusal(verb, path, answer)
        return answer


@dataclass(frozen=True, slots=True)
class _Answer:
    """The headers' names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


# --- No --------------------------------------------------------------------------------------


def _refusal(verb: str, path: str, answer: _Answer) -> ForgeError:
    said = _said(answer.body)
    message = f"{verb} {path}: {answer.status} {said}".rstrip()
    if answer.status == 422 and _EXISTS_WORDS in said.lower():
        return Conflict(message)
    if _is_limit(answer, said):
        return RateLimited(message, _wait(answer.headers))
    return _KINDS.get(answer.status, Unavailable if answer.status >= 500 else Invalid)(message)


def _said(body: bytes) -> str:
    try:
        failure = msgspec.json.decode(body, type=_Failure)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    details = (item if isinstance(item, str) else item.message for item in failure.errors)
    return ": ".join(filter(None, [failure.message, *details]))[:200]


def _is_limit(answer: _Answer, said: str) -> bool:
    if answer.status == 429:
        return True
    if answer.status != 403:
        return False
    is_used_up = answer.headers.get("x-ratelimit-remaining") == "0"
    is_named = any(words in said.lower() for words in _LIMIT_WORDS)
    return is_used_up or is_named or "retry-after" in answer.headers


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds until a limit is lifted."""
    try:
        if "retry-after" in headers:
            return max(_SHORTEST_WAIT, float(headers["retry-after"]))
        if headers.get("x-ratelimit-remaining") == "0":
            return max(_SHORTEST_WAIT, float(headers["x-ratelimit-reset"]) - _now(headers))
    except (ValueError, KeyError):
        pass
    return _DEFAULT_WAIT


def _now(headers: Mapping[str, str]) -> float:
    """The time by the clock of the forge: that of this machine may go otherwise."""
    date = headers.get("date")
    return parsedate_to_datetime(date).timestamp() if date else time.time()


def _translated(error: Exception) -> ForgeError:
    """What PyGithub or the transport raised, without the request in it: that may hold a token."""
    if isinstance(error, GithubException):
        answer = _Answer(error.status, error.headers or {}, b"")
        return _refusal("signing in", "", answer)
    return Unavailable(f"the forge does not answer: {type(error).__name__}")


# --- Shapes ----------------------------------------------------------------------------------


def _decoded(body: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unavailable(f"the forge answers in another shape: {error}") from None


def _path(name: str) -> str:
    owner, _, repository = name.partition("/")
    return f"/repos/{quote(owner, safe='')}/{quote(repository, safe='')}"


def _given(**texts: str | None) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text is not None}


def _login(user: _User | None) -> str:
    return user.login.lower() if user else "ghost"


def _is_of(item: _PullRequest, name: str) -> bool:
    """Whether it comes from the repository itself, and not from a fork."""
    return item.head.repo is not None and item.head.repo.full_name.lower() == name.lower()


def _pull_request(item: _PullRequest) -> PullRequest:
    state = State.OPEN if item.state == "open" else State.CLOSED
    return PullRequest(
        number=item.number,
        state=State.MERGED if item.merged_at else state,
        branch=item.head.ref,
        base=item.base.ref,
        head=item.head.sha,
        title=item.title,
        body=item.body or "",
        author=_login(item.user),
        created_at=item.created_at,
    )


def _issue(item: _Issue) -> Issue:
    return Issue(item.number, item.state == "open", item.title, item.body or "", _login(item.user))


def _signature(given: _Signature | None) -> Signature:
    return Signature(given.name, given.email) if given else Signature("", "")
