"""The modules of a repository and how their import specifiers resolve."""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from tree_sitter import Node

from codemod.model import Unknown
from codemod.scanner.files import Files, UnreadableFile
from codemod.scanner.resolving.packages import Packages, joined
from codemod.scanner.resolving.tsconfig import TsConfigs
from codemod.scanner.tracing import Answers, files_read
from codemod.syntax import outline, typescript
from codemod.syntax.outline import Imported, Named, Outline
from codemod.syntax.scopes import Scopes
from codemod.syntax.typescript import SUFFIXES, Source


@dataclass(frozen=True, slots=True)
class External:
    """A module outside the repository: a registry package or one of the runtime's own.

    ``package`` is the bare package name (``@cloudflare/containers``, ``cloudflare:workers``). A
    file of the repository that holds only data or declarations is one too, under its path, and
    then ``has_code`` is False. ``declared_by`` is the declaration file that stands in the
    repository in place of the module itself.
    """

    package: str
    specifier: str
    has_code: bool = True
    declared_by: str | None = None


Resolution = str | External | Unknown
"""The path of a module of the repository, an external module, or why neither can be told."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a module's local name is imported from.

    ``imported`` is the exported name, ``default``, or ``*`` for the whole namespace. ``node``
    declares the local name. ``type_only`` imports are gone at run time.
    """

    specifier: str
    imported: str
    type_only: bool
    node: Node


@dataclass(frozen=True, slots=True)
class Specifier:
    """A module specifier that a module names in an import, a re-export or a ``require``.

    ``node`` is the string literal. ``type_only`` ones are never loaded at run time.
    """

    value: str
    type_only: bool
    node: Node


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_TYPED = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
_DATA_SUFFIX = re.compile(
    r"\.(?:avif|bin|css|csv|gif|gql|graphql|html?|ico|jpe?g|json[5c]?|less|map|md|pem|png|sass|scss"
    r"|sql|svg|toml|ttf|txt|wasm|webp|woff2?|xml|ya?ml)"
)
_MAX_HOPS = 8

_IMPORT_CALL = re.compile(rb"\b(?:import|require)\b")
_STATEMENT_ENDS = ("_statement", "_declaration", "statement_block", "program")
_TYPE_CONTEXTS = frozenset(
    {
        "as_expression",
        "extends_type_clause",
        "interface_declaration",
        "satisfies_expression",
        "type_alias_declaration",
        "type_annotation",
        "type_arguments",
        "type_assertion",
        "type_query",
    }
)
_MAX_CLIMB = 64


def imports(source: Source) -> Mapping[str, Import]:
    """The names that a module imports at its top level, ``const x = require("…")`` included."""
    found: dict[str, Import] = {}
    for statement in typescript.statements(source.root):
        if statement.type == "import_statement":
            found.update(_imported(statement))
        elif statement.type in ("lexical_declaration", "variable_declaration"):
            for declarator in typescript.children_of_type(statement, "variable_declarator"):
                found.update(required(declarator))
    return found


def specifiers(source: Source) -> Iterator[Specifier]:
    """Every module specifier of a module: static ones first, then ``import()`` and ``require()``.

    Specifiers that are no constant strings are left out.
    """
    for statement in typescript.statements(source.root):
        if statement.type in ("import_statement", "export_statement"):
            yield from _static_specifier(statement)
    yield from _called_specifiers(source)


def _imported(statement: Node) -> Iterator[tuple[str, Import]]:
    specifier = _statement_source(statement)
    if specifier is None:
        return
    value = typescript.string_value(specifier) or ""
    type_only = is_type_only(statement)
    for clause in statement.named_children:
        if clause.type == "import_require_clause":
            for name in typescript.children_of_type(clause, "identifier"):
                yield typescript.text(name), Import(value, "*", type_only, name)
        elif clause.type == "import_clause":
            yield from _clause_imports(clause, value, type_only=type_only)


def _clause_imports(
    clause: Node, specifier: str, *, type_only: bool
) -> Iterator[tuple[str, Import]]:
    for part in clause.named_children:
        if part.type == "identifier":
            yield typescript.text(part), Import(specifier, "default", type_only, part)
        elif part.type == "namespace_import":
            for name in typescript.children_of_type(part, "identifier"):
                yield typescript.text(name), Import(specifier, "*", type_only, name)
        elif part.type == "named_imports":
            for item in typescript.children_of_type(part, "import_specifier"):
                imported, local = names_of_specifier(item)
                yield local, Import(specifier, imported, type_only or is_type_only(item), item)


