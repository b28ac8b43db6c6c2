"""Findings as a JUnit report: a suite for each file, a failed test for each finding.

A configuration in which nothing is found is a test that passes, so that no report is empty. What
is ``skipped`` or known is a skipped test, a file that cannot be read an error. Names hold no lines
and no two are alike: readers follow a test by its name, and drop the second of one name. There is
no time in it: the same findings are the same bytes.
"""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from codemod.model import Finding, Plan, Unreadable
from codemod.report import prose
from codemod.report.display import Display, printable
from codemod.report.severity import level


def render(plan: Plan, display: Display) -> str:
    """An XML document, indented, ending in a newline."""
    root = Element("testsuites", name="wfix")
    for path, cases in sorted(_cases(plan, display).items()):
        suite = SubElement(root, "testsuite", name=_text(display.path(path)))
        suite.extend(_named_apart(cases))
        for case in cases:
            case.set("classname", suite.attrib["name"])
        _count(suite)
        suite.set("skipped", str(len(suite.findall(".//skipped"))))
    _count(root)
    indent(root)
    content = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{content}\n'


def _cases(plan: Plan, display: Display) -> dict[str, list[Element]]:
    cases: dict[str, list[Element]] = {}
    for finding in plan.findings:
        cases.setdefault(finding.location.path, []).append(_case(finding, display))
    for item in plan.project.unreadable:
        cases.setdefault(item.path, []).append(_error(item))
    for worker in plan.project.workers:
        cases.setdefault(worker.config_path, [Element("testcase", name="no findings")])
    return cases


def _case(finding: Finding, display: Display) -> Element:
    name = f"{finding.worker}.{finding.binding}" if finding.binding else finding.worker
    where = f" ({finding.environment})" if finding.environment else ""
    case = Element("testcase", name=_text(f"{finding.rule}: {name}{where}"))
    lines = [_text(line) for line in prose.of_finding(finding)]
    if finding.stands:
        outcome = SubElement(case, "failure", type=level(finding), message=lines[0])
    else:
        message = _text(finding.skipped or "known")
        outcome = SubElement(case, "skipped", message=message)
    related = [
        f"{display.place(item.location)}: {_text(item.label)}"
        for item in prose.other_places(finding)
    ]
    outcome.text = "\n".join([display.place(finding.location), *lines, *related])
    return case


def _error(item: Unreadable) -> Element:
    case = Element("testcase", name="can be read")
    SubElement(case, "error", type="unreadable", message=_text(item.reason))
    return case


def _named_apart(cases: list[Element]) -> list[Element]:
    seen: Counter[str] = Counter()
    for case in cases:
        name = case.attrib["name"]
        seen[name] += 1
        if seen[name] > 1:
            case.set("name", f"{name} [{seen[name]}]")
    return cases


def _count(element: Element) -> None:
    for plural, kind in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        element.set(plural, str(len(element.findall(f".//{kind}"))))


def _text(text: str) -> str:
    # Of what is printable, XML takes all.
    return printable(text)
