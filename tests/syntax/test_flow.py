"""Whether the paths through a function return a value."""

import pytest

from codemod.model import Returns
from codemod.syntax import typescript
from codemod.syntax.flow import ends, returns


def returns_of(text) -> Returns:
    source = typescript.parse("a.ts", text.encode())
    node = next(node for node in typescript.walk(source.root) if node.child_by_field_name("body"))
    return returns(node)


def body(text) -> Returns:
    return returns_of(f"function f() {{ {text} }}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("return 1", id="plain"),
        pytest.param("return maybe()", id="what is returned may be anything"),
        pytest.param("if (a) return 1; return 2", id="early return"),
        pytest.param("if (a) return 1; else return 2", id="both branches"),
        pytest.param("if (a) { return 1 } else if (b) { return 2 } else { return 3 }", id="chain"),
        pytest.param("if (a) { return 1 } /* c */ else /* c */ { return 2 }", id="comments"),
        pytest.param("if (a) return 1; throw e", id="the rest throws"),
        pytest.param("throw e", id="no path ends"),
        pytest.param("switch (a) { case 1: return 1; default: return 2 }", id="switch"),
        pytest.param("switch (a) { case 1: case 2: return 1; default: throw e }", id="grouped"),
        pytest.param("switch (a) { case 1: x(); default: return 1 }", id="fallen through"),
        pytest.param("switch (a) { default: return 1; case 2: return 2 }", id="default first"),
        pytest.param("switch (a) { case 1: return 1 } return 2", id="a return after a switch"),
        pytest.param("try { return 1 } catch { return 2 }", id="try and catch"),
        pytest.param("try { return 1 } catch (e) { throw e }", id="catch throws"),
        pytest.param("try { x() } finally { return 1 }", id="finally returns"),
        pytest.param("try { return 1 } finally { x() }", id="finally goes on"),
        pytest.param("try { x() } catch { } return 1", id="a return after a try"),
        pytest.param("while (true) { if (a) return 1 }", id="endless while"),
        pytest.param("for (;;) { x() }", id="endless for"),
        pytest.param("do { x() } while (true)", id="endless do"),
        pytest.param("a: while (1) { switch (x) { case 1: continue a } return 1 }", id="continue"),
        pytest.param("while (true) { for (;;) { break } }", id="the break is the inner loop's"),
        pytest.param("for (const x of y) { if (x) return 1 } return 2", id="a return after a loop"),
        pytest.param("a: { if (x) break a; return 1 } return 2", id="a labelled block"),
        pytest.param("{ { return 1 } }", id="blocks"),
        pytest.param("function g() { } return 1", id="a nested function's paths are its own"),
        pytest.param("return (x(), 1)", id="the last of a sequence"),
    ],
)
def test_every_path_returns(text):
    assert body(text) is Returns.ALWAYS


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("if (a) return 1", id="no else"),
        pytest.param("if (a) return 1; else if (b) return 2", id="no last else"),
        pytest.param("if (a) return 1; else { x() }", id="the else goes on"),
        pytest.param("if (a) return 1; return", id="a bare return"),
        pytest.param("if (a) return 1; return undefined", id="undefined is nothing"),
        pytest.param("if (a) return 1; return void x()", id="void is nothing"),
        pytest.param("if (a) return 1; return (x, undefined)", id="a sequence that ends so"),
        pytest.param("if (a) return 1; return (undefined as any)", id="undefined in a cast"),
        pytest.param("switch (a) { case 1: return 1; default: break }", id="default breaks"),
        pytest.param("switch (a) { case 1: break; case 2: return 1 }", id="a case breaks"),
        pytest.param("switch (a) { case 1: return 1; default: }", id="an empty default"),
        pytest.param("try { return load() } catch (e) { log(e) }", id="the catch goes on"),
        pytest.param("try { x() } catch { return 1 }", id="the try goes on"),
        pytest.param("try { if (a) return 1 } finally { x() }", id="the try may go on"),
        pytest.param("while (a) { return 1 }", id="a loop that may not run"),
        pytest.param("for (const x of y) return 1", id="a loop over nothing"),
        pytest.param("while (true) { if (a) break; return 1 }", id="an endless loop that breaks"),
        pytest.param("a: for (;;) { for (;;) { if (x) break a; return 1 } }", id="outer break"),
        pytest.param("items.forEach(x => { return x }); if (a) return 1", id="a callback's return"),
        pytest.param("if (a) return 1; console.error(a)", id="a log is no end"),
        pytest.param("switch (url.pathname) { case '/': return 1 }", id="there are other paths"),
        pytest.param("switch (request.method) { case 'GET': return 1 }", id="and other methods"),
        pytest.param("if (a === 1) return 1; if (a === 2) return 2", id="no contrary conditions"),
    ],
)
def test_some_path_returns_nothing(text):
    assert body(text) is Returns.SOMETIMES


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("handle(request)", id="the return is forgotten"),
        pytest.param("await handle(request)", id="and awaited"),
        pytest.param("return", id="bare"),
        pytest.param("return // 1\n", id="a comment is no value"),
        pytest.param("if (a) return; x()", id="bare, then the end"),
        pytest.param("if (a) throw e", id="throws or ends"),
        pytest.param("items.map(x => x)", id="a callback's value"),
        pytest.param("while (true) { break }", id="left at once"),
        pytest.param("a: { break a }", id="a labelled block left"),
    ],
)
def test_no_path_returns(text):
    assert body(text) is Returns.NEVER


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("switch (a) { case 1: return 1; case 2: return 2 }", id="may be exhaustive"),
        pytest.param("if (a) return 1; assertNever(a)", id="may never come back"),
        pytest.param("if (a) return 1; this.fail('x')", id="a method that may throw"),
        pytest.param("if (a) return 1; await unreachable()", id="awaited"),
        pytest.param("do { return 1 } while (x)", id="a loop that runs once"),
        pytest.param("if (a) return 1; await new Promise(() => {})", id="may never be resolved"),
        pytest.param("if (a) return 1; redirect('/')", id="frameworks throw redirects"),
        pytest.param("if (a) return 1; const b: never = a", id="checked to be never"),
        pytest.param("if (a) return 1; a satisfies never", id="checked in an expression"),
        pytest.param("if (a) return 1; if (!a) return 2", id="contrary conditions"),
        pytest.param("if (a === 1) return 1; x(); if (a !== 1) return 2", id="contrary operators"),
        pytest.param("switch (kind) { case 'a': return 1 }", id="a type of the program's own"),
        pytest.param("return 1; @@", id="damaged"),
        pytest.param("{" * 200 + "}" * 200, id="too deep"),
    ],
)
def test_what_cannot_be_told(text):
    assert body(text) is Returns.UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("const f = () => 1", Returns.ALWAYS),
        ("const f = async () => await g()", Returns.ALWAYS),
        ("const f = () => ({})", Returns.ALWAYS),
        ("const f = () => {}", Returns.NEVER),
        ("const f = () => undefined", Returns.NEVER),
        ("const f = () => void g()", Returns.NEVER),
        ("const f = () => { return 1 }", Returns.ALWAYS),
        ("const f = function () { if (a) return 1 }", Returns.SOMETIMES),
        ("const o = { async f() { return 1 } }", Returns.ALWAYS),
        ("const o = { f() { } }", Returns.NEVER),
        ("function* f() { return 1 }", Returns.UNKNOWN),
        ("const o = { *f() { return 1 } }", Returns.UNKNOWN),
    ],
)
def test_every_kind_of_function(text, expected):
    assert returns_of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("if (a) { x() } else { y() }", ["x()", "y()"], id="of each branch"),
        pytest.param("x(); if (a) { return 1 }", ["if (a) { return 1 }"], id="a condition fails"),
        pytest.param("x(); if (a) { }", ["if (a) { }", "{ }"], id="an empty branch"),
        pytest.param("if (a) { } else { y() }", ["{ }", "y()"], id="another empty branch"),
        pytest.param("try { x() } catch { y() }", ["x()", "y()"], id="tried and caught"),
        pytest.param("x(); function y() { }", ["x()"], id="a declaration does not run"),
        pytest.param(
            "switch (a) { case 1: x(); break; default: y() }", ["switch", "y()"], id="switch"
        ),
        pytest.param("for (const a of b) x()", ["for"], id="a loop ends"),
        pytest.param("", ["{"], id="the body is empty"),
        pytest.param("x(); return", ["return"], id="a bare return"),
        pytest.param("return 1", [], id="every path returns"),
        pytest.param("if (a) return 1; assertNever(a)", [], id="not certain"),
    ],
)
def test_where_paths_give_nothing(text, expected):
    source = typescript.parse("a.ts", f"function f() {{ {text} }}".encode())

    found = ends(source.root.named_children[0])

    places = [typescript.text(node) for node in (*found.nothing, *found.falls)]
    assert all(place.startswith(start) for place, start in zip(places, expected, strict=True))


def test_a_long_chain_of_branches_is_not_deep():
    chain = "if (a) { return 1 } else " * 500 + "{ return 2 }"
    assert body(chain) is Returns.ALWAYS


@pytest.mark.parametrize(
    ("opening", "closing", "expected"),
    [
        ("if (a) {", "}", Returns.NEVER),
        ("while (a) {", "}", Returns.NEVER),
        ("try {", "} finally {}", Returns.UNKNOWN),
        ("switch (a) { default: {", "} }", Returns.UNKNOWN),
    ],
)
def test_deep_nesting_is_read_as_far_as_it_matters(opening, closing, expected):
    assert body(opening * 2000 + closing * 2000) is expected
