"""Both Workers of a split as wrangler and TypeScript see them, in shapes of public repositories."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from codemod import scan
from codemod.planner import split
from codemod.planner.split import Split
from codemod.scanner.files import Files
from codemod.scanner.modules import Modules
from codemod.syntax.edits import apply_edits

pytestmark = pytest.mark.slow

ATLAS = Path(__file__).parents[3] / "examples" / "atlas"

TSCONFIG = json.dumps(
    {
        "compilerOptions": {
            "target": "es2024",
            "lib": ["es2024"],
            "module": "esnext",
            "moduleResolution": "bundler",
            "types": ["@cloudflare/workers-types"],
            "strict": True,
            "isolatedModules": True,
            "skipLibCheck": True,
            "noEmit": True,
            "allowJs": True,
        },
        "include": ["**/*.ts", "**/*.js"],
    }
)

IMPORTED_AND_EXPORTED = {
    "workers/agent/wrangler.jsonc": """{
  "name": "agent",
  "main": "src/index.ts",
  "compatibility_date": "2026-03-10",
  "compatibility_flags": ["nodejs_compat"],
  "workers_dev": false,
  "durable_objects": {
    "bindings": [
      {
        "name": "AGENT",
        "class_name": "AgentDO"
      }
    ]
  },
  "migrations": [
    {
      "tag": "v1",
      "new_sqlite_classes": ["AgentDO"]
    }
  ],
  "kv_namespaces": [{ "binding": "CACHE", "id": "00000000000000000000000000000000" }],
  "vars": { "MODEL": "small", "TIMEZONE": "UTC" },
  "triggers": { "crons": ["0 * * * *"] }
}
""",
    "workers/agent/src/index.ts": """import { AgentDO } from "./agent-do";
import type { Env } from "./env";

export { AgentDO };

function agent(env: Env): DurableObjectStub<AgentDO> {
  return env.AGENT.get(env.AGENT.idFromName("one"));
}

export default {
  async fetch(_request, env) {
    return Response.json(await agent(env).report(env.TIMEZONE));
  },
} satisfies ExportedHandler<Env>;
""",
    "workers/agent/src/env.ts": """import type { AgentDO } from "./agent-do";

export interface Env {
  AGENT: DurableObjectNamespace<AgentDO>;
  CACHE: KVNamespace;
  MODEL: string;
  TIMEZONE: string;
}
""",
    "workers/agent/src/agent-do.ts": """import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env";
import { ask } from "./model";

export class AgentDO extends DurableObject<Env> {
  async report(timezone: string): Promise<string> {
    await this.env.CACHE.put("asked", timezone);
    return ask(this.env, timezone);
  }
}
""",
    "workers/agent/src/model.ts": """import type { Env } from "./env";

export async function ask(env: Env, question: string): Promise<string> {
  return `${env.MODEL}: ${question}`;
}
""",
}

SEVERAL_ENVIRONMENTS = {
    "apps/tokens/wrangler.jsonc": """{
\t"name": "tokens",
\t"main": "src/index.ts",
\t"compatibility_date": "2026-03-10",
\t"minify": true,
\t"services": [{ "binding": "REGISTRY", "service": "registry" }],
\t"durable_objects": {
\t\t"bindings": [{ "name": "KEYS", "class_name": "KeyProvider" }],
\t},
\t// created long ago
\t"migrations": [{ "tag": "v1", "new_classes": ["KeyProvider"] }],
\t"env": {
\t\t"staging": {
\t\t\t"services": [{ "binding": "REGISTRY", "service": "registry-staging" }],
\t\t\t"durable_objects": {
\t\t\t\t"bindings": [{ "name": "KEYS", "class_name": "KeyProvider" }],
\t\t\t},
\t\t},
\t\t"production": {
\t\t\t"name": "tokens-live",
\t\t\t"services": [{ "binding": "REGISTRY", "service": "registry-live" }],
\t\t\t"durable_objects": {
\t\t\t\t"bindings": [{ "name": "KEYS", "class_name": "KeyProvider" }],
\t\t\t},
\t\t},
\t},
}
""",
    "apps/tokens/src/index.ts": """import { WorkerEntrypoint } from 'cloudflare:workers';
import type { KeyProvider } from './key_provider';
export { KeyProvider } from './key_provider';

