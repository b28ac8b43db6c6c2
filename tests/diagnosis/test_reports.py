"""A diagnosis as it is printed, for people and for programs."""

import json

from codemod.diagnosis.messages import Cause, Message, Parts
from codemod.diagnosis.places import Answer, Blind, Diagnosis, Place
from codemod.diagnosis.recognition import Recognised
from codemod.model import Evidence, Finding, Fix, Location, Mark, Safety, Span
from codemod.report.diagnosis import json as for_programs
from codemod.report.diagnosis import text as for_people
from codemod.report.display import Display

EVIDENCE = Evidence(Mark.MEASURED, "a runtime")
FIX = Fix(None, Safety.UNSAFE, "write it so", (), ())


def at(line: int) -> Location:
    return Location("app/index.js", line, 5, Span(0, 1))


def finding(line: int, **more: object) -> Finding:
    return Finding(
        "some-rule", "app", None, "API", "api", at(line), f"fault {line}", EVIDENCE, **more
    )


CAUSE = Cause("something is wrong", EVIDENCE, "mend it", ("some-rule",))
UNTRACED = Cause("something else is", Evidence(Mark.REPORTED, "a user"), "ask")
ASKED = Recognised(
    Message("some-message", ("It says {method}",), (CAUSE, UNTRACED)),
    Parts(method="list"),
    "It says \x1b[31mlist",
)
PLACES = (
    Place(finding(1, fix=FIX), fits=True, command="wfix apply --select some-rule --unsafe-fixes"),
    Place(finding(2, no_fix="it is not alone"), fits=True),
    Place(finding(3, suppressed=True), fits=True),
    Place(finding(4, fix=FIX), fits=False, no_command="wfix.toml leaves this rule out here"),
)
FULL = Diagnosis(
    ASKED,
    (
        Answer(CAUSE, PLACES, (finding(5, skipped="it may live elsewhere"),)),
        Answer(UNTRACED, (), ()),
    ),
    (Blind("what API leads to (api)", "it is built", at(6)),),
)
TEXT = r"""It says \x1b[31mlist
  1. something is wrong
     evidence: measured, a runtime
     here/app/index.js:1:5: some-rule: fault 1
         unsafe fix: write it so
         made by: wfix apply --select some-rule --unsafe-fixes
     here/app/index.js:2:5: some-rule: fault 2
         no fix: it is not alone
     here/app/index.js:3:5: some-rule: fault 3
         a comment says that this is known
     the same fault, of what it does not name:
     here/app/index.js:4:5: some-rule: fault 4
         unsafe fix: write it so
         made by: no command, since wfix.toml leaves this rule out here
     here/app/index.js:5:5: some-rule: fault 5
         not claimed: it may live elsewhere
     what to do: mend it
  2. something else is
     evidence: reported, a user
     no rule of wfix finds its places
     what to do: ask
  could not be seen, and may produce it too:
     here/app/index.js:6:5: what API leads to (api): it is built

"""


def test_everything_that_can_be_said():
    assert for_people.render(FULL, Display("here")) == TEXT


def lines(*answers: Answer, unseen: tuple[Blind, ...] = ()) -> list[str]:
    return for_people.render(Diagnosis(ASKED, answers, unseen), Display()).splitlines()


def test_no_place_at_all():
    assert "     nothing here is seen to produce it" in lines(Answer(CAUSE, (), ()))


def test_no_place_of_the_names_that_the_message_says():
    printed = lines(Answer(CAUSE, PLACES[3:], ()))
    assert "     nothing here of what it names is seen to produce it" in printed


def test_what_could_not_be_seen_does_not_hide_the_rest():
    unseen = tuple(Blind(f"what B{number} leads to", "it is built", at(1)) for number in range(14))
    printed = lines(unseen=unseen)
    assert len([line for line in printed if "leads to" in line]) == 10
    assert printed[-2] == "     and 4 more: --format json lists them"


def test_programs_are_told_all_of_it_on_one_line():
    printed = for_programs.render(FULL, Display("here"))
    told = json.loads(printed)
    cause, untraced = told["causes"]
    assert printed.count("\n") == 1
    assert printed.isascii()
    assert told["parts"] == {"method": "list"}
    assert [place["line"] for place in cause["places"]] == [1, 2, 3, 4]
    assert [place["fits"] for place in cause["places"]] == [True, True, True, False]
    assert cause["places"][0]["fix"] == {"safety": "unsafe", "title": "write it so"}
    assert cause["places"][0]["path"] == "here/app/index.js"
    assert cause["undecided"][0]["skipped"] == "it may live elsewhere"
    assert (untraced["evidence"], untraced["rules"], untraced["places"]) == ("reported", [], [])
    assert told["unseen"][0]["reason"] == "it is built"


def test_totals():
    assert for_people.totals([(ASKED, 3)]) == "3 x It says \\x1b[31mlist\n"
    assert json.loads(for_programs.totals([(ASKED, 3)])) == {
        "version": 1,
        "kind": "count",
        "message": "some-message",
        "text": "It says \x1b[31mlist",
        "count": 3,
    }
