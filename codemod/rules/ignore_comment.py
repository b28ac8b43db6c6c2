"""A `wfix-ignore` comment that says no reason, names no rule, or silences nothing.

`// wfix-ignore <rule>: <reason>` above a line (in TOML `#`), or at its end, says that the finding
of that rule there is known. In a configuration it may stand on any line of the object or table that
the finding is about: within a binding's object, behind its last brace, or at a pair of its
`[[services]]`. Where a line begins inside a template literal, which takes no comment, it stands
above the line that the template begins on.

Several rules are separated by commas. A comment without a reason silences nothing. One that
silences nothing any more hides the next finding that comes to its line.

## Evidence

Documented: this page.

## Example

Before, on a binding that no rule has anything against any more:

```jsonc
// wfix-ignore poisoned-binding: works in production since March
{ "binding": "API", "service": "api", "entrypoint": "default" }
```

After:

```jsonc
{ "binding": "API", "service": "api", "entrypoint": "default" }
```

## By hand

Remove the comment, or give it the reason and the rule that it is meant for. Where only some rules
are selected, comments about the others are not called unused.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Evidence,
    Finding,
    Mark,
    Project,
    Safety,
    Suppression,
    Worker,
)

EVIDENCE = Evidence(Mark.DOCUMENTED, "the page of this rule")
DEFAULT = True
FIXES: tuple[Safety, ...] = ()

NAME = "ignore-comment"
_FORM = "// wfix-ignore <rule>: <reason>"


def check(project: Project) -> Iterator[Finding]:
    for suppression in project.suppressions:
        if not suppression.rules:
            yield finding(project, suppression, f"names no rule: {_FORM}")
        elif suppression.reason is None:
            yield finding(project, suppression, f"silences nothing without a reason: {_FORM}")


def finding(project: Project, suppression: Suppression, message: str) -> Finding:
    """What is wrong with one comment."""
    path = suppression.location.path
    owner = next((item for item in project.workers if _holds(item, path)), None)
    return Finding(
        rule=NAME,
        worker=(owner.name or owner.config_path) if owner else path,
        environment=None,
        binding=None,
        target=None,
        location=suppression.location,
        message=message,
        evidence=EVIDENCE,
        no_fix="only a person knows what it is for",
    )


def _holds(worker: Worker, path: str) -> bool:
    return path == worker.config_path or path in worker.usages.modules