export interface Env {
\tKEYS: DurableObjectNamespace<KeyProvider>;
\tREGISTRY: Fetcher;
}

export default class TokensWorker extends WorkerEntrypoint<Env> {
\tasync key(name: string): Promise<string> {
\t\treturn await this.env.KEYS.get(this.env.KEYS.idFromName(name)).key();
\t}
}
""",
    "apps/tokens/src/key_provider.ts": """import { DurableObject } from 'cloudflare:workers';
import type { Env } from '.';

export class KeyProvider extends DurableObject<Env> {
\tasync key(): Promise<string> {
\t\tconst response = await this.env.REGISTRY.fetch('http://registry/key');
\t\treturn response.text();
\t}
}
""",
}

DECLARED_IN_THE_ENTRY = {
    "services/coordinator/wrangler.jsonc": """{
  "name": "coordinator",
  "main": "src/index.ts",
  "compatibility_date": "2026-03-10",
  "observability": { "enabled": true },
  "durable_objects": {
    "bindings": [
      { "name": "COORDINATOR", "class_name": "Coordinator" },
      { "name": "LOG", "class_name": "Log", "script_name": "log" },
    ],
  },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Coordinator"] }],
}
""",
    "services/coordinator/src/index.ts": """/**
 * Coordinates runs.
 */
import { DurableObject } from 'cloudflare:workers';
import { plan, type Plan } from './plan';

interface Env {
  COORDINATOR: DurableObjectNamespace<Coordinator>;
  LOG: DurableObjectNamespace;
}

/** One run. */
export class Coordinator extends DurableObject<Env> {
  async start(name: string): Promise<Plan> {
    const log = this.env.LOG.get(this.env.LOG.idFromName(name));
    await log.fetch('http://log/');

    const next = this.env.COORDINATOR.get(this.env.COORDINATOR.newUniqueId());
    return { ...plan(name), next: String(next.id) };
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const stub = env.COORDINATOR.get(env.COORDINATOR.idFromName('main'));
    return Response.json(await stub.start(request.url));
  },
};
""",
    "services/coordinator/src/plan.ts": """export interface Plan {
  name: string;
  next?: string;
}

export function plan(name: string): Plan {
  return { name };
}
""",
    "services/log/wrangler.jsonc": """{
  "name": "log",
  "main": "index.ts",
  "compatibility_date": "2026-03-10",
  "durable_objects": {
    "bindings": [
      { "name": "LOG", "class_name": "Log" },
      { "name": "RUNS", "class_name": "Coordinator", "script_name": "coordinator" }
    ]
  },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Log"] }]
}
""",
    "services/log/index.ts": """import { DurableObject } from "cloudflare:workers";

export class Log extends DurableObject {}

export default { fetch: () => new Response("log") };
""",
}

TOML_AND_JAVASCRIPT = {
    "room/wrangler.toml": """name = "room"
main = "worker.js"
compatibility_date = "2026-03-10"

[vars]
LIMIT = 3

[[services]]
binding = "SELF"
service = "room"

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Room"]
""",
    "room/worker.js": """import { Chat } from './chat.js'

export { Chat as Room }

export default {
  fetch(request, env) {
    return env.ROOM.get(env.ROOM.idFromName('lobby')).fetch(request)
  },
}
""",
    "room/chat.js": """import { DurableObject } from 'cloudflare:workers'

export class Chat extends DurableObject {
  async fetch(request) {
    await this.env.SELF.fetch(request.url)
    return new Response(String(this.env.LIMIT))
  }
}
""",
}

EXPORTS_MAP = {
    "counter/wrangler.jsonc": """{
  "name": "counter",
  "main": "src/worker.ts",
  "compatibility_date": "2026-03-10",
  "durable_objects": {
    "bindings": [{ "name": "COUNTER", "class_name": "Counter" }]
  },
  "exports": {
    "Counter": { "type": "durable-object", "storage": "sqlite" }
  },
  "env": {
    "staging": {
      "durable_objects": {
        "bindings": [{ "name": "COUNTER", "class_name": "Counter" }]
      }
    }
  }
}
""",
    "counter/src/worker.ts": """export * from "./counter";

