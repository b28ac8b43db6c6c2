"""Writes repositories of Workers to measure on: the same bytes for the same numbers.

A Worker has some twenty TypeScript files of about 3.7 KB: an entry module, handlers that use the
environment, a client of another API, and the modules without bindings that make up the most of
real code. Around them stand environments, tests, ``node_modules`` and build output.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

FILE_SIZE = 3_700
_HANDLERS = ("orders", "customers", "invoices", "sessions")
_WORDS = """
account address amount archive article batch budget cart category channel comment contract
coupon currency delivery device discount document event export feature feedback filter folder
group image import item label ledger location message metric note offer order package page
payment period permission plan policy price product profile project quota rating receipt
record refund region report request reservation result review role route rule schedule search
section segment session shipment snapshot status stock store subject summary supplier table
tag task tax template tenant ticket token topic total transfer trigger unit usage vendor
"""
_SUBJECTS = tuple(_WORDS.split())
_VERBS = ("build", "check", "collect", "compare", "count", "derive", "find", "merge", "parse")


@dataclass(frozen=True, slots=True)
class Size:
    """How many Workers, and how many TypeScript files each has."""

    workers: int
    files: int = 20


def write(root: Path, size: Size) -> None:
    """Writes the repository into the empty folder ``root``."""
    _write(root / ".gitignore", "node_modules/\ndist/\n.wrangler/\n")
    _write(
        root / "package.json",
        _json({"name": "fleet", "private": True, "workspaces": ["workers/*"]}),
    )
    _write(root / "tsconfig.json", _json({"compilerOptions": {"strict": True, "target": "es2022"}}))
    for number in range(size.workers):
        _write_worker(root / "workers" / _name(number), number, size)
        _write_installed(root / "node_modules" / f"dependency-{number}", number)


def edit(root: Path, number: int) -> None:
    """Changes a handler of the first Worker, each ``number`` otherwise."""
    path = root / "workers" / _name(0) / "src" / "handlers" / f"{_HANDLERS[0]}.ts"
    with path.open("a", encoding="utf-8") as module:
        module.write(f"// edit {number}\n")


def _name(number: int) -> str:
    return f"worker-{number:04}"


def _write_worker(folder: Path, number: int, size: Size) -> None:
    chooser = random.Random(number)  # noqa: S311 -- sizes and names, no secrets
    neighbours = [(number * factor + 1) % size.workers for factor in (2, 3)]
    _write(folder / "wrangler.jsonc", _configuration(number, neighbours))
    _write(
        folder / "package.json",
        _json(
            {
                "name": f"@fleet/{_name(number)}",
                "version": "1.0.0",
                "scripts": {"dev": "wrangler dev", "deploy": "wrangler deploy"},
                "dependencies": {f"dependency-{number}": "^1.0.0"},
            }
        ),
    )
    plain = [f"{verb}-{subject}" for verb, subject in _pairs(chooser, size.files)]
    handlers = _HANDLERS[: max(1, size.files // 5)]
    others = plain[: max(0, size.files - len(handlers) - 3)]
    source = folder / "src"
    _write(source / "index.ts", _entry(number, handlers, chooser))
    _write(source / "env.ts", _environment(chooser))
    _write(source / "client.ts", _client(number, others[0], chooser))
    for place, handler in enumerate(handlers):
        used = others[place :: len(handlers)]
        _write(source / "handlers" / f"{handler}.ts", _handler(handler, used, chooser))
    for place, name in enumerate(others):
        following = others[place + len(handlers) : place + len(handlers) + 1]
        _write(source / "domain" / f"{name}.ts", _domain(name, following, chooser))
    _write(folder / "dist" / "index.js", "/* bundled */\n" + _filler(chooser, FILE_SIZE))
    _write(folder / "node_modules" / ".cache" / "state.js", _filler(chooser, FILE_SIZE))


def _write_installed(folder: Path, number: int) -> None:
    chooser = random.Random(-number - 1)  # noqa: S311 -- sizes and names, no secrets
    _write(folder / "package.json", _json({"name": folder.name, "main": "index.js"}))
    for name in ("index", "server", "browser"):
        _write(folder / f"{name}.js", _filler(chooser, FILE_SIZE))


def _pairs(chooser: random.Random, count: int) -> list[tuple[str, str]]:
    subjects = chooser.sample(_SUBJECTS, min(count, len(_SUBJECTS)))
    return [(chooser.choice(_VERBS), subject) for subject in subjects]


# --- Configuration --------------------------------------------------------------------------


def _configuration(number: int, neighbours: list[int]) -> str:
    has_object = number % 4 == 0
    objects = (
        """
