"""Cases of the rules whose files are written in different ways, given to wrangler after repair."""

import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

RULES = Path(__file__).parents[1] / "rules"
CASES = {
    "bare_binding/object_default": "the binding of a Worker that exports no class",
    "default_entrypoint_in_dev/multi_line": "a key is taken out of an object on several lines",
    "default_entrypoint_in_dev/named_on_request_everywhere": "a second export beside the default",
    "default_entrypoint_in_dev/toml": "a key is taken out of a table",
    "env_drops_binding/some_services": "a binding with props is copied into an environment",
    "env_drops_binding/two_in_two_environments": "environments in TOML get services",
    "poisoned_binding/app_default": "the default is an application of a framework",
    "poisoned_binding/bound_to_itself": "caller and target are one Worker",
    "poisoned_binding/byte_order_mark_minified": "one line after a byte order mark",
    "poisoned_binding/called_from_a_durable_object": "the environment comes with the object",
    "poisoned_binding/called_from_a_pages_function": "the caller is no Worker but a Pages project",
    "poisoned_binding/durable_object_re_exported": "the class comes through two modules",
    "poisoned_binding/environments": "every environment has bindings of its own",
    "poisoned_binding/local_development_wrapped": "a wrapped default gets a name of its own",
    "poisoned_binding/named_on_request": "the default gets a name of its own",
    "poisoned_binding/rpc_on_request": "the default becomes a class",
    "poisoned_binding/tabs_crlf_trailing_commas": "tabs, CRLF, commas after the last member",
    "poisoned_binding/toml_inline_table": "the binding is an inline table",
    "poisoned_binding/toml_table": "the binding is a table of its own",
    "workers_dev_fetch/constant_in_every_environment": "bindings in lists that are new and old",
    "workers_dev_fetch/destructured_environment": "the environment is taken apart",
    "workers_dev_fetch/destructured_parts": "patterns get the binding, one with another name",
    "workers_dev_fetch/hono": "a framework, and a type of its own for the environment",
    "workers_dev_fetch/optional_parameter_left_out": "the environment is imported",
    "workers_dev_fetch/service_worker": "the binding is a global name",
    "workers_dev_fetch/service_worker_name_taken": "the global name is another one",
    "workers_dev_fetch/type_argument_missing": "types get an argument",
    "workers_dev_fetch/toml": "new lists of tables, in the environments too",
    "service_environment_key/environment_first": "a key is taken out before others",
    "service_environment_key/toml": "a service and a key below it change",
    "unknown_service/letters_swapped": "a service gets another name",
}


@pytest.fixture(params=CASES)
def after(request, node_tools, tmp_path) -> Path:
    root = tmp_path / "after"
    shutil.copytree(RULES / request.param / "after", root)
    (root / "node_modules").symlink_to(node_tools.packages.resolve())
    return root


def test_schema(after, configurations, violations):
    found = configurations(after)

    assert {path: violations(found[path]) for path in found} == {path: [] for path in found}


def test_dry_run(after, dry_run):
    assert dry_run(after) == {}


def test_pages_function_is_built(programs, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(RULES / "poisoned_binding/called_from_a_pages_function/after/site", site)

    built = programs.wrangler("pages", "functions", "build", "--outdir", "out", folder=site)

    assert built.code == 0, built.output
    assert "TARGET" in (site / "out" / "index.js").read_text()