def names_of_specifier(specifier: Node) -> tuple[str, str]:
    """The name before and the name after ``as`` in an import or export specifier."""
    name = specifier.child_by_field_name("name")
    alias = specifier.child_by_field_name("alias")
    first = _module_name(name) if name else ""
    return first, _module_name(alias) if alias else first


def _module_name(node: Node) -> str:
    value = typescript.string_value(node)
    return typescript.text(node) if value is None else value


def required(declarator: Node) -> Iterator[tuple[str, Import]]:
    """The names that ``const … = require("…")`` or ``… = await import("…")`` declares."""
    name = declarator.child_by_field_name("name")
    value = declarator.child_by_field_name("value")
    if name is None or value is None:
        return
    member = "*"
    value = _awaited(typescript.unwrap(value))
    accessed, inner = value.child_by_field_name("property"), value.child_by_field_name("object")
    if value.type == "member_expression" and accessed is not None and inner is not None:
        member, value = typescript.text(accessed), _awaited(typescript.unwrap(inner))
    literal = _call_specifier(value)
    if literal is None:
        return
    specifier = typescript.string_value(literal) or ""
    if name.type == "identifier":
        yield typescript.text(name), Import(specifier, member, type_only=False, node=name)
    elif name.type == "object_pattern" and member == "*":
        for imported, local, part in _pattern_names(name):
            yield local, Import(specifier, imported, type_only=False, node=part)


def _pattern_names(pattern: Node) -> Iterator[tuple[str, str, Node]]:
    """The keys that an object pattern takes, the names it gives them, and where."""
    for part in pattern.named_children:
        if part.type == "shorthand_property_identifier_pattern":
            yield typescript.text(part), typescript.text(part), part
        elif part.type == "pair_pattern":
            key, target = part.child_by_field_name("key"), part.child_by_field_name("value")
            if key is not None and target is not None and target.type == "identifier":
                yield _module_name(key), typescript.text(target), part


def _awaited(node: Node) -> Node:
    if node.type != "await_expression" or not node.named_children:
        return node
    return typescript.unwrap(node.named_children[-1])


def _call_specifier(node: Node) -> Node | None:
    """The constant argument of ``import("…")`` or ``require("…")``."""
    if node.type != "call_expression":
        return None
    function = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    if function is None or arguments is None or arguments.type != "arguments":
        return None
    if function.type != "import" and typescript.text(function) != "require":
        return None
    first = next((child for child in arguments.named_children if child.type != "comment"), None)
    if first is None or typescript.string_value(first) is None:
        return None
    return first


def _static_specifier(statement: Node) -> Iterator[Specifier]:
    node = _statement_source(statement)
    if node is not None:
        value = typescript.string_value(node) or ""
        yield Specifier(value, is_type_only(statement) or _names_only_types(statement), node)


def _statement_source(statement: Node) -> Node | None:
    source = statement.child_by_field_name("source")
    if source is not None:
        return source
    for clause in typescript.children_of_type(statement, "import_require_clause"):
        return clause.child_by_field_name("source")
    return None


def is_type_only(node: Node) -> bool:
    """Whether ``type`` (or Flow's ``typeof``) stands before what is imported or exported.

    The grammar does not know ``export type *``: there the word stands in an error node.
    """
    return any(
        child.type in ("type", "typeof")
        or (child.type == "ERROR" and typescript.text(child) == "type")
        for child in node.children[:2]
    )


def _names_only_types(statement: Node) -> bool:
    clause = next(
        (child for child in statement.named_children if child.type.endswith("_clause")), None
    )
    if clause is None or clause.type == "import_require_clause":
        return False
    parts = clause.named_children
    if clause.type == "import_clause":
        if len(parts) != 1 or parts[0].type != "named_imports":
            return False
        parts = parts[0].named_children
    items = [part for part in parts if part.type != "comment"]
    return bool(items) and all(is_type_only(item) for item in items)


def _called_specifiers(source: Source) -> Iterator[Specifier]:
    for match in _IMPORT_CALL.finditer(source.content):
        keyword = source.root.descendant_for_byte_range(match.start(), match.end())
        call = keyword.parent if keyword is not None else None
        if call is not None and call.type == "import":
            call = call.parent
        literal = _call_specifier(call) if call is not None else None
        if call is not None and literal is not None:
            value = typescript.string_value(literal) or ""
            yield Specifier(value, _is_in_type(call), literal)


def _is_in_type(call: Node) -> bool:
    node: Node | None = call
    for _ in range(_MAX_CLIMB):
        parent = node.parent if node is not None else None
        if node is None or parent is None:
            return False
        if parent.type in ("as_expression", "satisfies_expression"):
            return parent.named_children[0] != node
        if parent.type == "type_assertion":
            return parent.named_children[-1] != node
        if parent.type in _TYPE_CONTEXTS:
            return True
        if parent.type.endswith(_STATEMENT_ENDS):
            return False
        node = parent
    return False


