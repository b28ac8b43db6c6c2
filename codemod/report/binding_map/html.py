"""The map as one page that needs nothing else: drawing, table, search and findings.

The page loads nothing and sends nothing: its content security policy forbids every request, and
allows the one style sheet and the one script by their hashes. Without the script it can still be
read and printed.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from xml.etree.ElementTree import Element, tostring

from codemod.model import Finding, Fix
from codemod.planner.verdicts import Verdict
from codemod.report.binding_map import json as data
from codemod.report.binding_map import svg
from codemod.report.binding_map.cards import STATUS_CLASSES
from codemod.report.binding_map.graph import Arrow, Graph, Node, NodeKind, summary
from codemod.report.binding_map.markup import add, root
from codemod.report.binding_map.text import HEADER, has_default, notes
from codemod.report.display import Display, printable

_SEVERITY = [status for status in STATUS_CLASSES if status]


def render(graph: Graph) -> str:
    """The document, in UTF-8, ending in a newline."""
    style, script = svg.STYLES + _read("page.css"), _read("page.js")
    return Template(_read("page.html")).substitute(
        title=escape(printable(f"Worker bindings of {graph.title}")),
        summary=escape(summary(graph)),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        legend=_html(svg.legend(graph)),
        map=_html(_map(graph)),
        table=_html(_table(graph)),
        notes=_html(_notes(graph)),
        findings=_html(_findings(graph)),
        unreadable=_html(_unreadable(graph)),
        data=_script_safe(data.content(graph)),
    )


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _script_safe(content: object) -> str:
    """JSON in which nothing can end or comment out the script element around it."""
    return json.dumps(content).replace("<", "\\u003c")


def _html(element: Element | None) -> str:
    return "" if element is None else tostring(element, encoding="unicode", method="html")


def _map(graph: Graph) -> Element:
    drawn = svg.draw(graph)
    canvas = svg.canvas(drawn.width, drawn.height)
    canvas.append(drawn.element)
    return canvas


# --- The table ------------------------------------------------------------------------------


def _table(graph: Graph) -> Element:
    judged = [(arrow, arrow.verdict) for arrow in graph.arrows if arrow.verdict]
    judged.sort(key=lambda pair: _SEVERITY.index(pair[1].status))
    if not judged:
        return _paragraph("There are no service bindings.")
    frame = root("div", class_="scroll")
    table = add(frame, "table")
    heading = add(add(table, "thead"), "tr")
    for title in HEADER:
        add(add(heading, "th", scope="col"), "button", title, type="button")
    heading[-1].set("aria-sort", "ascending")
    body = add(table, "tbody")
    for arrow, verdict in judged:
        row = add(body, "tr", data_nodes=f"{arrow.source.id} {arrow.target.id}")
        _add_node(row, arrow.source)
        _add_binding(row, arrow, graph)
        _add_node(row, arrow.target)
        _add_cell(row, has_default(verdict))
        _add_status(row, verdict)
    return frame


def _add_cell(row: Element, text: str, order: str | None = None) -> Element:
    """A cell that sorts by ``order``, or else by its text."""
    order = (text if order is None else order).lower()
    return add(row, "td", text, data_label=HEADER[len(row)], data_order=order)


def _add_node(row: Element, node: Node) -> None:
    cell = _add_cell(row, "", node.name)
    add(cell, "a", node.name, href=f"#{node.id}", data_select=node.id)
    if node.environment:
        add(cell, "span", f"environment {node.environment}", class_="reason")
    if node.kind is not NodeKind.WORKER:
        add(cell, "span", node.reason, class_="reason")


def _add_binding(row: Element, arrow: Arrow, graph: Graph) -> None:
    cell = _add_cell(row, "", arrow.binding.name)
    add(cell, "code", arrow.binding.name)
    add(cell, "span", graph.display.place(arrow.binding.location), class_="path")


def _add_status(row: Element, verdict: Verdict) -> None:
    cell = _add_cell(row, "", str(_SEVERITY.index(verdict.status)))
    add(cell, "span", verdict.status, class_=f"status {STATUS_CLASSES[verdict.status]}")
    if verdict.reason:
        add(cell, "span", verdict.reason, class_="reason")


def _notes(graph: Graph) -> Element:
    group = root("div", class_="notes")
    for note in notes(graph.rows):
        add(group, "p", note)
    return group


# --- The findings ---------------------------------------------------------------------------


def _findings(graph: Graph) -> Element:
    if not graph.findings:
        return _paragraph("There are no findings.")
    group = root("div")
    for finding in graph.findings:
        article = add(group, "article", data_nodes=" ".join(_concerned(graph, finding)))
        if not finding.stands:
            article.set("class", "skipped")
        _add_finding(article, finding, graph.display)
    return group


def _concerned(graph: Graph, finding: Finding) -> list[str]:
    """The nodes that a finding is about: both ends of its binding, or else its Worker."""
    ends = [
        (arrow.source.id, arrow.target.id)
        for arrow in graph.arrows
        if arrow.binding.location == finding.location
        and arrow.source.environment == finding.environment
    ]
    if ends:
        return list(ends[0])
    return [
        node.id
        for node in graph.workers
        if node.name == finding.worker and node.environment == finding.environment
    ]


def _add_finding(article: Element, finding: Finding, display: Display) -> None:
    environment = f", environment {finding.environment}" if finding.environment else ""
    add(article, "h3", f"{finding.rule}: {finding.worker}{environment}")
    add(article, "code", display.place(finding.location))
    add(article, "p", finding.message)
    facts = add(article, "dl")
    if finding.suppressed:
        _add_fact(facts, "Ignored", "by a comment above it")
    if finding.skipped:
        _add_fact(facts, "Skipped", finding.skipped)
    evidence = finding.evidence
    _add_fact(facts, "Evidence", f"{evidence.mark}: {evidence.source}")
    if finding.fix:
        _add_fix(facts, finding.fix)
    if finding.no_fix:
        _add_fact(facts, "No fix", finding.no_fix)
    if finding.locations:
        places = add(_add_fact(facts, "Rests on", ""), "ul")
        for related in finding.locations:
            item = add(places, "li", f"{related.label}: ")
            add(item, "code", display.place(related.location))


def _add_fix(facts: Element, fix: Fix) -> None:
    fact = _add_fact(facts, f"Fix ({fix.safety})", fix.title)
    for reason in fix.reasons:
        add(fact, "p", f"because {reason}")
    if fix.steps:
        steps = add(_add_fact(facts, "By hand", ""), "ol")
        for step in fix.steps:
            add(steps, "li", step)


def _add_fact(facts: Element, name: str, text: str) -> Element:
    add(facts, "dt", name)
    return add(facts, "dd", text)


def _unreadable(graph: Graph) -> Element | None:
    if not graph.unreadable:
        return None
    section = root("section")
    add(section, "h2", "Could not be read")
    items = add(section, "ul")
    for unreadable in graph.unreadable:
        path = add(add(items, "li"), "code", graph.display.path(unreadable.path))
        path.tail = f": {printable(unreadable.reason)}"
    return section


def _paragraph(text: str) -> Element:
    paragraph = root("p")
    paragraph.text = text
    return paragraph
