"""The compatibility flag that gives the bindings of a Worker with an older date their methods."""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import Deployment, Edit, Finding, Fix, Safety, Worker
from codemod.planner.groups import lead_of
from codemod.planner.refusal import Refusal
from codemod.planner.workshop import Workshop
from codemod.rules.rpc_compatibility import FLAG, NO_FLAG, is_before_rpc
from codemod.syntax.tree import Document, Mapping, Node, Sequence

_KEY = "compatibility_flags"


def propose(workshop: Workshop, finding: Finding) -> Fix | Refusal:
    """Adds the flag to the list that counts for the caller's deployment.

    That is the environment's own list, else the top level's, which environments inherit. One that
    inherits it with a date from which on the flag is refused gets no flag by the way.
    """
    lead = lead_of(workshop.project, finding)
    if NO_FLAG in lead.deployment.compatibility_flags:
        return Refusal(f'"{NO_FLAG}" among its {_KEY} asks for bindings without methods', None)
    document = workshop.document(lead.caller.config_path)
    edit = _edit(document, lead.caller, lead.deployment)
    if isinstance(edit, Refusal):
        return edit
    return Fix(
        strategy=None,
        safety=Safety.SAFE,
        title=f'add the compatibility flag "{FLAG}"',
        reasons=("nothing else changes with it than that bindings have methods of every name",),
        edits=(edit,),
    )


def _edit(document: Document, caller: Worker, deployment: Deployment) -> Edit | Refusal:
    path, top = caller.config_path, document.root
    own = _table(top, deployment.environment)
    if not isinstance(top, Mapping) or own is None:
        return Refusal(f"the place of its {_KEY} is not found", None)
    holder = own if own.get(_KEY) is not None else top
    if holder is top:
        newer = next(_too_new(caller, top), None)
        if newer and own is top:
            return Refusal(f'{newer} inherits its {_KEY}, and may refuse "{FLAG}"', None)
        if newer:
            return document.insert_member(path, own, _KEY, [*deployment.compatibility_flags, FLAG])
    listed = holder.get(_KEY)
    if isinstance(listed, Sequence):
        return document.append_item(path, listed, FLAG)
    return document.insert_member(path, holder, _KEY, [FLAG])


def _too_new(caller: Worker, top: Mapping) -> Iterator[str]:
    """The deployments for which the top level's list counts and that are not known to be old."""
    for deployment in caller.deployments:
        own = _table(top, deployment.environment)
        has_list = deployment.environment and own is not None and own.get(_KEY) is not None
        if not has_list and not is_before_rpc(deployment):
            yield f"env.{deployment.environment}" if deployment.environment else "the top level"


def _table(top: Node, environment: str | None) -> Mapping | None:
    """The table of an environment; the outermost one is that of the top level."""
    table: Node | None = top
    for key in ("env", environment) if environment else ():
        table = table.get(key) if isinstance(table, Mapping) else None
    return table if isinstance(table, Mapping) else None