class Modules:
    """Parses each module once and resolves specifiers as wrangler's bundler does."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._sources: Answers[str, Source | Unknown] = Answers(files.recorder)
        self._outlines: Answers[str, Outline | Unknown] = Answers(files.recorder)
        self._scopes: dict[str, Scopes] = {}
        self._packages = Packages(files)
        self._configurations = TsConfigs(files, self._packages)
        self._resolved: Answers[tuple[str, str], Resolution] = Answers(files.recorder)

    def governed_by(self, tsconfig: str | None) -> Modules:
        """The same modules where one file maps the specifiers of all, as ``tsconfig`` makes it.

        ``tsconfig`` is the path that a Worker's configuration names; where none is named or no
        file stands there, the nearest one above each module goes on to govern it.
        """
        if tsconfig is None or not self.files.is_file(tsconfig):
            return self
        governed = copy.copy(self)
        governed._configurations = TsConfigs(self.files, self._packages, tsconfig)
        governed._resolved = Answers(self.files.recorder)
        return governed

    def source(self, path: str) -> Source | Unknown:
        """The parsed module at ``path``, or why it cannot be read."""
        return self._sources.get(path, lambda: self._parse(path))

    def release(self) -> None:
        """Lets go of all modules. Who asks for one again has it read again."""
        self._sources.clear()
        self._scopes.clear()
        self._outlines.clear()
        self.files.release()

    def content(self, path: str) -> bytes | Unknown:
        """The bytes of the module at ``path``, or why it cannot be read."""
        if posixpath.splitext(path)[1].lower() not in SUFFIXES:
            return Unknown(f"{path} is not TypeScript or JavaScript")
        try:
            return self.files.read_text(path)
        except UnreadableFile as error:
            return Unknown(f"{path} {error}")

    def outline(self, path: str) -> Outline | Unknown:
        """What the module at ``path`` imports; it is parsed only where its text leaves doubts."""
        return self._outlines.get(path, lambda: self._outline(path))

    def _outline(self, path: str) -> Outline | Unknown:
        content = self.content(path)
        if isinstance(content, Unknown):
            return content
        return outline.read(content) or self._parsed_outline(path)

    def scopes(self, source: Source) -> Scopes:
        """The scopes of a module that ``source`` gave."""
        if source.path not in self._scopes:
            self._scopes[source.path] = Scopes(source.root)
        return self._scopes[source.path]

    def resolve(
        self, specifier: str, importer: str, alias: Mapping[str, str] | None = None
    ) -> Resolution:
        """Where ``specifier``, written in the module ``importer``, leads.

        ``alias`` is the ``alias`` table of the Worker's configuration, which wrangler matches
        exactly; relative values are relative to the repository's root.
        """
        replaced = (alias or {}).get(specifier)
        if replaced is not None:
            return self.resolve(replaced, "")
        key = (specifier, posixpath.dirname(importer))
        return self._resolved.get(key, lambda: self._canonical(specifier, importer))

    def _canonical(self, specifier: str, importer: str) -> Resolution:
        # As to bundlers: a module that links lead to in several ways is still one module.
        found = self._resolve(specifier, importer, 0)
        return self.files.canonical(found) if isinstance(found, str) else found

    def mapping_files(self, path: str) -> frozenset[str]:
        """The files that say how specifiers in the module ``path`` are mapped."""
        with self.files.recorder.apart() as trace:
            self._configurations.governing(path)
        answers = (part.answers.items() for part in trace.every())
        return frozenset(files_read(chain.from_iterable(answers)))

    def requires_override(self, path: str) -> bool:
        """Whether the module's ``tsconfig.json`` asks for ``override`` (noImplicitOverride)."""
        return self._configurations.requires_override(path)

    def _resolve(self, specifier: str, importer: str, hops: int) -> Resolution:
        if not specifier or hops > _MAX_HOPS:
            return Unknown(f'"{specifier}" leads nowhere')
        if _SCHEME.match(specifier):
            return External(package_name(specifier), specifier)
        if specifier.startswith("/"):
            return Unknown(f'"{specifier}" is an absolute path')
        if specifier.startswith(("./", "../")) or specifier in (".", ".."):
            return self._file(joined(posixpath.dirname(importer), specifier.partition("?")[0]))
        mapped = self._mapped(specifier, importer)
        if mapped is not None:
            return mapped
        if specifier.startswith("#"):
            return self._internal(specifier, importer, hops)
        return self._packaged(specifier, importer)

    def _mapped(self, specifier: str, importer: str) -> str | External | Unknown | None:
        """What the governing ``tsconfig.json`` makes of a bare specifier; None: nothing."""
        configuration = self._configurations.governing(importer)
        candidates = configuration.candidates(specifier)
        for candidate in candidates:
            found = self._file(candidate)
            if not isinstance(found, Unknown):
                return found
        if configuration.base is not None:
            found = self._file(joined(configuration.base, specifier))
            if not isinstance(found, Unknown):
                return found
        if not candidates or self._is_dependency(package_name(specifier), importer):
            return None
        return Unknown(
            f'"{specifier}" is mapped to {candidates[0]}, which is not in the repository'
        )

    def _is_dependency(self, name: str, importer: str) -> bool:
        """Whether ``name`` is a package: its mapping may then serve the type checker alone."""
        if self._packages.find(name, importer) is not None:
            return True
        return any(package.depends_on(name) for package in self._packages.enclosing(importer))

    def _internal(self, specifier: str, importer: str, hops: int) -> Resolution:
        for package in self._packages.enclosing(importer):
            targets = package.internal(specifier)
            manifest = posixpath.join(package.folder, "package.json")
            found = [self._resolve(target, manifest, hops + 1) for target in targets]
            if found:
                return next((item for item in found if not isinstance(item, Unknown)), found[0])
        return Unknown(f'no package.json above {importer} defines "{specifier}"')

    def _packaged(self, specifier: str, importer: str) -> Resolution:
        name = package_name(specifier)
        package = self._packages.find(name, importer)
        if package is None:
            return External(name, specifier)
        if isinstance(package, Unknown):
            return package
        entries = package.entries("." + specifier.removeprefix(name))
        if isinstance(entries, Unknown):
            return entries
        for entry in entries:
            found = self._file(entry)
            if not isinstance(found, Unknown):
                return found
        return Unknown(f'"{specifier}" is entered at {entries[0]}, which is not in the repository')

    def _file(self, path: str) -> str | External | Unknown:
        """What a path without query means: a module, a folder's module, or a file without code."""
        module = self._module(path)
        if module is not None:
            return module
        if self.files.is_directory(path):
            return self._folder(path)
        suffix = posixpath.splitext(path)[1]
        if _DATA_SUFFIX.fullmatch(suffix) or self._is_declaration(path):
            return External(path, path, has_code=False)
        for declaration in (path + ".d.ts", posixpath.splitext(path)[0] + ".d.ts"):
            if self.files.is_file(declaration):
                return External(path, path, has_code=False, declared_by=declaration)
        return path if self.files.is_file(path) else Unknown(f"no module at {path}")

    def _module(self, path: str) -> str | None:
        """The module that a path names, its suffix left out or that of the output."""
        stem, suffix = posixpath.splitext(path)
        candidates = [path] if suffix in SUFFIXES else []
        candidates += [stem + other for other in _TYPED.get(suffix, ())]
        candidates += [path + other for other in SUFFIXES]
        for candidate in candidates:
            if not candidate.endswith(_DECLARATIONS) and self.files.is_file(candidate):
                return candidate
        return None

    def _is_declaration(self, path: str) -> bool:
        return path.endswith(_DECLARATIONS) and self.files.is_file(path)

    def _folder(self, path: str) -> str | Unknown:
        package = self._packages.at(path)
        entries = package.mains() if package else (joined(path, "index"),)
        for entry in entries:
            module = self._module(entry) or self._module(joined(entry, "index"))
            if module is not None:
                return module
        return Unknown(f"the folder {path} has no module {posixpath.basename(entries[0])}")

    def _parse(self, path: str) -> Source | Unknown:
        content = self.content(path)
        return content if isinstance(content, Unknown) else typescript.parse(path, content)

    def _parsed_outline(self, path: str) -> Outline:
        source = self.source(path)
        if isinstance(source, Unknown):
            return Outline((), ())
        return outlined(source)


def outlined(source: Source) -> Outline:
    """What ``outline.read`` gives of a module, from its tree."""
    return Outline(
        tuple(
            Named(item.value, item.type_only, typescript.span(item.node))
            for item in specifiers(source)
        ),
        tuple(
            Imported(local, item.imported, item.specifier, item.type_only)
            for local, item in imports(source).items()
        ),
    )


def package_name(specifier: str) -> str:
    """The package of a bare specifier: ``@scope/name/sub`` -> ``@scope/name``."""
    parts = specifier.split("/")
    if specifier.startswith("@"):
        return "/".join(parts[:2])
    if _SCHEME.match(specifier) and not specifier.startswith("node:"):
        return specifier
    return parts[0]