export default {
  async fetch(_request: Request, env: { COUNTER: DurableObjectNamespace }): Promise<Response> {
    return env.COUNTER.get(env.COUNTER.idFromName("a")).fetch("http://counter/");
  },
};
""",
    "counter/src/counter.ts": """import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    const count = ((await this.ctx.storage.get<number>("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return new Response(String(count));
  }
}
""",
}

CASES = [
    pytest.param(None, "api-mom/wrangler.jsonc", id="atlas"),
    pytest.param(IMPORTED_AND_EXPORTED, "workers/agent/wrangler.jsonc", id="imported, exported"),
    pytest.param(SEVERAL_ENVIRONMENTS, "apps/tokens/wrangler.jsonc", id="several environments"),
    pytest.param(
        DECLARED_IN_THE_ENTRY, "services/coordinator/wrangler.jsonc", id="declared in the entry"
    ),
    pytest.param(TOML_AND_JAVASCRIPT, "room/wrangler.toml", id="TOML and JavaScript"),
    pytest.param(EXPORTS_MAP, "counter/wrangler.jsonc", id="an exports map"),
]


class Tools:
    """wrangler and TypeScript, run in a repository that has the pinned packages installed."""

    def __init__(self, root: Path, node: Path, packages: Path) -> None:
        self._root = root
        self._node = node
        self._packages = packages
        (root / "node_modules").symlink_to(packages, target_is_directory=True)

    def wrangler(self, *arguments: str) -> str:
        """What wrangler prints; it has to succeed, and to warn of nothing."""
        script = self._packages / "wrangler" / "bin" / "wrangler.js"
        environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(self._node.parent), os.environ.get("PATH", "")]),
            "NO_COLOR": "1",
            "WRANGLER_SEND_METRICS": "false",
            "WRANGLER_LOG_PATH": str(self._root / "logs"),
            "XDG_CONFIG_HOME": str(self._root / "home"),
        }
        process = self._run(script, *arguments, environment=environment)
        assert process.returncode == 0, process.stdout + process.stderr
        assert "WARNING" not in process.stdout + process.stderr
        return process.stdout

    def check_types(self) -> None:
        process = self._run(self._packages / "typescript" / "bin" / "tsc", "-p", ".")
        assert process.returncode == 0, process.stdout

    def _run(
        self, script: Path, *arguments: str, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._node, script, *arguments],
            cwd=self._root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )


@pytest.mark.parametrize("fresh", [False, True], ids=["transferred", "fresh"])
@pytest.mark.parametrize(("files", "worker"), CASES)
def test_both_workers_pass_the_real_tools(node_tools, tmp_path, files, worker, fresh):
    root = tmp_path / "repository"
    _write(root, files)
    tools = Tools(root, node_tools.node, node_tools.packages)
    tools.check_types()

    made, environments = _split(root, worker, fresh=fresh)
    tools.check_types()

    configurations = [file.path for file in made.new_files if "wrangler." in file.path]
    for path in (worker, *configurations):
        for environment in environments:
            printed = tools.wrangler("deploy", "--dry-run", "-c", path, f"--env={environment}")
            assert "--dry-run: exiting now." in printed
    again = scan(root)
    target = again.worker(worker)
    assert target is not None
    assert not [item for item in target.exports.named if item.kind == "durable-object"]
    hosts = again.worker(configurations[0])
    assert hosts is not None
    assert [item for item in hosts.exports.named if item.kind == "durable-object"]


def _write(root: Path, files: dict[str, str] | None) -> None:
    if files is None:
        shutil.copytree(ATLAS, root)
        return
    for path, text in {**files, "tsconfig.json": TSCONFIG}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def _split(root: Path, worker: str, *, fresh: bool) -> tuple[Split, list[str]]:
    """Splits the Worker on disk. The second value are its environments, ``""`` the top level."""
    project = scan(root)
    target = project.worker(worker)
    assert target is not None
    files = Files(root)
    made = split.propose(files, Modules(files), project, target, fresh=fresh)
    assert isinstance(made, Split), made
    contents = {
        path: apply_edits(files.read(path), [edit for edit in made.edits if edit.path == path])
        for path in {edit.path for edit in made.edits}
    }
    for path, content in contents.items():
        (root / path).write_bytes(content)
    for new in made.new_files:
        (root / new.path).parent.mkdir(parents=True, exist_ok=True)
        (root / new.path).write_text(new.text)
    return made, [item.environment or "" for item in target.deployments]
