"""Repositories of Workers on a forge on loopback, and the bot signed in there."""

from __future__ import annotations

import json
from dataclasses import dataclass

from forge import BOT, TOKEN, Forge, Hosted, Pull

from codemod.bot import github
from codemod.bot.dry_run import DryRun
from codemod.bot.github import Patience
from codemod.bot.reconcile import Operator, Report, reconcile
from codemod.bot.sign_in import SignIn, TokenSignIn

NAME = "acme/workers"
AT_ONCE = Patience(between_writes=0, again=(), for_mergeability=(0,))

_OBJECTS = """\
import {{ DurableObject }} from "cloudflare:workers";
export class {name} extends DurableObject {{}}
export default {{ async fetch(request) {{ return new Response("{name}"); }} }};
"""
_CALLER = """\
export default {{
  async fetch(request, env) {{
    {calls}
    return new Response("done");
  }},
}};
"""


def worker(name: str, *targets: str, **more: object) -> dict[str, str]:
    """The files of a Worker that is bound to ``targets`` and calls them.

    ``more`` are further keys of its configuration.
    """
    bound = [{"binding": target.upper(), "service": target} for target in targets]
    configuration = {
        "name": name,
        "main": "index.ts",
        "compatibility_date": "2026-01-01",
        "services": bound,
        **more,
    }
    calls = "\n    ".join(
        f"await env.{target.upper()}.fetch(request.clone());" for target in targets
    )
    return {
        f"{name}/wrangler.json": f"{json.dumps(configuration, indent=2)}\n",
        f"{name}/index.ts": _CALLER.format(calls=calls),
    }


def host_of_objects(name: str) -> dict[str, str]:
    """The files of a Worker whose Durable Object class breaks plain bindings to it."""
    class_name = name.capitalize()
    bindings = {"bindings": [{"name": "OBJECTS", "class_name": class_name}]}
    migrations = [{"tag": "v1", "new_sqlite_classes": [class_name]}]
    files = worker(name, durable_objects=bindings, migrations=migrations)
    return files | {f"{name}/index.ts": _OBJECTS.format(name=class_name)}


REPOSITORY = {**host_of_objects("api"), **host_of_objects("books"), "wfix.toml": ""}
ONE_FAULT = {**REPOSITORY, **worker("web", "api")}
TWO_TARGETS = {**REPOSITORY, **worker("web", "api", "books")}


@dataclass
class Bot:
    """The bot, one repository, and what became of it there."""

    forge: Forge
    hosted: Hosted
    client: github.GitHub

    def run(self, operator: Operator | None = None, dry_run: DryRun | None = None) -> Report:
        return reconcile(self.client, self.hosted.name, operator, dry_run)

    def lines(self, operator: Operator | None = None) -> list[str]:
        """What one run says that it did, in short."""
        return [f"{done.branch}: {done.what}" for done in self.run(operator).done]

    @property
    def pull(self) -> Pull:
        """The one open pull request."""
        (only,) = self.hosted.open_pulls()
        return only

    def written(self) -> list[str]:
        """What the last requests wrote, in order; forgets them."""
        made = [item for item in self.forge.requests if not item.startswith("GET")]
        self.forge.requests.clear()
        return [item for item in made if "git-upload-pack" not in item]


def client_of(forge: Forge, url: str | None = None) -> github.GitHub:
    return github.connect(SignIn(TokenSignIn(TOKEN), url or forge.url, BOT), NAME, AT_ONCE)
