"""Comments and the findings that they silence: one too few is a nuisance, one too many a lie."""

import pytest

from codemod import plan, scan

TARGET = {
    "target/wrangler.json": '{ "name": "target", "main": "index.js" }',
    "caller/index.js": """
export default {
  async fetch(request, env) {
    return (await env.API.fetch(request)) ?? env.OTHER.fetch(request);
  },
};
""",
    "target/index.js": """
import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {}
export default { async fetch() { return new Response(); } };
""",
}
JSONC = """{
  "name": "caller",
  "main": "index.js",
  "services": [
    { "binding": "OTHER", "service": "target" },
    {
      "binding": "API",
      "service": "target"
    }
  ]
}
"""
TOML = """name = "caller"
main = "index.js"

[[services]]
binding = "OTHER"
service = "target"

[[services]]
binding = "API"
service = "target"
"""
COMMENT = "wfix-ignore poisoned-binding: answers"


@pytest.fixture
def found(tmp_path):
    """The findings about a caller with this configuration: by binding whether they stand."""

    def find(path: str, configuration: str) -> list[tuple[str | None, str, bool]]:
        for name, content in {f"caller/{path}": configuration, **TARGET}.items():
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(content)
        findings = plan(scan(tmp_path)).findings
        return [(item.binding, item.rule, item.stands) for item in findings]

    return find


BOTH = [("OTHER", "poisoned-binding", True), ("API", "poisoned-binding", False)]


@pytest.mark.parametrize(
    ("path", "line", "commented"),
    [
        ("wrangler.jsonc", '      "binding": "API",', f'      "binding": "API", // {COMMENT}'),
        ("wrangler.jsonc", '      "service": "target"', f'      "service": "target" // {COMMENT}'),
        ("wrangler.jsonc", "    }\n  ]", f"    }} // {COMMENT}\n  ]"),
        ("wrangler.jsonc", "    {\n", f"    {{\n      // {COMMENT}\n"),
        ("wrangler.jsonc", "    {\n", f"    {{ // {COMMENT}\n"),
        ("wrangler.jsonc", "    {\n", f"    // {COMMENT}\n    {{\n"),
        ("wrangler.toml", 'binding = "API"', f'binding = "API" # {COMMENT}'),
        ("wrangler.toml", 'binding = "API"', f'# {COMMENT}\nbinding = "API"'),
        (
            "wrangler.toml",
            'binding = "API"\nservice = "target"',
            f'binding = "API"\nservice = "target" # {COMMENT}',
        ),
    ],
)
def test_a_comment_anywhere_on_the_lines_of_a_binding_is_about_it(found, path, line, commented):
    content = JSONC if path.endswith("c") else TOML
    assert line in content

    assert found(path, content.replace(line, commented)) == BOTH


@pytest.mark.parametrize(
    ("path", "line", "commented", "why"),
    [
        ("wrangler.jsonc", "  ]\n", f"  ] // {COMMENT}\n", "behind the list"),
        ("wrangler.jsonc", '"services": [', f'"services": [ // {COMMENT}', "at the list's key"),
        ("wrangler.jsonc", '"caller",', f'"caller", // {COMMENT}', "at another key of the file"),
        ("wrangler.jsonc", "\n}\n", f"\n}} // {COMMENT}\n", "behind the file's object"),
        ("wrangler.toml", '"caller"', f'"caller" # {COMMENT}', "at another key of the file"),
        (
            "wrangler.toml",
            'service = "target"\n\n[',
            f'service = "target"\n\n[vars] # {COMMENT}\n\n[',
            "in another table",
        ),
    ],
)
def test_a_comment_beside_a_binding_is_not_about_it_and_called_unused(
    found, path, line, commented, why
):
    content = JSONC if path.endswith("c") else TOML
    assert line in content

    rules = [
        (binding, rule)
        for binding, rule, stands in found(path, content.replace(line, commented, 1))
        if stands
    ]

    assert sorted(rules, key=str) == [
        ("API", "poisoned-binding"),
        ("OTHER", "poisoned-binding"),
        (None, "ignore-comment"),
    ], why
