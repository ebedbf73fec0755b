"""Shares of many screens are counted by words, and their intervals by screens."""

from __future__ import annotations

import pytest

from benchmarks.redaction_contenders import Timed
from benchmarks.redaction_read import Planted, PlantedValue, ReadScore
from benchmarks.redaction_score import ScreenScore, WordScore
from benchmarks.redaction_sums import (
    Result,
    benign_kept,
    by_kind,
    chrome_kept,
    leaked,
    leaked_words,
    planted_read,
    share,
    targets_kept,
    wilson,
    words_read,
    zero_leak,
)
from benchmarks.redaction_table import Run, as_json, as_text, leaks, lost, rows
from benchmarks.screens.truth import Half, TrueWord, Truth
from redaction.spans import Box

NAME = PlantedValue(Planted.NAME, "person", "Ngozi Obi")
NUMBER = PlantedValue(Planted.NUMBER, "tax", "123-45-6789")


def result(
    *shown: tuple[str, float], kind: str = "page", read: ReadScore | None = None, name: str = "page--light.png"
) -> Result:
    words = tuple(WordScore(index, category, share) for index, (category, share) in enumerate(shown))
    return Result(name, kind, 1920 * 1080, False, ScreenScore(words, 0, (True, False)), read)  # noqa: FBT003


def test_a_word_leaks_when_more_than_a_third_of_it_shows() -> None:
    found = leaked([result(("person", 0.33), ("tax", 0.34), ("chrome", 1.0))])
    assert (found.count, found.of) == (1, 2)


def test_leaks_of_one_category_are_counted_by_themselves() -> None:
    assert leaked([result(("person", 1.0), ("tax", 0.0))], ("tax",)).count == 0


def test_a_screen_without_sensitive_words_is_no_zero_leak_screen() -> None:
    found = zero_leak([result(("chrome", 1.0)), result(("tax", 0.0)), result(("tax", 1.0))])
    assert (found.count, found.of) == (1, 2)


def test_chrome_is_kept_when_it_is_whole() -> None:
    found = chrome_kept([result(("chrome", 1.0), ("chrome", 0.9))])
    assert (found.count, found.of) == (1, 2)


def test_benign_words_are_counted_together_whether_of_the_interface_or_not() -> None:
    found = benign_kept([result(("chrome", 1.0), ("content", 0.9), ("tax", 1.0)), result(("content", 1.0))])
    assert (found.count, found.of) == (2, 3)


def test_targets_are_counted_over_all_screens() -> None:
    assert targets_kept([result(), result()]).value == 0.5


def test_what_was_read_is_counted_by_words_and_by_kinds_of_values() -> None:
    read = ReadScore((0, 1), (1,), (NAME, NUMBER), (NUMBER,))
    assert words_read([result(read=read)]).value == 0.5
    assert planted_read([result(read=read)], Planted.NAME).value == 0.0
    assert planted_read([result(read=read)], Planted.NUMBER).value == 1.0


def test_words_that_leak_together_on_one_screen_make_the_interval_wide() -> None:
    together = share([(20, 20), *[(0, 20)] * 9])
    apart = share([(2, 20)] * 10)
    assert together.value == apart.value == 0.1
    assert together.high - together.low > 0.2
    assert apart.high == apart.low == pytest.approx(0.1)


def test_intervals_do_not_change_from_run_to_run() -> None:
    assert share([(1, 5), (0, 5), (2, 5)]) == share([(1, 5), (0, 5), (2, 5)])


def test_where_nothing_leaked_the_interval_still_has_an_upper_end() -> None:
    assert share([(0, 50), (0, 50)]).high == wilson(0, 100)[1] == pytest.approx(0.037, abs=0.001)


def test_a_single_screen_has_the_interval_of_its_words() -> None:
    found = share([(1, 4)])
    assert (found.low, found.high) == wilson(1, 4)


def test_nothing_to_count_is_no_share() -> None:
    assert share([]).value is None


def test_kinds_are_drawn_as_wholes() -> None:
    screens = [result(("tax", float(kind == "a")), kind=kind) for kind in "aabbccdd"]
    assert by_kind(screens, leaked_words).high >= leaked(screens).high


def timed(seconds: float) -> Timed:
    return Timed("page--light.png", seconds, seconds, dropped=False)


def run(*results: Result, seconds: float, session: tuple[float, ...] = ()) -> Run:
    return Run(results, (timed(seconds),), tuple(timed(one) for one in session))


def test_the_table_sets_throughput_against_the_standard() -> None:
    found = rows(
        {
            "optin": run(result(("tax", 0.0)), seconds=0.5, session=(0.1, 0.3)),
            "presidio": run(result(("tax", 1.0)), seconds=2.0, session=(2.0, 2.0)),
        }
    )
    values = {row.name: row.values for row in found}
    assert values["screens a second, x presidio"] == {"optin": 4.0, "presidio": 1.0}
    assert values["frames a second, session"] == {"optin": 5.0, "presidio": 0.5}
    assert values["session, x presidio"] == {"optin": 10.0, "presidio": 1.0}
    assert values["s a 1080p screen, median"] == {"optin": 0.5, "presidio": 2.0}


def test_the_table_writes_shares_in_percent_with_their_intervals() -> None:
    half = result(("tax", 1.0), ("tax", 0.0))
    text = as_text(rows({"optin": run(half, half, seconds=1.0)}), ("optin",))
    assert next(line for line in text.splitlines() if "leak: tax" in line).split() == [
        "leak:", "tax,", "%", "50.00", "[50.00-50.00]"
    ]  # fmt: skip


def test_json_holds_counts_and_ends() -> None:
    half = result(("tax", 0.0), ("tax", 1.0))
    told = as_json(rows({"optin": run(half, half, seconds=1.0)}))
    assert told["words that leak, %"]["optin"] == {"count": 2, "of": 4, "low": 0.5, "high": 0.5, "share": 0.5}


def truth() -> Truth:
    texts = (("123-45-6789", "tax"), ("", "person"), ("Inbox", "chrome"))
    words = tuple(TrueWord(text, Box(10, 20, 30, 10), category, 1) for text, category in texts)
    return Truth("page", "light", Half.TUNING, 1.0, words, (), ())


def test_what_leaked_is_listed_with_its_place_and_what_was_read_with_its_kind() -> None:
    read = ReadScore((0,), (0,), (NUMBER,), (NUMBER,))
    left = run(result(("tax", 1.0), ("person", 0.5), ("chrome", 1.0), read=read), seconds=1.0)
    assert list(leaks(left, {"page--light.png": truth()})) == [
        "page--light.png: tax: 123-45-6789 (100% shows at 10,20)",
        "page--light.png: person: (a picture) (50% shows at 10,20)",
        "page--light.png: tax: number read: 123-45-6789",
    ]


def test_lost_words_of_the_interface_are_counted() -> None:
    gone = result(("tax", 0.0), ("person", 0.0), ("chrome", 0.5))
    assert lost(run(gone, gone, seconds=1.0), {"page--light.png": truth()}) == (("Inbox", 2),)