\t"durable_objects": { "bindings": [{ "name": "COUNTER", "class_name": "Counter" }] },
\t"migrations": [{ "tag": "v1", "new_sqlite_classes": ["Counter"] }],"""
        if has_object
        else ""
    )
    first, second = (_name(each) for each in neighbours)
    return f"""{{
\t// Deployed by the pipeline of this folder.
\t"$schema": "../../node_modules/wrangler/config-schema.json",
\t"name": "{_name(number)}",
\t"main": "src/index.ts",
\t"compatibility_date": "2025-09-01",
\t"compatibility_flags": ["nodejs_compat"],{objects}
\t"kv_namespaces": [{{ "binding": "CACHE", "id": "{number:032x}" }}],
\t"services": [
\t\t{{ "binding": "LEDGER", "service": "{first}" }},
\t\t{{ "binding": "NOTIFIER", "service": "{second}" }}, // sends mail
\t],
\t"vars": {{ "API_ORIGIN": "https://api.example.com", "REGION": "eu" }},
\t"env": {{
\t\t"staging": {{
\t\t\t"services": [
\t\t\t\t{{ "binding": "LEDGER", "service": "{first}-staging" }},
\t\t\t\t{{ "binding": "NOTIFIER", "service": "{second}-staging" }},
\t\t\t],
\t\t\t"vars": {{ "API_ORIGIN": "https://api.staging.example.com", "REGION": "eu" }},
\t\t}},
\t}},
}}
"""


# --- Code -----------------------------------------------------------------------------------


def _entry(number: int, handlers: tuple[str, ...], chooser: random.Random) -> str:
    imports = "".join(
        f'import {{ handle{name.title()} }} from "./handlers/{name}";\n' for name in handlers
    )
    cases = "".join(
        f'\t\t\tcase "/{name}":\n\t\t\t\treturn handle{name.title()}(request, env, ctx);\n'
        for name in handlers
    )
    counter = (
        """
export class Counter extends DurableObject<Env> {
	async increment(by: number): Promise<number> {
		const before = (await this.ctx.storage.get<number>("value")) ?? 0;
		await this.ctx.storage.put("value", before + by);
		return before + by;
	}
}
"""
        if number % 4 == 0
        else ""
    )
    base = 'import { DurableObject } from "cloudflare:workers";\n' if counter else ""
    head = f"""/**
 * The entry of {_name(number)}: routes by path, each handler in a module of its own.
 */
{base}import type {{ Env }} from "./env";
{imports}{counter}
export default {{
	async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {{
		const url = new URL(request.url);
		switch (url.pathname) {{
{cases}			case "/health":
				return Response.json({{ region: env.REGION, ok: true }});
			default:
				return new Response("not found", {{ status: 404 }});
		}}
	}},
}} satisfies ExportedHandler<Env>;
"""
    return _filled(head, chooser)


def _environment(chooser: random.Random) -> str:
    head = """export interface Env {
	CACHE: KVNamespace;
	LEDGER: Fetcher;
	NOTIFIER: Fetcher;
	COUNTER?: DurableObjectNamespace;
	API_ORIGIN: string;
	REGION: string;
}

"""
    return _filled(head, chooser)


def _client(number: int, used: str, chooser: random.Random) -> str:
    head = f"""import {{ {_camel(used)} }} from "./domain/{used}";

/** What the API of region {number % 7} answers; a failure is thrown with its status. */
export async function callApi(origin: string, path: string, init?: RequestInit): Promise<unknown> {{
	const response = await fetch(`${{origin}}/v1/${{path}}`, init);
	if (!response.ok) {{
		throw new Error(`the API answered ${{response.status}} for ${{path}}`);
	}}
	return {_camel(used)}(await response.json());
}}

"""
    return _filled(head, chooser)


def _handler(name: str, used: list[str], chooser: random.Random) -> str:
    imports = "".join(f'import {{ {_camel(each)} }} from "../domain/{each}";\n' for each in used)
    calls = "".join(f"\tresult = {_camel(each)}(result);\n" for each in used)
    head = f"""import {{ callApi }} from "../client";
