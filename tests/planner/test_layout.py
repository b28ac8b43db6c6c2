"""What new statements end in: what those around them do."""

import pytest

from codemod.planner.layout import layout_of
from codemod.syntax import typescript


@pytest.mark.parametrize(
    ("code", "end"),
    [
        pytest.param("", ";", id="nothing tells"),
        pytest.param("export class A {}\nexport function b() {}\n", ";", id="nothing that ends"),
        pytest.param(
            "export default { fetch() { return new Response() } };\n",
            ";",
            id="before a brace on its line a statement has none in any style",
        ),
        pytest.param(
            "export default {\n  fetch() {\n    return 1\n  },\n}\n",
            "",
            id="before a brace on the next line it tells",
        ),
        pytest.param("export { A } from './a'\n", "", id="an export of another module tells"),
        pytest.param("export { A } from './a';\n", ";", id="and one with a semicolon"),
        pytest.param(
            "for (let i = 0; i < 9; i++) {}\nfoo()\n", "", id="the head of a loop does not tell"
        ),
        pytest.param("var a = 1\nthrow a\n", "", id="variables and exceptions tell"),
        pytest.param("foo()\nbar();\n", ";", id="a tie"),
        pytest.param(
            "export default function () {}\nexport default class {}\nfoo();\n",
            ";",
            id="functions and classes end in a brace",
        ),
    ],
)
def test_statements_end_like_the_others(code, end):
    assert layout_of(typescript.parse("a.ts", code.encode())).end == end
