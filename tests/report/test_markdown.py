"""Markdown, as GitHub's own renderer makes HTML of it."""

import re
from html.parser import HTMLParser

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

from codemod.model import Safety, Unreadable
from codemod.report import markdown
from codemod.report.display import Display

OURS = {"h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "ul", "li"} | {
    "details",
    "summary",
    "span",
}
SPACE = "\u200b"


class Page(HTMLParser):
    """The elements of a page with their texts, and the text that does not stand in code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: dict[str, list[str]] = {}
        self.prose = ""
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self._open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        while self._open.pop() != tag:
            pass

    def handle_data(self, data):
        for tag in set(self._open):
            self.texts[tag][-1] += data
        if "code" not in self._open:
            # GitHub looks at each piece of text on its own.
            self.prose += data + "\n"


def page(text: str) -> Page:
    return Page(github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))


def shown(plan, prefix=""):
    return page(markdown.render(plan, Display(prefix)))


def test_a_finding_is_a_row_and_its_details(plan, finding, fix):
    made = shown(plan(finding(fix=fix())), "repo")
    assert made.texts["td"] == [
        "repo/w/wrangler.json:4:5",
        "poisoned-binding",
        "API: it breaks",
        "safe",
    ]
    assert made.texts["summary"] == ["repo/w/wrangler.json:4:5 poisoned-binding"]
    assert made.texts["li"] == [
        "evidence: reported, an article",
        "fix (safe): add it",
        "because: it is so",
        "repo/w/index.ts:2:3: API is fetched",
    ]
    assert '    > 4 |     { "binding": "API", "service": "api" }\n' in made.texts["pre"][0]


def test_what_stands_what_is_skipped_and_what_cannot_be_read_stand_apart(plan, finding, fix):
    unsafe = fix(safety=Safety.UNSAFE)
    made = shown(
        plan(
            finding(fix=unsafe),
            finding(skipped="it is elsewhere"),
            finding(suppressed=True),
            unreadable=(Unreadable("w/index.ts", "does not exist"),),
        )
    )
    assert made.texts["td"][3::4] == ["unsafe"]
    assert made.texts["li"][:2] == [
        "w/wrangler.json:4:5 poisoned-binding: API: it breaks; skipped: it is elsewhere",
        "w/index.ts: does not exist",
    ]
    assert "1 finding, 1 fix with --unsafe-fixes, 1 skipped, 1 known" in made.texts["p"][0]


def test_nothing_found_is_a_line(plan):
    assert markdown.render(plan(), Display()) == "## wfix\n\n0 findings, 1 Worker read\n"


@pytest.mark.parametrize(
    "text",
    [
        "@octocat",
        "mail octo@example.com",
        "#1",
        "org/repo#12",
        "GH-12",
        "http://example.invalid/x",
        "www.example.invalid",
        "<b>bold</b>",
        "<!-- comment -->",
        "&lt;",
        "*a* _b_ __c__ ~~d~~",
        "[link](x) ![image](y)",
        "`code`",
        "a\\|b \\* |c|",
        "$x$ ${env}",
        ":rocket:",
        "# heading",
        "</details>",
    ],
)
def test_text_of_theirs_stays_text(plan, finding, text):
    plain = shown(plan(finding(message="x", skipped=None, no_fix="y"), finding(skipped="z")))
    made = shown(plan(finding(message=text, no_fix=text), finding(skipped=text)))
    assert made.tags - {"span"} == plain.tags
    assert made.attributes == plain.attributes
    assert made.texts["td"][2].replace(SPACE, "") == text
    assert made.texts["li"][0].replace(SPACE, "").endswith(f"; skipped: {text}")
    assert not re.search(
        r"@\w|#\d|\bGH-\d|https?://|\bwww\.|:rocket:|\$\w+\$", made.prose, re.IGNORECASE
    )


@pytest.mark.parametrize("path", ["a`b", "``", "`", " a ", "a|b", "a\\|b", "@me/#1", "<i>", "a*b*"])
def test_paths_of_theirs_stay_code(plan, finding, path):
    from dataclasses import replace

    location = replace(finding().location, path=path)
    made = shown(plan(finding(location=location)))
    assert made.texts["td"][0] == f"{path}:4:5"
    assert made.texts["summary"][0] == f"{path}:4:5 poisoned-binding"
    assert made.tags <= OURS


def test_source_of_theirs_stays_source(plan, finding, place):
    content = b'````\n</details> "@me" #1\n```\n'
    location = place("w/wrangler.json", content, b'"@me"')
    made = shown(plan(finding(location=location), files={"w/wrangler.json": content}))
    assert '</details> "@me" #1\n' in made.texts["pre"][0]
    assert made.tags <= OURS


def test_what_is_too_long_for_a_comment_is_cut_between_findings(plan, finding):
    made = plan(*(finding(message=f"{number}: " + "x" * 500) for number in range(200)))
    text = markdown.render(made, Display())
    assert len(text) <= markdown.LIMIT
    assert text.endswith("`wfix check` lists everything.\n")
    cells = page(text).texts["td"]
    assert len(cells) % 4 == 0
    assert cells[2].startswith("0: ")
