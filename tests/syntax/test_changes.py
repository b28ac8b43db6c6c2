"""What a module does to the value of a name after its declaration."""

import pytest

from codemod.syntax import typescript
from codemod.syntax.changes import Changes, changes, is_assigned
from codemod.syntax.scopes import Scopes
from codemod.syntax.typescript import text


def changes_of(code) -> Changes:
    scopes = Scopes(typescript.parse("a.ts", code.encode()).root)
    declaration = scopes.top_level("a")
    assert declaration is not None
    return changes(scopes, declaration)


@pytest.mark.parametrize(
    ("code", "members"),
    [
        pytest.param("const a = {}; a.b = 1", ["a.b = 1"], id="one"),
        pytest.param("const a = {}; a.b = 1; a.c = 2", ["a.b = 1", "a.c = 2"], id="in order"),
        pytest.param("a.b = 1; var a = {}", ["a.b = 1"], id="before the declaration"),
    ],
)
def test_members_assigned_at_the_top_level(code, members):
    found = changes_of(code)
    assert [text(node) for node in found.members] == members
    assert found.elsewhere is None


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("a[b] = 1", id="a computed member"),
        pytest.param("if (x) a.b = 1", id="on a condition"),
        pytest.param("for (const k of ks) a[k] = 1", id="in a loop"),
        pytest.param("function f() { a.b = 1 }", id="in a function"),
        pytest.param("a.b ??= 1", id="a compound assignment"),
        pytest.param("a.b.c = 1", id="deeper"),
        pytest.param("a.b++", id="an update"),
        pytest.param("delete a.b", id="a deletion"),
        pytest.param("(a as any).b.c = 1", id="behind a cast"),
        pytest.param("Object.assign(a, b)", id="passed to Object.assign"),
        pytest.param("decorate(a)", id="passed to any function"),
        pytest.param("const c = a.b = 1", id="inside an expression"),
    ],
)
def test_changes_of_another_kind(code):
    found = changes_of(f"const a = {{}}; {code}")
    assert found.members == ()
    assert found.elsewhere is not None
    assert not found.reassigned


@pytest.mark.parametrize(
    "code",
    ["a = 1", "a += 1", "a++", "for (a of b) {}", "function f() { a = 1 }", "(a as any) = 1"],
)
def test_reassignments(code):
    assert changes_of(f"let a = {{}}; {code}").reassigned


@pytest.mark.parametrize(
    ("code", "is_only"),
    [
        pytest.param("a = 1", True, id="a statement"),
        pytest.param("a = b; a.c = 1", True, id="a member beside it"),
        pytest.param("a = 1; a = 2", False, id="two"),
        pytest.param("a += 1", False, id="an operator"),
        pytest.param("if (b) a = 1", False, id="under a condition"),
        pytest.param("c(a = 1)", False, id="inside an expression"),
        pytest.param("function f() { a = 1 }", False, id="in a function"),
    ],
)
def test_the_only_assignment_to_a_name(code, is_only):
    found = changes_of(f"let a; {code}")
    assert found.reassigned
    assert (found.assignment is not None) is is_only


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("", id="nothing"),
        pytest.param("export default a", id="exported"),
        pytest.param("a.b", id="read"),
        pytest.param("a.b()", id="a method called"),
        pytest.param("a.b === 1", id="compared"),
        pytest.param("f(a.b)", id="a member passed on"),
        pytest.param("b.a = 1", id="a member of that name"),
        pytest.param("b[a] = 1", id="used as an index"),
        pytest.param("c = a", id="assigned to another"),
        pytest.param("c.d = a.b", id="a member assigned to another"),
        pytest.param("function f(a) { a.b = 1; a = 2 }", id="another variable of that name"),
        pytest.param("typeof a.b", id="another unary operator"),
    ],
)
def test_uses_that_change_nothing(code):
    assert changes_of(f"const a = {{}}; {code}") == Changes()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("a = 1", True, id="assigned"),
        pytest.param("a += 1", True, id="added to"),
        pytest.param("a++", True, id="counted up"),
        pytest.param("(a as any) = 1", True, id="by way of a cast"),
        pytest.param("[{ k: a = 2 }] = b", True, id="taken out of a value"),
        pytest.param("({ a } = b)", True, id="taken out under its own name"),
        pytest.param("for (a of b) {}", True, id="by a loop"),
        pytest.param("b = a", False, id="given to another"),
        pytest.param("(a as any)", False, id="cast alone"),
        pytest.param("a.k = 1", False, id="a member of it"),
        pytest.param("[a]", False, id="in an array"),
        pytest.param("for (const b of a) {}", False, id="gone through"),
    ],
)
def test_whether_a_name_is_assigned_to(code, expected):
    scopes = Scopes(typescript.parse("a.ts", f"let a, b; {code};".encode()).root)
    declaration = scopes.top_level("a")
    assert declaration
    assert [is_assigned(scopes, use) for use in scopes.references(declaration)] == [expected]
