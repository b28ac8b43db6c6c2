"""A small forge on loopback: the part of GitHub's REST API that the bot calls, and git over HTTP.

It keeps what it is told and behaves as GitHub does where the bot depends on it. People act on it
through its methods. Every request, git's among them, can be made to fail, to be cut off, or to be
the moment at which the process that asks is killed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "t0ken-0f-the-b0t"
BOT = "wfix-bot[bot]"
PERSON = "ada"


_PASSED_ON = ("Authorization", "Accept", "Content-Type", "If-None-Match", "X-GitHub-Api-Version")


class When(Enum):
    BEFORE = auto()
    AFTER = auto()


@dataclass(frozen=True)
class Fault:
    """What befalls a request.

    ``status`` is answered instead of doing it; None cuts the connection. ``when`` says whether the
    request was carried out by then, ``kill`` is a process that is killed at that moment.
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "as the test has it"
    when: When = When.BEFORE
    kill: bool = False


@dataclass
class Pull:
    number: int
    branch: str
    base: str
    title: str
    body: str
    author: str
    created_at: datetime
    state: str = "open"
    merged_at: datetime | None = None
    last_head: str = ""
    labels: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    edits: int = 0


@dataclass
class Ticket:
    number: int
    title: str
    body: str
    author: str
    state: str = "open"
    edits: int = 0


class Refusal(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Hosted:
    """One repository: a bare git repository, its pull requests and its issues."""

    name: str
    git: Path
    archived: bool = False
    writable: bool = True
    default: str = "main"
    has_issues: bool = True
    strangers: set[str] = field(default_factory=set)
    pulls: dict[int, Pull] = field(default_factory=dict)
    issues: dict[int, Ticket] = field(default_factory=dict)

    def run(self, *arguments: str, given: bytes = b"", check: bool = True, **extra: str) -> str:
        ran = subprocess.run(
            ["git", *arguments],
            cwd=self.git,
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, **extra},
        )
        assert not check or ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode().strip() if ran.returncode == 0 else ""

    def head(self, branch: str) -> str:
        return self.run("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}", check=False)

    def branches(self) -> list[str]:
        return self.run("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split()

    def head_of(self, pull: Pull) -> str:
        if pull.state == "open":
            pull.last_head = self.head(pull.branch) or pull.last_head
        return pull.last_head

    def commit(
        self, branch: str, files: dict[str, str | None], author: str = PERSON, message: str = "work"
    ) -> str:
        """A commit on ``branch``; None deletes a file."""
        index = {"GIT_INDEX_FILE": str(self.git / "index-of-test")}
        parent = self.head(branch)
        if parent:
            self.run("read-tree", parent, **index)
        else:
            self.run("read-tree", "--empty", **index)
        for path, text in files.items():
            if text is None:
                gone = f"0 {'0' * 40}\t{path}\n".encode()
                self.run("update-index", "--index-info", given=gone, **index)
                continue
            blob = self.run("hash-object", "-w", "--stdin", given=text.encode())
            mode = "100644"
            self.run("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", **index)
        tree = self.run("write-tree", **index)
        signed = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", author), ("EMAIL", f"{author}@example.invalid"))
        }
        parents = ["-p", parent] if parent else []
        made = self.run("commit-tree", tree, *parents, "-m", message, **signed)
        self.run("update-ref", f"refs/heads/{branch}", made)
        return made

    def file(self, branch: str, path: str) -> str:
        return self.run("show", f"{branch}:{path}")

    def number(self) -> int:
        return max([0, *self.pulls, *self.issues]) + 1

    def open_pulls(self) -> list[Pull]:
        return [pull for pull in self.pulls.values() if pull.state == "open"]

    def merge(self, number: int) -> None:
        pull = self.pulls[number]
        head = self.head_of(pull)
        tree = self.run("merge-tree", "--write-tree", pull.base, head).splitlines()[0]
        signed = {
            f"GIT_{role}_{part}": "someone"
            for role in ("AUTHOR", "COMMITTER")
            for part in ("NAME", "EMAIL")
        }
        parents = ("-p", self.head(pull.base), "-p", head)
        made = self.run("commit-tree", tree, *parents, "-m", "merge", **signed)
        self.run("update-ref", f"refs/heads/{pull.base}", made)
        pull.state, pull.merged_at = "closed", datetime.now(UTC)

    def close(self, number: int) -> None:
        self.head_of(self.pulls[number])
        self.pulls[number].state = "closed"

    def reopen(self, number: int) -> None:
        self.pulls[number].state = "open"

    def drop(self, branch: str) -> None:
        """Deletes a branch as GitHub does: its pull request is closed with it."""
        for pull in self.open_pulls():
            if pull.branch == branch:
                self.close(pull.number)
        self.run("update-ref", "-d", f"refs/heads/{branch}")

    def mergeable(self, pull: Pull) -> bool:
        return bool(
            self.run("merge-tree", "--write-tree", pull.base, self.head_of(pull), check=False)
        )


