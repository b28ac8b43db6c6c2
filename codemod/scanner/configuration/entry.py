"""Where a Worker's code begins: the module that ``main`` names, or why none can be read."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from codemod.model import Language, Note, Unknown, Unreadable
from codemod.scanner.configuration.tables import Text
from codemod.scanner.ignored import Ignored
from codemod.scanner.modules import Modules
from codemod.scanner.resolving.packages import Packages, joined
from codemod.scanner.wrangler import Configuration

_OUTPUT_PARTS = frozenset(
    {
        ".cloudflare",
        ".next",
        ".nitro",
        ".nuxt",
        ".open-next",
        ".output",
        ".svelte-kit",
        ".vercel",
        ".wrangler",
        "_worker.js",
        "build",
        "dist",
        "generated",
        "out",
        "output",
        "pkg",
        "target",
    }
)
_PACKAGE_OR_VIRTUAL = re.compile(r"@[^/]+/|[\w.-]+:")


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry module of a Worker, or in ``unknown`` why its exports cannot be known.

    ``note`` and ``unreadable`` tell the user where that is worth a line.
    """

    module: str | None = None
    unknown: Unknown | None = None
    note: Note | None = None
    unreadable: Unreadable | None = None


def locate(
    configuration: Configuration, modules: Modules, packages: Packages, ignored: Ignored
) -> Entry:
    """Resolves ``main`` relative to the configuration's folder, as wrangler does."""
    match configuration.language:
        case Language.PAGES:
            return Entry(unknown=Unknown("a Pages project has no module that a binding leads to"))
        case Language.ASSETS:
            return Entry(unknown=Unknown("it has no code: it serves static assets alone"))
        case Language.RUST:
            return Entry(unknown=Unknown("it is compiled from Rust"))
    main = configuration.main
    if main is None:
        text = "names no main: what the Worker exports cannot be known"
        return Entry(unknown=Unknown("no main is configured"), note=Note(configuration.path, text))
    path = joined(posixpath.dirname(configuration.path), main.value)
    if path.startswith(("/", "../")):
        return _unknown(configuration, main, "leads out of the repository's root")
    if ignored.covers(path):
        return _unknown(configuration, main, "is ignored by git: a build writes it")
    if configuration.language is Language.PYTHON and modules.files.is_file(path):
        return Entry(unknown=Unknown("it is written in Python", main.location))
    if modules.files.is_file(path):
        return Entry(module=path)
    resolved = modules.resolve(f"./{main.value}", configuration.path)
    if isinstance(resolved, str):
        return Entry(module=resolved)
    return _absent(configuration, main, path, packages, modules)


def _absent(
    configuration: Configuration, main: Text, path: str, packages: Packages, modules: Modules
) -> Entry:
    """The entry where nothing stands at ``path``: what a build or a package delivers, or a gap."""
    builder = configuration.builder
    if builder:
        return _unknown(configuration, main, f"is absent: a build writes it ({builder.value})")
    if not _OUTPUT_PARTS.isdisjoint(main.value.split("/")):
        return _unknown(configuration, main, "is absent: a build writes it")
    if _is_package(main.value, configuration.path, packages):
        return _unknown(configuration, main, "is delivered by a package or a bundler")
    place = f"named as main in {configuration.path} line {main.location.line}"
    is_folder = modules.files.is_directory(path)
    reason = "is a folder that holds no index module" if is_folder else "does not exist"
    return Entry(
        unknown=Unknown(f"its main {path} {reason}", main.location),
        unreadable=Unreadable(path, f"{place}: {reason}"),
    )


def _is_package(specifier: str, importer: str, packages: Packages) -> bool:
    """Whether ``specifier`` names a module of a package, or one that a bundler makes up."""
    if _PACKAGE_OR_VIRTUAL.match(specifier):
        return True
    name = specifier.split("/", maxsplit=1)[0]
    return any(package.depends_on(name) for package in packages.enclosing(importer))


def _unknown(configuration: Configuration, main: Text, reason: str) -> Entry:
    text = f"line {main.location.line}: main {main.value} {reason}; its exports cannot be known"
    return Entry(
        unknown=Unknown(f"its main {main.value} {reason}", main.location),
        note=Note(configuration.path, text),
    )
