"""Where an export of the runtime is imported, and the blank lines around it."""

import pytest

from codemod.planner.layout import layout_of
from codemod.planner.rewrite import Rewrite
from codemod.planner.runtime_import import runtime_export
from codemod.syntax import typescript
from codemod.syntax.edits import apply_edits

IMPORT = 'import { env } from "cloudflare:workers";\n'


def imported(code: str) -> tuple[str, str]:
    source = typescript.parse("a.ts", code.encode())
    rewrite = Rewrite(source)
    name = runtime_export(rewrite, source, layout_of(source), "env", "env")
    return name, apply_edits(source.content, rewrite.edits()).decode()


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("f();\n", f"{IMPORT}\nf();\n", "a blank line comes between"),
        ("\nf();\n", f"{IMPORT}\nf();\n", "there is one already"),
        ("\n\nf();\n", f"{IMPORT}\n\nf();\n", "two stay two"),
        ("  \nf();\n", f"{IMPORT}  \nf();\n", "blanks on it make it no other line"),
        ("", f"{IMPORT}\n", "a module without a line"),
        ("// of f\nf();\n", f"{IMPORT}\n// of f\nf();\n", "a comment stays with its statement"),
        ("// A.\n\nf();\n", f"// A.\n\n{IMPORT}\nf();\n", "a comment of the module stays above"),
        ("// A.\n\n\nf();\n", f"// A.\n\n{IMPORT}\nf();\n", "with two blank lines below it"),
        ("\n// A.\n\nf();\n", f"\n// A.\n\n{IMPORT}\nf();\n", "and with one above it"),
        ("'use strict'\nf();\n", f"'use strict'\n{IMPORT}\nf();\n".replace('"', "'"), "directive"),
    ],
)
def test_a_first_import_leaves_the_modules_own_spacing(before, after, why):
    assert imported(before) == ("env", after), why


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('import "a";\n\nf();\n', f'import "a";\n{IMPORT}\nf();\n', "it follows the others"),
        (
            'import { DurableObject } from "cloudflare:workers";\nf();\n',
            'import { DurableObject, env } from "cloudflare:workers";\nf();\n',
            "a name more",
        ),
        (f"{IMPORT}f();\n", f"{IMPORT}f();\n", "it is there"),
    ],
)
def test_beside_other_imports_no_line_is_left_blank(before, after, why):
    assert imported(before) == ("env", after), why


def test_the_name_that_it_has_already_is_used():
    code = 'import { env as bindings } from "cloudflare:workers";\n'
    assert imported(code) == ("bindings", code)