class Forge:
    """The server's state. ``fault`` is asked of each request, by its number from 0 on.

    ``connections`` are all requests with the connections that they came through. ``guard`` is the
    address of what stands before the answers, as ``prism`` does; ``violations`` are its complaints.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repositories: dict[str, Hosted] = {}
        self.requests: list[str] = []
        self.connections: list[tuple[int, str]] = []
        self.granted: list[object] = []
        self.installations: list[dict[str, object]] = [
            {"id": 7, "suspended_at": None},
            {"id": 8, "suspended_at": "2026-01-01T00:00:00Z"},
        ]
        self.not_modified = 0
        self.victim: int | None = None
        self.fault: Callable[[int, str], Fault | None] = lambda _number, _request: None
        self.complete: Callable[[str, str, int, object], object] = lambda _v, _p, _s, value: value
        self.guard: str | None = None
        self.violations: list[str] = []
        self.url = ""
        self.public_url = ""
        self.lock = threading.RLock()

    def host(self, name: str, files: dict[str, str] | None) -> Hosted:
        """A new repository with one commit of ``files``; None leaves it empty."""
        git = self.folder / f"{name}.git"
        git.mkdir(parents=True)
        made = Hosted(name, git)
        made.run("init", "--quiet", "--bare", "--initial-branch=main", ".")
        for key in ("http.receivepack", "uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            made.run("config", key, "true")
        if files is not None:
            made.commit("main", files)
        self.repositories[name.lower()] = made
        return made

    def named(self, name: str) -> Hosted:
        found = self.repositories.get(name.lower())
        if found is None:
            raise Refusal(404, "Not Found")
        return found


# --- The API ---------------------------------------------------------------------------------

_ROUTES: list[tuple[str, re.Pattern[str], Callable[..., tuple[int, object]]]] = []


def _route(verb: str, path: str):
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))

    def register(function):
        _ROUTES.append((verb, pattern, function))
        return function

    return register


def _user(login: str) -> dict[str, object]:
    return {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"}


def _time(value: datetime | None) -> str | None:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _shown_pull(forge: Forge, hosted: Hosted, pull: Pull) -> dict[str, object]:
    return {
        "number": pull.number,
        "state": pull.state,
        "title": pull.title,
        "body": pull.body,
        "user": _user(pull.author),
        "created_at": _time(pull.created_at),
        "updated_at": _time(pull.created_at),
        "closed_at": None,
        "merged_at": _time(pull.merged_at),
        "head": {
            "ref": pull.branch,
            "sha": hosted.head_of(pull),
            "repo": {"full_name": hosted.name},
        },
        "base": {
            "ref": pull.base,
            "sha": "0" * 40,
            "repo": {"full_name": hosted.name},
        },
    }


def _shown_issue(hosted: Hosted, item: Ticket | Pull) -> dict[str, object]:
    shown: dict[str, object] = {
        "number": item.number,
        "state": item.state,
        "title": item.title,
        "body": item.body,
        "user": _user(item.author),
    }
    if isinstance(item, Pull):
        shown["pull_request"] = {"url": None, "html_url": None, "diff_url": None, "patch_url": None}
    return shown


def _paged(items: list, query: dict[str, str]) -> list:
    size, page = int(query.get("per_page", "30")), int(query.get("page", "1"))
    return items[(page - 1) * size : page * size]


def _writable(hosted: Hosted) -> None:
    if hosted.archived:
        raise Refusal(403, "Repository was archived so is read-only.")
    if not hosted.writable:
        raise Refusal(403, "Resource not accessible by integration")


@_route("GET", "/user")
def _me(_forge, _query, _given):
    raise Refusal(403, "Resource not accessible by integration")


@_route("POST", "/graphql")
def _viewer(forge, _query, given):
    assert given == {"query": "{ viewer { login } }"}
    return 200, {"data": {"viewer": {"login": BOT}}}


@_route("GET", "/app")
def _app(_forge, _query, _given):
    return 200, {"id": 1, "slug": BOT.removesuffix("[bot]")}


@_route("GET", "/repos/{owner}/{name}/installation")
def _installation(forge, _query, _given, owner, name):
    forge.named(f"{owner}/{name}")
    return 200, {"id": 7}


@_route("GET", "/app/installations")
def _installations(forge, query, _given):
    return 200, _paged(forge.installations, query)


@_route("GET", "/installation/repositories")
def _installed(forge, query, _given):
    names = [hosted.name for hosted in forge.repositories.values()]
    shown = [{"full_name": name} for name in _paged(names, query)]
    return 200, {"total_count": len(names), "repositories": shown}


@_route("POST", "/app/installations/{number}/access_tokens")
def _token(forge, _query, given, number):
    forge.granted.append(given)
    ends = datetime.now(UTC) + timedelta(hours=1)
    return 201, {"token": TOKEN, "expires_at": _time(ends), "permissions": given["permissions"]}


@_route("GET", "/repos/{owner}/{name}")
def _repository(forge, _query, _given, owner, name):
    hosted = forge.named(f"{owner}/{name}")
    return 200, {
        "full_name": hosted.name,
        "name": hosted.name.partition("/")[2],
        "default_branch": hosted.default,
        "clone_url": f"{forge.url}/git/{hosted.name}.git",
        "archived": hosted.archived,
        "disabled": False,
        # The bot is an app here: it is told that it has none, whatever it was given.
        "permissions": {"admin": False, "pull": False, "push": False},
    }


@_route("GET", "/repos/{owner}/{name}/pulls")
def _pulls(forge, query, _given, owner, name):
    hosted = forge.named(f"{owner}/{name}")
    found = sorted(hosted.pulls.values(), key=lambda item: item.number)
    if query.get("direction") == "desc":
        found.reverse()
    if query.get("state", "open") != "all":
        found = [pull for pull in found if pull.state == query.get("state", "open")]
    if "head" in query:
        found = [pull for pull in found if f"{owner}:{pull.branch}" == query["head"]]
    return 200, [_shown_pull(forge, hosted, pull) for pull in _paged(found, query)]


@_route("POST", "/repos/{owner}/{name}/pulls")
def _open(forge, _query, given, owner, name):
    hosted = forge.named(f"{owner}/{name}")
    _writable(hosted)
    if not hosted.head(given["head"]):
        raise Refusal(422, "Validation Failed: head")
    if any(
        (pull.branch, pull.base) == (given["head"], given["base"]) for pull in hosted.open_pulls()
    ):
        raise Refusal(422, "A pull request already exists")
    if hosted.head(given["head"]) == hosted.head(given["base"]):
        raise Refusal(422, "No commits between")
    number = hosted.number()
    pull = Pull(
        number,
        given["head"],
        given["base"],
        given["title"],
        given.get("body") or "",
        BOT,
        datetime.now(UTC),
    )
    assert len(pull.body) <= 65_536
    hosted.pulls[number] = pull
    return 201, _whole_pull(forge, hosted, pull)


def _whole_pull(forge: Forge, hosted: Hosted, pull: Pull) -> dict[str, object]:
    known = hosted.mergeable(pull) if pull.state == "open" else None
    return _shown_pull(forge, hosted, pull) | {"mergeable": known}


@_route("GET", "/repos/{owner}/{name}/pulls/{number}")
def _pull(forge, _query, _given, owner, name, number):
    hosted = forge.named(f"{owner}/{name}")
    return 200, _whole_pull(forge, hosted, _of(hosted.pulls, number))


@_route("PATCH", "/repos/{owner}/{name}/pulls/{number}")
def _edit_pull(forge, _query, given, owner, name, number):
    hosted = forge.named(f"{owner}/{name}")
    _writable(hosted)
    pull = _of(hosted.pulls, number)
    hosted.head_of(pull)
    if "base" in given and not hosted.head(given["base"]):
        raise Refusal(422, "Validation Failed: base")
    pull.edits += 1
    for key, value in given.items():
        setattr(pull, key, value)
    return 200, _whole_pull(forge, hosted, pull)


@_route("POST", "/repos/{owner}/{name}/pulls/{number}/requested_reviewers")
def _review(forge, _query, given, owner, name, number):
    hosted = forge.named(f"{owner}/{name}")
    _writable(hosted)
    pull = _of(hosted.pulls, number)
    asked = [*given.get("reviewers", []), *given.get("team_reviewers", [])]
    if hosted.strangers.intersection(asked):
        raise Refusal(422, "Reviews may only be requested from collaborators")
    pull.reviewers = [*dict.fromkeys([*pull.reviewers, *asked])]
    return 201, _shown_pull(forge, hosted, pull)


@_route("GET", "/repos/{owner}/{name}/compare/{basehead}")
def _compare(forge, query, _given, owner, name, basehead):
    hosted = forge.named(f"{owner}/{name}")
    base, _, head = basehead.partition("...")
    fork = hosted.run("merge-base", base, head)
    ahead = hosted.run("rev-list", "--reverse", f"{fork}..{head}").split()
    behind = hosted.run("rev-list", f"{fork}..{base}").split()
    return 200, {
        "status": "ahead",
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [_shown_commit(hosted, sha) for sha in _paged(ahead, query)],
    }


def _shown_commit(hosted: Hosted, sha: str) -> dict[str, object]:
    parts = hosted.run("show", "-s", "--format=%an%x00%ae%x00%cn%x00%ce", sha).split("\0")
    return {
        "sha": sha,
        "commit": {
            "author": {"name": parts[0], "email": parts[1]},
            "committer": {"name": parts[2], "email": parts[3]},
        },
    }


@_route("GET", "/repos/{owner}/{name}/issues")
def _issues(forge, query, _given, owner, name):
    hosted = forge.named(f"{owner}/{name}")
    if not hosted.has_issues:
        return 200, []
    every: list[Ticket | Pull] = [*hosted.issues.values(), *hosted.pulls.values()]
    creator = query.get("creator", "").lower()
    found = [item for item in every if creator in ("", item.author.lower())]
    found.sort(key=lambda item: item.number, reverse=query.get("direction") == "desc")
    return 200, [_shown_issue(hosted, item) for item in _paged(found, query)]


@_route("POST", "/repos/{owner}/{name}/issues")
def _open_issue(forge, _query, given, owner, name):
    hosted = forge.named(f"{owner}/{name}")
    _writable(hosted)
    if not hosted.has_issues:
        raise Refusal(410, "Issues has been disabled in this repository.")
    number = hosted.number()
    hosted.issues[number] = Ticket(number, given["title"], given["body"], BOT)
    return 201, _shown_issue(hosted, hosted.issues[number])


@_route("GET", "/repos/{owner}/{name}/issues/{number}")
def _issue(forge, _query, _given, owner, name, number):
    hosted = forge.named(f"{owner}/{name}")
    return 200, _shown_issue(hosted, _of(hosted.issues, number))


@_route("PATCH", "/repos/{owner}/{name}/issues/{number}")
def _edit_issue(forge, _query, given, owner, name, number):
    hosted = forge.named(f"{owner}/{name}")
    _writable(hosted)
    issue = _of(hosted.issues, number)
    issue.edits += 1
    for key, value in given.items():
        setattr(issue, key, value)
    return 200, _shown_issue(hosted, issue)


@_route("GET", "/repos/{owner}/{name}/issues/{number}/comments")
def _comments(forge, query, _given, owner, name, number):
    pull = _of(forge.named(f"{owner}/{name}").pulls, number)
    return 200, [_shown_comment(*item) for item in _paged(pull.comments, query)]


@_route("POST", "/repos/{owner}/{name}/issues/{number}/comments")
def _comment(forge, _query, given, owner, name, number):
    hosted = forge.named(f"{owner}/{name}")
    _writable(hosted)
    _of(hosted.pulls, number).comments.append((BOT, given["body"]))
    return 201, _shown_comment(BOT, given["body"])


def _shown_comment(author: str, body: str) -> dict[str, object]:
    return {"user": _user(author), "body": body}


@_route("POST", "/repos/{owner}/{name}/issues/{number}/labels")
def _label(forge, _query, given, owner, name, number):
    hosted = forge.named(f"{owner}/{name}")
    _writable(hosted)
    pull = _of(hosted.pulls, number)
    pull.labels = [*dict.fromkeys([*pull.labels, *given["labels"]])]
    return 200, [{"name": label} for label in pull.labels]


@_route("GET", "/search/issues")
def _search(forge, query, _given):
    owner = re.search(r"user:(\S+)", query["q"])
    author = re.search(r"author:(?:app/)?(\S+)", query["q"])
    since = re.search(r"created:>=(\S+)", query["q"])
    assert owner
    assert author
    assert since
    found = [
        pull
        for hosted in forge.repositories.values()
        if hosted.name.startswith(f"{owner[1]}/")
        for pull in hosted.pulls.values()
        if pull.author.removesuffix("[bot]") == author[1]
        if pull.created_at >= datetime.fromisoformat(since[1])
    ]
    return 200, {"total_count": len(found), "incomplete_results": False, "items": []}


def _of(items: dict, number: str):
    if int(number) not in items:
        raise Refusal(404, "Not Found")
    return items[int(number)]


# --- The server ------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer goes out in two writes: the second must not wait for a receipt of the first.
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_arguments: object) -> None:
        pass

    def _serve(self) -> None:
        forge = self.server.forge
        length = int(self.headers.get("Content-Length") or 0)
        given = self._chunks() if self.headers.get("Transfer-Encoding") else self.rfile.read(length)
        with forge.lock:
            request = f"{self.command} {self.path}"
            fault = forge.fault(len(forge.requests), request)
            forge.requests.append(request)
            forge.connections.append((self.client_address[1], request))
            if fault and fault.when is When.BEFORE:
                self._fail(fault)
                return
            answer = self._done(given)
            if fault:
                self._fail(fault)
                return
        self._answer(*answer)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _chunks(self) -> bytes:
        given = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            given += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return given

    def _fail(self, fault: Fault) -> None:
        victim = self.server.forge.victim
        if fault.kill and victim:
            os.kill(victim, signal.SIGKILL)
        if fault.status is None:
            self.close_connection = True
            self.connection.close()
            return
        body = json.dumps({"message": fault.message}).encode()
        self._answer(fault.status, {"Content-Type": "application/json", **fault.headers}, body)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def _done(self, given: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.path.startswith("/git/"):
            return self._git(given)
        guard = self.server.forge.guard
        return self._guarded(guard, given) if guard else self._api(given)

    def _guarded(self, guard: str, given: bytes) -> tuple[int, dict[str, str], bytes]:
        """What is answered behind ``guard``, which asks the relay."""
        connection = HTTPConnection(urlsplit(guard).netloc, timeout=60)
        passed_on = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
        connection.request(self.command, self.path, given or None, passed_on)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        kind = answer.getheader("Content-Type", "")
        if "problem+json" in kind:
            said = body.decode()
            self.server.forge.violations.append(f"{self.command} {self.path}: {said}")
        headers = {"Content-Type": kind, "ETag": answer.getheader("ETag")}
        return answer.status, {name: text for name, text in headers.items() if text}, body

    def _api(self, given: bytes) -> tuple[int, dict[str, str], bytes]:
        forge = self.server.forge
        address = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        path = unquote(address.path)
        status, shown = self._found(path, query, given)
        shown = forge.complete(self.command, path, status, shown)
        body = json.dumps(shown).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.command == "GET" and status == 200:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
            if self.headers.get("If-None-Match") == headers["ETag"]:
                forge.not_modified += 1
                return 304, {"ETag": headers["ETag"]}, b""
        return status, headers, body

    def _found(self, path: str, query: dict[str, str], given: bytes) -> tuple[int, object]:
        is_for_app = path.startswith("/app") or path.endswith("/installation")
        # What an app signs is not checked here: that it signs, and is then given a token, is.
        expected = "Bearer ey" if is_for_app else TOKEN
        if expected not in self.headers.get("Authorization", ""):
            return 401, {"message": "Bad credentials"}
        for verb, pattern, function in _ROUTES:
            match = pattern.fullmatch(path)
            if verb == self.command and match:
                try:
                    parsed = json.loads(given) if given else None
                    return function(self.server.forge, query, parsed, **match.groupdict())
                except Refusal as refusal:
                    return refusal.status, {"message": str(refusal)}
        return 404, {"message": f"no such route: {self.command} {path}"}

    def _git(self, given: bytes) -> tuple[int, dict[str, str], bytes]:
        forge = self.server.forge
        if not self.headers.get("Authorization", "").startswith("Basic "):
            return 401, {"WWW-Authenticate": 'Basic realm="forge"'}, b""
        address = urlsplit(self.path)
        path = unquote(address.path).removeprefix("/git")
        hosted = forge.repositories.get(path.partition(".git")[0].strip("/").lower())
        if hosted is None:
            return 404, {}, b""
        writes = "git-receive-pack" in self.path
        if writes and not (hosted.writable and not hosted.archived):
            return 403, {}, b""
        if self.headers.get("Content-Encoding") == "gzip":
            given = gzip.decompress(given)
        ran = subprocess.run(
            ["git", "http-backend"],
            input=given,
            capture_output=True,
            check=True,
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(forge.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": address.query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(given)),
                "REMOTE_USER": BOT,
            },
        )
        if writes and self.command == "POST":
            self._close_without_branch(hosted)
        head, _, body = ran.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(fields.pop("Status", "200 OK").split()[0])
        return status, fields, body

    def _close_without_branch(self, hosted: Hosted) -> None:
        for pull in hosted.open_pulls():
            if not hosted.head(pull.branch):
                pull.state = "closed"


class _AnswersAlone(_Handler):
    """Asked by a guard, while the forge holds its lock for the request that is guarded."""

    def _serve(self) -> None:
        given = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(*self._api(given))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, forge: Forge, handler: type[_Handler] = _Handler) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.forge = forge


class Relay(_Server):
    """Answers for whatever forge is set, at an address that stays."""

    def __init__(self) -> None:
        super().__init__(Forge(Path()), _AnswersAlone)
        self.url = f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving(folder: Path) -> Iterator[Forge]:
    """A forge that answers on a free port of this machine."""
    forge = Forge(folder)
    server = _Server(forge)
    forge.url = forge.public_url = f"http://127.0.0.1:{server.server_port}"
    with _answering(server):
        yield forge


@contextmanager
def relaying() -> Iterator[Relay]:
    relay = Relay()
    with _answering(relay):
        yield relay


@contextmanager
def _answering(server: _Server) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
