"""Which declaration each name of a module refers to.

In a source, ``«x»`` is a name that must refer to what declares ``‹x›``; a source without ``‹x›``
has names that must be global.
"""

import pytest

from codemod.syntax import typescript
from codemod.syntax.scopes import FUNCTIONS, Scopes, names_of_pattern, parameters

MARKS = "«»‹›"


def parse(marked, path="a.ts"):
    """The scopes of a source without its marks, the marked references and declaration."""
    content, marks = "", {mark: [] for mark in MARKS}
    for character in marked:
        if character in MARKS:
            marks[character].append(len(content.encode()))
        else:
            content += character
    root = typescript.parse(path, content.encode()).root
    spans = [zip(marks["«"], marks["»"], strict=True), zip(marks["‹"], marks["›"], strict=True)]
    references, declarations = (
        [root.named_descendant_for_byte_range(start, end) for start, end in each] for each in spans
    )
    return Scopes(root), references, declarations


RESOLVED = [
    ("const ‹x› = 1; «x»;", "a constant"),
    ("«x»; var ‹x› = 1;", "var is hoisted"),
    ("function f() { «x»; } let ‹x›;", "a later declaration of an outer scope"),
    ("function f() { if (a) { var ‹x›; } «x»; } let x;", "var leaves its block"),
    ("for (var ‹x› of y) {} «x»;", "also in the head of a loop"),
    ("let x; { let ‹x›; «x»; }", "a block shadows"),
    ("let ‹x›; { let x; } «x»;", "a block's names stay in it"),
    ("let x; function f(‹x›) { «x»; }", "a parameter shadows"),
    ("let ‹x›; function f(x) {} «x»;", "a parameter stays in its function"),
    ("let x; const f = ‹x› => «x»;", "an arrow's only parameter"),
    ("const f = (‹x›) => () => «x»;", "a closure"),
    ("function f(‹x›, y = «x») {}", "a default that uses another parameter"),
    ("function f({ a: ‹x› }) { «x»; }", "a renamed part of a pattern"),
    ("function f({ ‹x› }) { «x»; }", "a part of a pattern"),
    ("function f({ ‹x› = 1 }) { «x»; }", "a part with a default"),
    ("function f({ a: { b: [‹x›] } }) { «x»; }", "patterns in patterns"),
    ("const { a, ...‹x› } = y; «x»;", "the rest of an object"),
    ("const [a, ...‹x›] = y; «x»;", "the rest of an array"),
    ("let ‹x›; ({ «x» } = y);", "an assignment to a pattern"),
    ("let ‹x›; ({ a: «x» } = y);", "the same, renamed"),
    ("let ‹x›; y = { «x» };", "a shorthand"),
    ("let ‹x›; y = { x: «x» };", "the value, not the key"),
    ("function ‹x›() {} «x»();", "a function"),
    ("«x»(); function ‹x›() {}", "a function is hoisted"),
    ("function x(): void; function ‹x›() {} «x»();", "overloads are types"),
    ("y = function ‹x›() { «x»(); };", "the name of a function expression is inside it"),
    ("let ‹x›; y = function x() {}; «x»;", "and only there"),
    ("class ‹x› {} new «x»();", "a class"),
    ("y = class ‹x› { m() { «x»; } };", "the name of a class expression is inside it"),
    ("try {} catch (‹x›) { «x»; }", "what is caught"),
    ("try {} catch ({ ‹x› }) { «x»; }", "a part of what is caught"),
    ("for (const ‹x› of y) { «x»; }", "a loop's name"),
    ("for (let ‹x› = 0; «x» < 1; ) {}", "the name of another loop"),
    ("let ‹x›; for (const x of y) {} «x»;", "a loop's name stays in it"),
    ("switch (y) { case 1: let ‹x›; «x»; }", "a switch is one block"),
    ("import ‹x› from 'y'; «x»;", "a default import"),
    ("import { ‹x› } from 'y'; «x»;", "a named import"),
    ("import { z as ‹x› } from 'y'; «x»;", "a renamed import"),
    ("import * as ‹x› from 'y'; «x»;", "a namespace"),
    ("import ‹x› = require('y'); «x»;", "the old form of an import"),
    ("const ‹x› = 1; export { «x» };", "an export"),
    ("const ‹x› = 1; export { «x» as y };", "a renamed export"),
    ("export const ‹x› = 1; «x»;", "an exported declaration"),
    ("enum ‹x› { A } «x».A;", "an enum"),
    ("using ‹x› = y; «x».z;", "a resource"),
    ("const ‹x› = 1; y = <T>«x»;", "inside a cast"),
    ("const ‹x› = 1; y = «x» as T;", "inside another cast"),
    ("const ‹x› = 1; y = `${«x»}`;", "in a template"),
    ("class A { constructor(private ‹x›: T) { «x»; } }", "a parameter that is a field"),
    ("class A { m() { const ‹x› = 1; return () => «x»; } }", "in a method"),
    ("class A { static { const ‹x› = 1; «x»; } }", "in a static block"),
    ("const ‹x› = 1; }}} «x»;", "around broken syntax"),
]


