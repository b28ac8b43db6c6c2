"""Reading trees of TypeScript and JavaScript."""

import pytest

from codemod.model import Span
from codemod.syntax import typescript
from codemod.syntax.typescript import string_value, text


def parsed(code, path="a.ts"):
    return typescript.parse(path, code if isinstance(code, bytes) else code.encode())


def first(code, kind, path="a.ts"):
    return next(node for node in typescript.walk(parsed(code, path).root) if node.type == kind)


def expression(code):
    return parsed(code).root.named_children[0].named_children[0]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a.ts", "const a = <T>b"),
        ("a.mts", "const a = <T>b"),
        ("a.cts", "const a = <T>(b: T) => b"),
        ("a.tsx", "const a = <T></T>"),
        ("a.jsx", "const a = <div/>"),
        ("a.js", "const a = <div/>"),
        ("a.mjs", "export default { async fetch() {} }"),
        ("a.cjs", "module.exports = {}"),
        ("A.TS", "const a = <T>b"),
    ],
)
def test_the_suffix_chooses_the_grammar(path, code):
    assert not typescript.is_damaged(parsed(code, path).root)


@pytest.mark.parametrize(
    ("path", "code"), [("a.ts", "const a = <T></T>"), ("a.tsx", "const a = <T>b")]
)
def test_what_belongs_to_the_other_grammar_is_damaged(path, code):
    assert typescript.is_damaged(parsed(code, path).root)


@pytest.mark.parametrize(
    "code",
    [b"", b"\xef\xbb\xbfexport {}", b"\xff\xfe\x00", b"\0", b"({[`", b"\r\n\r", b"class"],
    ids=["empty", "mark", "no UTF-8", "null", "open brackets", "line ends", "half"],
)
def test_any_bytes_give_a_tree(code):
    source = parsed(code)
    assert source.content == code
    assert next(iter(typescript.walk(source.root))) == source.root


def test_a_location_counts_code_points_and_skips_a_byte_order_mark():
    source = parsed("\ufeff'é'; b\r\n  c")
    b, c = (node for node in typescript.walk(source.root) if node.type == "identifier")
    assert (source.location(b).line, source.location(b).column) == (1, 6)
    assert (source.location(c).line, source.location(c).column) == (2, 3)
    assert source.location(b).span == typescript.span(b) == Span(9, 10)


@pytest.mark.parametrize(
    "code",
    ["a", "(a)", "((a))", "a as B", "a satisfies B", "a!", "<B>a", "(<B>(a as C)!)", "(/* c */ a)"],
)
def test_unwrap_finds_the_expression_in_parentheses_and_casts(code):
    assert text(typescript.unwrap(expression(code))) == "a"


@pytest.mark.parametrize("code", ["await a", "f(a)", "a.b", "[a]", "-a", "a, b", "a as const && b"])
def test_unwrap_leaves_what_computes_something(code):
    node = expression(code)
    assert typescript.unwrap(node) == node
    assert typescript.operand(node) is None


@pytest.mark.parametrize("depth", [100_000])
def test_deep_trees_need_no_recursion(depth):
    source = parsed("(" * depth + "a" + ")" * depth)
    assert text(typescript.unwrap(source.root.named_children[0].named_children[0])) == "a"
    assert sum(1 for _ in typescript.walk(source.root)) > depth


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('"a"', "a"),
        ("'a'", "a"),
        ("`a`", "a"),
        ('""', ""),
        ("``", ""),
        (r'"a\nb\tc"', "a\nb\tc"),
        (r'"\"\\\/"', '"\\/'),
        (r'"\x41\u0042\u{43}"', "ABC"),
        (r'"\0"', "\0"),
        ('"a\\\nb"', "ab"),
        (r'"\u{FFFFFFFF}"', "�"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\ud83d-\ude00"', "�-�"),
        (r"`\u{d800}`", "�"),
        ("'é😀'", "é😀"),
    ],
)
def test_strings(literal, value):
    assert string_value(expression(literal)) == value


@pytest.mark.parametrize("code", ["`a${b}`", "a", "1", "a`b`", '"a" + "b"', "/a/"])
def test_other_expressions_are_no_strings(code):
    assert string_value(expression(code)) is None


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("a() {}", "a"),
        ('"a b"() {}', "a b"),
        ('["a"]() {}', "a"),
        ("[`a`]() {}", "a"),
        ("#a() {}", "a"),
        ("1() {}", "1"),
        ("async() {}", "async"),
        ("[a]() {}", None),
        ("[Symbol.iterator]() {}", None),
        ("[`a${b}`]() {}", None),
    ],
)
def test_property_names(member, name):
    key = first(f"class A {{ {member} }}", "method_definition").child_by_field_name("name")
    assert typescript.property_name(key) == name


@pytest.mark.parametrize(
    ("code", "base"),
    [
        ("class A extends B {}", "B"),
        ("class A extends B<C> implements D {}", "B"),
        ("class A\n  extends b.C\n  implements D\n{}", "b.C"),
        ("class A extends f(B)<C> {}", "f(B)"),
        ("class A extends (B as any) {}", "(B as any)"),
        ("class A {}", None),
        ("class A implements B {}", None),
    ],
)
def test_the_superclass(code, base):
    found = typescript.superclass(first(code, "class_declaration"))
    assert (text(found) if found else None) == base


@pytest.mark.parametrize(
    ("code", "constant"), [("const a = 1", True), ("let a = 1", False), ("var a = 1", False)]
)
def test_constants(code, constant):
    assert typescript.is_constant(first(code, "variable_declarator")) is constant


def test_statements_in_a_damaged_part_are_found():
    source = parsed("export class A { @@@ \nexport class B {}\n}}} export const c = 1")
    assert typescript.is_damaged(source.root)
    kinds = [node.type for node in typescript.statements(source.root)]
    assert kinds.count("export_statement") >= 1


def test_an_error_leaves_the_statements_around_it_whole():
    source = parsed('export type * from "a"; export const b = 1')
    damaged, whole = typescript.statements(source.root)
    assert typescript.is_damaged(damaged)
    assert not typescript.is_damaged(whole)
