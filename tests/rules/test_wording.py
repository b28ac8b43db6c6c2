"""What findings say where a name is empty, a member is a setter, or the named export is no fit."""

import json

import pytest

from codemod import plan, scan
from codemod.settings import Settings

CALLER = "export default { async fetch(request, env) { %s; return new Response(); } };"
TARGET = """
import { WorkerEntrypoint } from "cloudflare:workers";
export class Plain { ping() {} }
export default class extends WorkerEntrypoint { set list(value) {} }
"""


def findings(root, rule, binding, code=""):
    files = {
        "caller/wrangler.json": json.dumps(
            {
                "name": "caller",
                "main": "index.js",
                "compatibility_date": "2026-01-01",
                "services": [{"binding": "API", **binding}],
            }
        ),
        "caller/index.js": CALLER % code,
        "target/wrangler.json": '{"name": "target", "main": "index.js"}',
        "target/index.js": TARGET,
    }
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    return plan(scan(root), Settings(select=(rule,))).findings


def test_a_setter_is_not_said_to_be_of_each_instance_alone(tmp_path):
    code = "await env.API.list(1)"
    (finding,) = findings(tmp_path, "rpc-method-missing", {"service": "target"}, code)
    assert "or a setter" in finding.message


def test_an_empty_name_is_seen_to_be_one(tmp_path):
    (finding,) = findings(tmp_path, "unknown-service", {"service": ""})
    assert 'deployed as ""' in finding.message


@pytest.mark.parametrize(
    ("entrypoint", "why"),
    [
        ("Plain", "to serve, it has to be a class that extends WorkerEntrypoint"),
        ("Other", "exported by name: Plain (class)"),
    ],
)
def test_why_no_other_entrypoint_is_offered(tmp_path, entrypoint, why):
    binding = {"service": "target", "entrypoint": entrypoint}
    (finding,) = findings(tmp_path, "missing-entrypoint", binding)
    assert why in (finding.no_fix or "")