@pytest.mark.parametrize(("marked", "why"), RESOLVED)
def test_finds_the_declaration_of_a_name(marked, why):
    scopes, references, declared = parse(marked)
    declaration = scopes.declaration(declared[-1])
    assert declaration is not None
    assert declaration.node == declared[-1], why
    for reference in references:
        assert scopes.declaration(reference) is declaration, why
        assert scopes.visible(declaration.name, reference) is declaration, why
    assert set(references) <= set(scopes.references(declaration)), why
    assert declared[-1] not in scopes.references(declaration), why


GLOBAL = [
    ("«x»;", "nothing declares it"),
    ("{ let x; } «x»;", "a block does not reach out"),
    ("function f(x) {} «x»;", "nor does a function"),
    ("y = function x() {}; «x»;", "nor the name of a function expression"),
    ("y = class x {}; «x»;", "nor that of a class expression"),
    ("const { x: y } = z; «x»;", "a key declares nothing"),
    ("const y = { x: 1 }; «x»;", "nor does a key of an object"),
    ("class A { x = 1; m() { «x»; } }", "nor a field"),
    ("declare const x: T; «x»;", "an ambient declaration"),
    ("type x = T; «x»;", "a type"),
    ("interface x {} «x»;", "an interface"),
    ("export { x } from 'y'; «x»;", "a re-export"),
    ("export * as x from 'y'; «x»;", "a re-exported namespace"),
    ("import { x as y } from 'z'; «x»;", "the name before as"),
    ("x: for (;;) { break x; } «x»;", "a label"),
    ("for (x of y) {} «x»;", "a loop without a declaration"),
]


@pytest.mark.parametrize(("marked", "why"), GLOBAL)
def test_leaves_global_names_alone(marked, why):
    scopes, references, _ = parse(marked)
    assert [scopes.declaration(reference) for reference in references] == [None], why
    assert references[0] in scopes.global_references("x"), why
    assert scopes.visible("x", references[0]) is None, why


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("const x = 1; let y: typeof x;", "a type query"),
        ("const x = 1; f<typeof x>();", "a type argument"),
        ("const x = 1; y = z as typeof x;", "the type of a cast"),
        ("const x = 1; y = z satisfies typeof x;", "another cast"),
        ("const x = 1; y.x; y = { x: 1 };", "a property and a key"),
        ("const x = 1; function f(v): v is typeof x {}", "a type predicate"),
        ("const x = 1; export { x } from 'y';", "a name of another module"),
        ("const x = 1; { const x = 2; x; }", "a shadowed name"),
    ],
)
def test_finds_no_reference_where_there_is_none(source, why):
    scopes, _, _ = parse(source)
    declaration = scopes.top_level("x")
    assert declaration is not None
    assert scopes.references(declaration) == (), why


@pytest.mark.parametrize(
    ("source", "expected", "why"),
    [
        ("class A { m() { this; } }", True, "a method"),
        ("class A { m() { () => this; } }", True, "an arrow in a method"),
        ("class A { m = this; }", True, "a field"),
        ("class A { m = () => this; }", True, "an arrow as a field"),
        ("class A { get m() { return this; } }", True, "a getter"),
        ("class A { constructor() { this; } }", True, "a constructor"),
        ("class A { m() { function f() { this; } } }", False, "a function in a method"),
        ("class A { static m() { this; } }", False, "a static method"),
        ("class A { static m = this; }", False, "a static field"),
        ("class A { static { this; } }", False, "a static block"),
        ("class A { m() { return { n() { this; } }; } }", False, "an object's method"),
        ("function f() { this; }", False, "a function"),
        ("this;", False, "a module"),
        ("class B { m() { class A { n() { this; } } } }", True, "a class in a class"),
    ],
)
def test_knows_whose_this_it_is(source, expected, why):
    scopes, _, _ = parse(source)
    this = next(scopes.of_type("this"))
    owner = scopes.class_of_instance(this)
    assert (owner is not None) == expected, why
    if owner is not None:
        assert typescript.text(owner.child_by_field_name("name")) == "A"
        assert scopes.instances(owner) == (this,)


def test_names_of_a_pattern_leave_keys_and_defaults_out():
    root = typescript.parse("a.ts", b"const { a, b: c, d = e, f: { g = h }, ...i } = j").root
    pattern = root.named_children[0].named_children[0].child_by_field_name("name")
    assert pattern is not None
    assert [typescript.text(name) for name in names_of_pattern(pattern)] == list("acdgi")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("function f(a, b?: T, ...c) {}", ["a", "b?: T", "...c"]),
        ("function f(this: T, a) {}", ["a"]),
        ("(a) => 1", ["a"]),
        ("a => 1", ["a"]),
        ("() => 1", []),
        ("class A { m(a, { b }) {} }", ["a", "{ b }"]),
    ],
)
def test_lists_the_parameters_of_a_function(source, expected):
    scopes, _, _ = parse(source)
    function = next(scopes.of_type(*FUNCTIONS))
    assert [typescript.text(parameter) for parameter in parameters(function)] == expected


@pytest.mark.parametrize(
    "source",
    ["(" * 5000 + "x" + ")" * 5000, "{" * 5000 + "x", "x" + ".y" * 5000, "const {" * 500, "\x00«"],
)
def test_survives_hostile_code(source):
    root = typescript.parse("a.ts", source.encode()).root
    scopes = Scopes(root)
    for name in scopes.of_type("identifier"):
        *_, outermost = scopes.ancestors(name)
        assert outermost == root
