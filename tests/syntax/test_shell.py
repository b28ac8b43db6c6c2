"""Command lines: what runs beside what."""

import pytest

from codemod.syntax.shell import Command, Job, Subshell, parse


def shown(jobs: tuple[Job, ...]) -> str:
    """``&`` behind a job that is not waited for, ``;`` behind any other."""
    return " ".join(
        " , ".join(map(step_shown, job.steps)) + (" &" if job.concurrent else " ;") for job in jobs
    )


def step_shown(step: Command | Subshell) -> str:
    return f"( {shown(step.jobs)} )" if isinstance(step, Subshell) else "|".join(step.words)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("a b  c", "a|b|c ;", id="words"),
        pytest.param("a 'b c' \"d e\" f\\ g", "a|b c|d e|f g ;", id="quotes"),
        pytest.param("a && b || c", "a , b , c ;", id="one after the other"),
        pytest.param("a; b\nc", "a ; b ; c ;", id="jobs one after the other"),
        pytest.param("a & b", "a & b ;", id="beside one another"),
        pytest.param("a && b & c && d", "a , b & c , d ;", id="a chain beside another"),
        pytest.param("a | b", "a & b ;", id="a pipe runs both"),
        pytest.param("(a && b) & (c)", "( a , b ; ) & ( c ; ) ;", id="subshells"),
        pytest.param("(a;b)&&c", "( a ; b ; ) , c ;", id="operators without blanks"),
        pytest.param("{ a && b; } & c", "( a , b ; ) & c ;", id="braces"),
        pytest.param("find -exec a {} +", "find|-exec|a|{}|+ ;", id="braces within a word"),
        pytest.param("a 'b && c' d", "a|b && c|d ;", id="an operator in quotes"),
        pytest.param("a b#c", "a|b#c ;", id="a hash within a word"),
        pytest.param("a # b & c\nd", "a ; d ;", id="a comment"),
        pytest.param("a > f 2>&1 && b", "a|2 , b ;", id="redirections"),
        pytest.param("a &> f; b < g", "a ; b ;", id="more redirections"),
        pytest.param("a $(b | c) `d & e` f", "a|f ;", id="substitutions"),
        pytest.param("a $(b $(c | d) | e)", "a ;", id="nested substitutions"),
        pytest.param("a \\\n b", "a|b ;", id="a continued line"),
        pytest.param("", "", id="nothing"),
        pytest.param("& && ; |", "", id="operators alone"),
        pytest.param("a 'b", "", id="a quote is not closed"),
        pytest.param("a (b", "", id="a parenthesis is not closed"),
        pytest.param("a ) b", "a ; b ;", id="a parenthesis is not opened"),
        pytest.param("(" * 99 + "a" + ")" * 99, "", id="too deep"),
    ],
)
def test_jobs(line, expected):
    assert shown(parse(line)) == expected