import type {{ Env }} from "../env";
{imports}
export async function handle{name.title()}(
	request: Request,
	env: Env,
	ctx: ExecutionContext,
): Promise<Response> {{
	const cached = await env.CACHE.get("{name}");
	if (cached) return new Response(cached);
	let result = await callApi(env.API_ORIGIN, "{name}");
{calls}	const answer = await env.LEDGER.fetch("https://ledger.internal/{name}", {{
		method: "POST",
		body: JSON.stringify(result),
	}});
	ctx.waitUntil(env.NOTIFIER.fetch(new Request("https://notifier.internal/sent")));
	return new Response(await answer.text(), {{ status: answer.status }});
}}

"""
    return _filled(head, chooser)


def _domain(name: str, following: list[str], chooser: random.Random) -> str:
    imports = "".join(f'import {{ {_camel(each)} }} from "./{each}";\n' for each in following)
    calls = "".join(f"\tvalue = {_camel(each)}(value);\n" for each in following)
    head = f"""{imports}
/** Runs the rules of {name.replace("-", " ")} over a value from outside. */
export function {_camel(name)}(value: unknown): unknown {{
{calls}	return value;
}}

"""
    return _filled(head, chooser)


def _filled(head: str, chooser: random.Random) -> str:
    return head + _filler(chooser, FILE_SIZE - len(head))


def _filler(chooser: random.Random, size: int) -> str:
    parts: list[str] = []
    while size > 0:
        part = _function(chooser, len(parts))
        size -= len(part)
        parts.append(part)
    return "\n".join(parts)


def _function(chooser: random.Random, number: int) -> str:
    verb, subject = chooser.choice(_VERBS), chooser.choice(_SUBJECTS)
    name, kind = f"{verb}{subject.title()}{number}", f"{subject.title()}{number}"
    template = chooser.choice(_TEMPLATES)
    return (
        template.replace("NAME", name)
        .replace("KIND", kind)
        .replace("SUBJECT", subject)
        .replace("NUMBER", str(chooser.randint(2, 99)))
    )


_TEMPLATES = (
    """interface KIND {
	id: string;
	SUBJECT: number;
	tags?: readonly string[];
}

/**
 * Adds up what each SUBJECT weighs; an empty list weighs nothing.
 */
function NAME(values: readonly KIND[]): number {
	let total = 0;
	for (const value of values) {
		if (value.tags?.includes("hidden") && total > NUMBER) continue;
		total += value.SUBJECT * NUMBER;
	}
	return total;
}
""",
    """// A SUBJECT is written as letters, a dash and digits: "ab-12".
const KIND = /^[a-z]{2,}-(\\d+)$/i;

function NAME(written: string): number | undefined {
	const match = KIND.exec(written.trim());
	if (!match) {
		return undefined;
	}
	const parsed = Number.parseInt(match[1] ?? "", 10);
	return Number.isNaN(parsed) ? undefined : parsed % NUMBER;
}
""",
    """type KIND = { kind: "open"; since: Date } | { kind: "closed"; reason: string };

function NAME(state: KIND): string {
	switch (state.kind) {
		case "open":
			return `SUBJECT open since ${state.since.toISOString()} (${NUMBER} at most)`;
		case "closed":
			return `SUBJECT closed: ${state.reason || "no reason is given"}`;
	}
}
""",
    """class KIND {
	#entries = new Map<string, number>();

	add(key: string, amount = NUMBER): this {
		const before = this.#entries.get(key) ?? 0;
		this.#entries.set(key, before + amount);
		return this;
	}

	get sorted(): [string, number][] {
		return [...this.#entries].sort(([, left], [, right]) => right - left);
	}
}

const NAME = (keys: Iterable<string>) => {
	const counted = new KIND();
	for (const key of keys) counted.add(key.toLowerCase());
	return counted.sorted.slice(0, NUMBER).map(([key]) => key);
};
""",
    """async function NAME<T extends { SUBJECT?: string }>(
	items: T[],
	load: (item: T) => Promise<number>,
): Promise<Map<string, number>> {
	const found = new Map<string, number>();
	await Promise.all(
		items.map(async (item) => {
			try {
				found.set(item.SUBJECT ?? "none", (await load(item)) / NUMBER);
			} catch (error) {
				console.warn("no SUBJECT for", item, error);
			}
		}),
	);
	return found;
}
""",
)


def _camel(name: str) -> str:
    verb, subject = name.split("-")
    return verb + subject.title() + "Rules"


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
