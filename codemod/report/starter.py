"""A first ``wfix.toml`` for a repository: what is found in it, and every key explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import tomlkit

from codemod.model import BindingKind, Deployment, Project, Unknown
from codemod.report.display import printable
from codemod.rules.unknown_service import Hint, Names


def render(project: Project) -> str:
    """The file's text. Only what the repository calls for is set; the rest is commented out."""
    missing = _services_missing(project)
    slips = _slips(project, missing)
    external = sorted(missing.keys() - slips.keys())
    environments = sorted(_environments(project))
    targets = sorted(_called(project))
    return f"""\
# wfix: which rules run, and how each Worker is to be repaired. Every key is optional.

# The rules that run, instead of the default ones (`wfix rules` lists them; "all" is every one).
# select = ["poisoned-binding"]

# Rules that do not run.
# ignore = []

# What is not read, as in a .gitignore.
# exclude = ["legacy/"]

# Services that Workers here are bound to and that live elsewhere: nothing is said about them.
{_setting("external-services", external)}
{"".join(_left_out(slips))}
# The environments that are judged ("" is the top level), instead of all of them.
# environments = {_array(environments)}

# Rules that do not run on some files.
# [per-file-ignores]
# "sandbox/**" = ["poisoned-binding"]

# How the bindings to one Worker are repaired: "auto", "entrypoint", "named", "rpc", "split" or
# "leave".
# [targets.{tomlkit.key(targets[0] if targets else "api").as_string()}]
# strategy = "leave"

# How the bot opens pull requests: which repairs share one (those of a "target", of a "rule", or of
# the "repository"), how many it opens within an hour and has open at once, and whether it keeps an
# issue that lists what waits.
# [bot]
# enabled = true
# group-by = "target"
# labels = []
# reviewers = []
# pull-requests-per-hour = 4
# pull-requests-at-once = 10
# unsafe-fixes = false
# manual-fixes = false
# dashboard = true
"""


def _setting(key: str, values: list[str]) -> str:
    return f"{key} = {_array(values)}" if values else f"# {key} = []"


def _array(values: Iterable[str]) -> str:
    return f"[{', '.join(_string(value) for value in values)}]"


def _string(value: str) -> str:
    return tomlkit.string(value).as_string()


def _services_missing(project: Project) -> dict[str, list[Deployment]]:
    """The services that no deployment here is called, each with the deployments bound to it."""
    here = {deployment.name for worker in project.workers for deployment in worker.deployments}
    missing: dict[str, list[Deployment]] = {}
    for kind in BindingKind:
        for _, deployment, binding in project.bindings(kind):
            service = binding.service
            if service and isinstance(binding.target, Unknown) and service not in here:
                missing.setdefault(service, []).append(deployment)
    return missing


def _slips(project: Project, missing: Mapping[str, Iterable[Deployment]]) -> dict[str, Hint]:
    """Those of the ``missing`` services that something here shows to be meant otherwise."""
    names = Names(project)
    return {
        service: hint
        for service, bound in missing.items()
        for deployment in bound
        if (hint := names.hint(service, deployment))
    }


def _left_out(slips: Mapping[str, Hint]) -> Iterator[str]:
    for service, hint in sorted(slips.items()):
        told = printable(hint.sentence)
        yield f"# Left out, since findings tell of it: {_string(service)} ({told})\n"


def _environments(project: Project) -> set[str]:
    return {
        deployment.environment or ""
        for worker in project.workers
        for deployment in worker.deployments
    }


def _called(project: Project) -> set[str]:
    return {
        binding.service
        for _, _, binding in project.bindings(BindingKind.SERVICE)
        if binding.service and not isinstance(binding.target, Unknown)
    }
