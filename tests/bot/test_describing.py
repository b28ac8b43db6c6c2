"""What stays of a title and a body that others have edited, and what the bot writes over."""

from datetime import UTC, datetime

import pytest

from codemod.bot import describing, marks, texts
from codemod.bot.describing import Description, Wanted
from codemod.bot.forge import PullRequest, State
from codemod.bot.marks import Mark, Step, rebuild_box

MARK = Mark("api", "0" * 64, Step.SETTLED, head="a" * 40)
BOX = rebuild_box("back")
TICKED = BOX.replace("[ ]", "[x]")


def wanted(own: str, title: str = "Repair") -> Wanted:
    return Wanted(title, lambda room: f"{own}\n{BOX}"[:room], MARK)


OPENED = describing.new(wanted("old"))


def found(body: str = OPENED.body, title: str = "Repair") -> PullRequest:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return PullRequest(1, State.OPEN, "wfix/api", "main", "a" * 40, title, body, "bot", made)


def rewritten(pull: PullRequest, title: str = "Repair", *, is_asked: bool = False) -> Description:
    return describing.anew(wanted("new", title), pull, is_asked=is_asked)


def test_what_is_opened_is_known_again():
    parts = marks.apart(OPENED.body)

    assert parts.is_own
    assert parts.mark
    assert parts.mark.title == marks.of_name("Repair")
    assert marks.apart(OPENED.body.replace("old", "odd")).is_own is False


def test_a_name_that_spells_the_end_ends_nothing():
    opened = describing.new(wanted("`<!-- wfix:end -->` old"))

    made = rewritten(found(f"{opened.body}\nafter"))

    assert made.body == f"{describing.new(wanted('new')).body}\nafter"


def test_where_nobody_edited_all_is_the_bots():
    made = rewritten(found(), "Mend")

    assert made == describing.new(wanted("new", "Mend"))
    assert not made.is_held


@pytest.mark.parametrize(
    ("body", "stays", "is_held"),
    [
        # Around: it stays, and the bot's part is written anew.
        (f"before\n{OPENED.body}\nafter", ["before\n", "new", "\nafter"], False),
        (f"before\r\n{OPENED.body}".replace("\n", "\r\n"), ["before", "new"], False),
        # Ticked a moment ago: the tick stays.
        (OPENED.body.replace("[ ]", "[x]"), ["new", "[x]"], False),
        # Inside, or in its place: it stays, and so is told of.
        (OPENED.body.replace("old", "mine"), ["mine"], True),
        (OPENED.body.replace("old", ""), [], True),
        (OPENED.body.replace("<!-- wfix:end -->", "more"), ["old", "more"], True),
        ("mine", ["<!-- wfix:end -->\n\nmine"], True),
        # Nothing at all is somebody's wish to have it written.
        ("", ["new"], False),
        (" \r\n", ["new"], False),
    ],
)
def test_an_edited_body(body, stays, is_held):
    made = rewritten(found(body))

    assert [part for part in stays if part not in made.body] == []
    assert ("new" in made.body) is not is_held
    assert made.is_held is is_held
    assert marks.of_pull_request(made.body).head == MARK.head


@pytest.mark.parametrize(
    ("title", "wants", "expected", "is_held"),
    [
        ("Repair", "Mend", "Mend", False),
        (" Repair ", "Mend", "Mend", False),
        ("HOLD: Repair", "Mend", "HOLD: Repair", True),
        # What the bot would write is what it wrote: there is nothing to tell.
        ("HOLD: Repair", "Repair", "HOLD: Repair", False),
        ("Mend", "Mend", "Mend", False),
    ],
)
def test_an_edited_title(title, wants, expected, is_held):
    made = rewritten(found(title=title), wants)

    assert (made.title, made.is_held) == (expected, is_held)


def test_a_title_is_not_known_where_its_mark_was_taken_away():
    assert rewritten(found("mine", "HOLD: Repair")).title == "HOLD: Repair"
    assert rewritten(found("", "HOLD: Repair")).title == "HOLD: Repair"


@pytest.mark.parametrize(
    "body", [OPENED.body, OPENED.body.replace("old", "mine"), OPENED.body.replace(BOX, TICKED)]
)
def test_who_asks_for_it_gets_all_of_it(body):
    made = rewritten(found(f"before\n{body}\nafter", "Mine"), is_asked=True)

    assert made.title == "Repair"
    assert made.body.startswith("before\n<!-- wfix")
    assert made.body.endswith("\nafter")
    assert "new" in made.body
    assert not marks.wants_rebuild(made.body)
    assert not made.is_held


def test_who_took_the_mark_away_and_asks_for_it_gets_all_of_it():
    made = rewritten(found(f"mine\n{TICKED}"), is_asked=True)

    assert "mine" not in made.body
    assert not marks.wants_rebuild(made.body)


@pytest.mark.parametrize("is_ended", [True, False])
def test_a_box_counts_that_lost_its_mark(is_ended):
    unmarked = OPENED.body.partition("\n")[2].replace("old", "mine")
    if not is_ended:
        unmarked = unmarked.replace("<!-- wfix:end -->", "")
    left = rewritten(found(f"{unmarked}\nafter"))

    assert "mine" in left.body
    assert left.body.count("<!-- wfix:end -->") == 1
    assert not marks.wants_rebuild(left.body)
    ticked = left.body.replace("[ ]", "[x]")
    assert marks.wants_rebuild(ticked)
    given = rewritten(found(ticked), is_asked=True).body
    assert "mine" not in given
    assert given.endswith("\nafter") is is_ended


def test_a_box_of_somebody_elses_own_is_none():
    left = rewritten(found("- [x] buy milk\n- [ ] tell Ada"))

    assert left.body.endswith("<!-- wfix:end -->\n\n- [x] buy milk\n- [ ] tell Ada")
    assert not marks.wants_rebuild(left.body)


@pytest.mark.parametrize("count", [0, 20_000, 60_000])
def test_what_people_write_takes_room_from_the_bots_part(count):
    pull = found(f"{OPENED.body}{'z' * count}")
    long = Wanted("Repair", lambda room: "y" * room, MARK)

    made = describing.anew(long, pull, is_asked=False)

    assert made.body.count("y") == min(texts.LIMIT, texts.WHOLE - count)
    assert made.body.count("z") == count
    assert len(made.body) <= 65_536
