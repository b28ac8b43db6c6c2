"""How the code of a Worker uses its environment."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from codemod.model import GlobalFetch, Usage, Usages
from codemod.scanner.modules import Modules
from codemod.scanner.tracking.damage import hidden, may_hide
from codemod.scanner.tracking.declared_types import declared_types, mentions
from codemod.scanner.tracking.fetches import global_fetches, with_url
from codemod.scanner.tracking.flow import Flow
from codemod.scanner.tracking.folding import Folder
from codemod.scanner.tracking.liveness import Liveness
from codemod.scanner.tracking.program import Program
from codemod.scanner.tracking.reach import reachable
from codemod.scanner.tracking.requests import keys_read, paths, with_request
from codemod.syntax.typescript import Source

_GENERATED_TYPES = "worker-configuration.d.ts"
_FETCH = re.compile(rb"(?<![\w$])fetch(?![\w$])")


def collect(
    modules: Modules,
    roots: Sequence[str],
    bindings: Collection[str],
    variables: Sequence[Mapping[str, str | None]],
    alias: Mapping[str, str] | None = None,
    namespaces: Collection[str] = (),
) -> Usages:
    """All uses of the environment in the code that ``roots`` reach.

    Functions and classes that nothing uses are left out, as a bundler leaves them out.

    ``roots`` is a Worker's entry module, or all modules below a Pages project's ``functions/``.
    ``bindings`` are the names that its configuration declares in any environment: where it is
    not certain that something is the environment, only these count. ``variables`` are the values
    of ``vars`` in each of its deployments, ``namespaces`` those of ``bindings`` that are of Durable
    Objects.

    An alias, a destructured name, a field and an argument to a function of the repository are
    followed, and what is done with them there is the use. Reading a property of a binding that
    is then called (``env.API.users.get(1)``) is RPC to the first, ``users``, with an unknown
    number of arguments.
    """
    reach = reachable(modules, roots, alias)
    program = Program(modules, reach.modules, alias)
    names = frozenset(bindings)
    liveness = Liveness(program, roots)
    flow = Flow(program, liveness, names, frozenset(namespaces))
    flow.run()
    distinct = {frozenset(each.items()): each for each in variables}
    fetches = {
        fetch
        for values in distinct.values()
        for fetch in _fetches(program, Folder(program, flow.reads, values), liveness)
    }
    constants = Folder(program, flow.reads, {})
    typed = (*reach.modules, *reach.type_modules, *_generated_types(modules, roots))
    used = names | {usage.binding for usage in flow.uses}
    types = [
        declared
        for path in dict.fromkeys(typed)
        if mentions(program.content(path), used)
        and isinstance(source := program.source(path), Source)
        for declared in declared_types(source, used)
    ]
    uses = {
        with_request(with_url(usage, flow.targets.get(usage), constants), program)
        for usage in flow.uses
    }
    damage = [
        unknown
        for path in reach.modules
        if may_hide(program.content(path), names) and (source := program.source(path)) is not None
        for unknown in hidden(source, names, uses)
    ]
    unknowns = sorted((*flow.open, *damage), key=lambda each: (each.location, each.reason))
    return Usages(
        _sorted(uses),
        tuple(types),
        tuple(sorted(fetches, key=lambda fetch: (fetch.location, fetch.url, fetch.values))),
        (*reach.gaps, *unknowns),
        (*reach.modules, *reach.type_modules),
        _sorted(with_url(usage, flow.targets.get(usage), constants) for usage in flow.stub_fetches),
        tuple(sorted(keys_read(program, flow.reads), key=lambda read: read.location)),
        tuple(sorted(paths(program))),
    )


def _sorted(uses: Iterable[Usage]) -> tuple[Usage, ...]:
    return tuple(sorted(uses, key=lambda usage: (usage.location, usage.binding, usage.kind)))


def _mentions_fetch(content: bytes) -> bool:
    return b"fetch" in content and _FETCH.search(content) is not None


def _fetches(program: Program, folder: Folder, liveness: Liveness) -> Iterator[GlobalFetch]:
    for module in program.modules_where(_mentions_fetch):
        yield from global_fetches(program, module, folder, liveness)


def _generated_types(modules: Modules, roots: Sequence[str]) -> Iterator[str]:
    """The file that ``wrangler types`` writes beside the configuration nearest to the roots."""
    folder = posixpath.dirname(roots[0]) if roots else None
    while folder is not None:
        path = posixpath.join(folder, _GENERATED_TYPES)
        if modules.files.is_file(path):
            yield path
            return
        folder = posixpath.dirname(folder) if folder else None
