"""A repository in which one run has everything to do that the bot ever does, and its snapshots."""

from __future__ import annotations

import copy
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from bots import Bot, host_of_objects, worker
from forge import Forge, Hosted

_SETTINGS = '[bot]\nlabels = ["repair"]\nreviewers = ["ada", "acme/core"]\n'
_TARGETS = ("books", "clubs", "depot", "extra")
BEFORE = {
    **{path: text for name in _TARGETS for path, text in host_of_objects(name).items()},
    **worker("web", "books", "clubs", "depot"),
    "wfix.toml": f"{_SETTINGS}pull-requests-at-once = 3\n",
}
AFTER: dict[str, str | None] = {
    # The repair of books changes, that of clubs is no longer needed, depot's branch is taken.
    **worker("admin", "books"),
    **worker("web", "books", "depot", "extra"),
    "odd/wrangler.json": "{",
}


def make_busy(bot: Bot) -> None:
    """What came before, on a repository with the files ``BEFORE``."""
    bot.run()
    bot.hosted.commit("wfix/depot", {"notes.txt": "mine"})
    bot.hosted.commit("main", AFTER)


def settled(hosted: Hosted) -> object:
    """What has to be the same however often a run was disturbed: all but the numbers."""
    pulls = [
        (
            pull.branch,
            pull.state,
            pull.title,
            re.sub(r"\d+", "0", pull.body),
            tuple(pull.labels),
            tuple(pull.reviewers),
            len(pull.comments),
        )
        for pull in hosted.pulls.values()
    ]
    issues = [
        (issue.title, issue.state, re.sub(r"request \d+", "request", issue.body))
        for issue in hosted.issues.values()
    ]
    trees = {name: hosted.run("rev-parse", f"{name}^{{tree}}") for name in hosted.branches()}
    return sorted(pulls), sorted(issues), trees


@dataclass(frozen=True)
class Snapshot:
    """A repository on the forge as it was at one moment."""

    hosted: Hosted
    git: Path

    @classmethod
    def of(cls, hosted: Hosted, folder: Path) -> Snapshot:
        shutil.copytree(hosted.git, folder)
        return cls(copy.deepcopy(hosted), folder)

    def restore(self, forge: Forge) -> Hosted:
        made = copy.deepcopy(self.hosted)
        shutil.rmtree(made.git)
        shutil.copytree(self.git, made.git)
        forge.repositories[made.name.lower()] = made
        forge.requests.clear()
        return made
