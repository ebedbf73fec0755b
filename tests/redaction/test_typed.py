"""What was typed into a field is found again whatever edits were made, and wherever it was split."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.typing.editor import LONGEST, OUTSIDE
from redaction.typing.replay import UNKNOWN
from redaction.typing.strokes import entering, stroke_of
from redaction.typing.typed import Fields, Place, Typed

FIELD = Place("window", "field")
SECRET = "219-09-9999"
MOVES = ("left", "right", "home", "end", "ctrl+left", "ctrl+right", "ctrl+home", "ctrl+end")
EDITS = (
    *MOVES,
    *(f"{move}+shift" for move in MOVES),
    *("backspace", "delete", "ctrl+backspace", "ctrl+delete", "ctrl+a", "ctrl+c", "ctrl+x", "ctrl+v"),
    *("ctrl+z", "ctrl+y", "ctrl+shift+z", "shift+insert", "ctrl+insert", "shift+delete"),
)


def keys_of(press: str) -> tuple[str, ...]:
    """The keys of a chord that is written with plus signs, in the order of chords."""
    *_, name = (part for part in press.split("+") if part != "shift")
    held = [part for part in press.split("+") if part != name]
    return (*sorted(held), name)


def press(fields: Fields, presses: str | tuple[str, ...], *, place: Place = FIELD, platform: str = "linux-x11") -> None:
    """Presses keys in a field: characters are themselves, other keys and chords have names."""
    for one in presses:
        if len(one) == 1:
            fields.press(place, entering(one, one))
            continue
        stroke = stroke_of(keys_of(one), platform=platform, has_lines=False) or entering(one, "")
        fields.press(place, stroke)


def typed(*visits: str | tuple[str, ...], platform: str = "linux-x11") -> Typed:
    """What was typed in these visits of one field, with something else done between them."""
    fields, visit = Fields(), None
    for presses in visits:
        press(fields, presses, platform=platform)
        visit = fields.visit
        fields.leave()
    assert visit is not None
    return fields.typed(visit)


def split(*parts: str | tuple[str, ...], window: str = "window") -> tuple[str, ...]:
    """What was typed in the last of several fields, each visited once, one after another."""
    fields = Fields()
    for number, presses in enumerate(parts):
        press(fields, presses, place=Place(window, number))
    visit = fields.visit
    fields.leave()
    assert visit is not None
    return lines(fields.typed(visit).raw_texts)


def lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for text in texts for line in text.split("\n"))


@dataclass(slots=True)
class Reference:
    """A text field from first principles: characters in a list, a cursor, and the other end of the selection."""

    characters: list[str] = field(default_factory=list)
    cursor: int = 0
    mark: int = 0
    copied: str = OUTSIDE
    undo: list[tuple[str, int]] = field(default_factory=list)
    redo: list[tuple[str, int]] = field(default_factory=list)
    goes_on: bool = False
    before_deletion: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.characters)

    def press(self, name: str) -> None:
        goes_on, self.goes_on = self.goes_on, False
        keys = frozenset(name.split("+"))
        if len(name) == 1:
            self._type(name, goes_on=goes_on and self.cursor == self.mark)
        elif keys & {"left", "right", "home", "end"}:
            self._move(keys)
        elif keys & {"c", "x", "insert"} or keys == {"shift", "delete"}:
            self._use_clipboard(keys)
        elif keys & {"backspace", "delete"}:
            self._erase(keys)
        elif "a" in keys:
            self.mark, self.cursor = 0, len(self.characters)
        elif "v" in keys:
            self._paste()
        else:
            self._travel(keys)

    def _use_clipboard(self, keys: frozenset[str]) -> None:
        if keys == {"shift", "insert"}:
            self._paste()
            return
        start, end = sorted((self.cursor, self.mark))
        self.copied = self.text[start:end] or OUTSIDE
        if keys & {"x", "delete"} and start != end:
            self._delete(start, end)

    def _paste(self) -> None:
        self._type(self.copied, goes_on=False)
        self.goes_on = False

    def _type(self, text: str, *, goes_on: bool) -> None:
        start, end = sorted((self.cursor, self.mark))
        if not goes_on:
            self._remember()
        if start != end:
            self.before_deletion.append(self.text)
        self.characters[start:end] = list(text)
        self.cursor = self.mark = start + len(text)
        self.goes_on = True

    def _remember(self) -> None:
        self.undo.append((self.text, self.cursor))
        self.redo.clear()

    def _move(self, keys: frozenset[str]) -> None:
        start, end = sorted((self.cursor, self.mark))
        if start != end and keys in ({"left"}, {"right"}):
            self.cursor = start if "left" in keys else end
        else:
            self.cursor = self._target(keys)
        if "shift" not in keys:
            self.mark = self.cursor

    def _target(self, keys: frozenset[str]) -> int:
        """Where a key leads to; a word is what the language of patterns calls one."""
        is_back = bool(keys & {"left", "home", "backspace"})
        if keys & {"home", "end"}:
            return 0 if is_back else len(self.characters)
        if "ctrl" not in keys:
            return max(self.cursor - 1, 0) if is_back else min(self.cursor + 1, len(self.characters))
        words = list(re.finditer(r"\w+", self.text))
        if is_back:
            return max((word.start() for word in words if word.start() < self.cursor), default=0)
        return min((word.end() for word in words if word.end() > self.cursor), default=len(self.characters))

    def _erase(self, keys: frozenset[str]) -> None:
        other = self.mark if self.cursor != self.mark else self._target(keys)
        start, end = sorted((self.cursor, other))
        if start != end:
            self._delete(start, end)

    def _delete(self, start: int, end: int) -> None:
        self.before_deletion.append(self.text)
        self._remember()
        del self.characters[start:end]
        self.cursor = self.mark = start

    def _travel(self, keys: frozenset[str]) -> None:
        source, other = (self.undo, self.redo) if keys == {"ctrl", "z"} else (self.redo, self.undo)
        if source:
            self.before_deletion.append(self.text)
            other.append((self.text, self.cursor))
            text, self.cursor = source.pop()
            self.characters, self.mark = list(text), self.cursor


presses = st.lists(st.one_of(st.sampled_from("ab1 -"), st.sampled_from(EDITS)), max_size=40)


@settings(max_examples=100, deadline=None)
@given(presses=presses)
def test_any_presses_give_what_a_text_field_would_hold(presses: list[str]) -> None:
    reference, fields = Reference(), Fields()
    fields.press(FIELD, entering("caps_lock", ""))  # a visit even if nothing is pressed
    for one in presses:
        reference.press(one)
    press(fields, tuple(presses))
    visit = fields.visit
    fields.leave()
    assert visit is not None
    if len(reference.text) <= 96:
        assert visit.raw_text == reference.text
    found = lines(fields.typed(visit).raw_texts)
    stood = [text for text in (reference.text, *reference.before_deletion) if text and len(text) <= 96]
    assert not [text for text in stood if not any(one.startswith(text) for one in found)]


@pytest.mark.parametrize(
    ("presses", "held"),
    [
        pytest.param("abc", "abc", id="characters"),
        pytest.param(("a", "x", "backspace", "b"), "ab", id="backspace"),
        pytest.param(("a", "c", "left", "b"), "abc", id="left"),
        pytest.param((*"xab", "home", "delete"), "ab", id="delete"),
        pytest.param((*"bc", "home", "a", "end", "d"), "abcd", id="home and end"),
        pytest.param((*"one two", "ctrl+left", *"1 "), "one 1 two", id="word to the left"),
        pytest.param((*"one two", "home", "ctrl+right", "1"), "one1 two", id="word to the right"),
        pytest.param((*"one two", "ctrl+backspace", "3"), "one 3", id="word erased"),
        pytest.param((*"abc", "shift+left", "shift+left", "x"), "ax", id="selection"),
        pytest.param((*"abc", "shift+home", "left", "x"), "xabc", id="out of a selection"),
        pytest.param((*"abc", "shift+home", "right", "x"), "abcx", id="out of it to the right"),
        pytest.param((*"abc", "ctrl+a", "x"), "x", id="all"),
        pytest.param((*"ab", "ctrl+a", "ctrl+c", "end", "ctrl+v"), "abab", id="copied"),
        pytest.param((*"ab ", "ctrl+a", "ctrl+x", "c", "ctrl+v"), "cab ", id="cut"),
        pytest.param((*"ab", "left", *"xyz", "ctrl+z", "c"), "acb", id="undone"),
        pytest.param((*"ab", "ctrl+z", "ctrl+y", "c"), "abc", id="done again"),
        pytest.param((*"ab", "caps_lock", "c", "media_play_pause"), "abc", id="keys that enter nothing"),
        pytest.param((*"abc", "ctrl+shift+backspace"), "", id="line erased"),
    ],
)
def test_edits_are_played_again(presses: str | tuple[str, ...], held: str) -> None:
    fields = Fields()
    press(fields, presses)
    visit = fields.visit
    fields.leave()
    assert visit is not None
    assert visit.raw_text == held


@pytest.mark.parametrize(
    ("presses", "held"),
    [
        ((*"ab", "shift+meta+left", "x"), "x"),
        ((*"ab", "meta+a", "meta+c", "meta+right", "meta+v"), "abab"),
        ((*"one two", "alt+backspace", "3"), "one 3"),
        ((*"one", "ctrl+a", "0"), "one0"),
    ],
)
def test_a_mac_has_its_own_chords(presses: tuple[str, ...], held: str) -> None:
    assert held in typed(presses, platform="macos").raw_texts


def test_text_that_was_deleted_stays_known() -> None:
    found = typed((*f"a {SECRET}", *["backspace"] * len(SECRET), *"no")).raw_texts
    assert {f"a {SECRET}", "a no"} <= set(found)


@pytest.mark.parametrize("gone", [("ctrl+a", "delete"), ("ctrl+z",), ("ctrl+a", "ctrl+x"), ("ctrl+shift+backspace",)])
def test_text_that_was_taken_away_at_once_stays_known(gone: tuple[str, ...]) -> None:
    assert SECRET in typed((*SECRET, *gone, *"hello")).raw_texts


def test_what_was_undone_may_have_been_a_word_only() -> None:
    assert {"x", "one x"} <= set(typed((*"one two", "ctrl+z", "x")).raw_texts)


def test_text_that_was_mended_before_much_more_was_typed_stays_known() -> None:
    found = typed((*"219-08", "backspace", *f"9-9999{' word' * 1200}")).raw_texts
    assert [text for text in found if text.startswith(SECRET)]


def test_text_that_a_deletion_in_its_midst_leaves_is_known() -> None:
    assert SECRET in typed((*"219-0x9-9999", *["left"] * 6, "backspace", *"y")).raw_texts


def test_what_was_typed_is_also_known_as_if_nothing_had_been_edited() -> None:
    assert "abxc" in typed((*"abx", "backspace", "c")).raw_texts
    assert SECRET in lines(typed("1", (*"219-09", "ctrl+a", *"-9999")).raw_texts)


def test_a_text_typed_in_two_goes_is_known_whole_and_in_parts() -> None:
    assert {"219-0", "9-9999", SECRET} <= set(typed("219-0", "9-9999").raw_texts)


def test_a_text_put_before_another_by_the_mouse_keeps_both_whole() -> None:
    assert {SECRET, "1"} <= set(typed(SECRET, "1").raw_texts)


def test_a_cursor_that_the_mouse_left_in_its_place_is_one_reading() -> None:
    assert SECRET in typed((*"219-99", *["left"] * 2, *"09"), "-99").raw_texts


def test_a_text_typed_in_many_goes_is_known_whole_and_so_is_the_last_one() -> None:
    assert {"abcdefghijklmno", "o"} <= set(typed(*"abcdefghijklmno").raw_texts)


def test_of_texts_sent_one_after_another_each_is_known() -> None:
    fields, visit = Fields(), None
    for number in range(30):
        press(fields, f"message {number}")
        visit = fields.visit
        fields.enter(FIELD)
    assert visit is not None
    found = lines(fields.typed(visit).raw_texts)
    assert not [number for number in range(30) if f"message {number}" not in found]


@pytest.mark.parametrize("pasted", ["ctrl+v", "shift+insert", "ctrl+shift+v"])
def test_a_text_pasted_from_outside_is_marked(pasted: str) -> None:
    found = typed(("a", pasted, "b"))
    assert (found.pasted, f"a{OUTSIDE}b" in found.raw_texts) == (True, True)


def test_a_text_copied_in_its_own_field_is_none_from_outside() -> None:
    found = typed((*"ab", "ctrl+a", "ctrl+c", "end", "ctrl+v"))
    assert (found.pasted, "abab" in found.raw_texts) == (False, True)


def test_what_was_copied_may_have_been_replaced_once_something_else_was_done() -> None:
    found = typed((*"ab", "ctrl+a", "ctrl+c"), ("ctrl+v",))
    assert (found.pasted, {"abab", f"ab{OUTSIDE}"} <= set(found.raw_texts)) == (True, True)


def test_a_text_copied_in_one_field_is_known_in_the_other() -> None:
    fields = Fields()
    press(fields, (*SECRET, "ctrl+a", "ctrl+c"))
    press(fields, ("ctrl+v",), place=Place("window", "other"))
    visit = fields.visit
    fields.leave()
    assert visit is not None
    assert SECRET in fields.typed(visit).raw_texts


def test_a_key_of_which_nobody_knows_the_text_may_have_entered_one() -> None:
    assert {"ab", f"a{UNKNOWN}b"} <= set(typed(("a", "key-269025062", "b")).raw_texts)


def test_an_accent_of_a_dead_key_is_known_on_its_letter_too() -> None:
    assert {"Andr\u00b4e", "Andr\u00e9"} <= set(typed("Andr\u00b4e").raw_texts)


def test_a_word_may_end_at_a_space_or_at_any_mark() -> None:
    assert {"me ", "me one@"} <= set(typed((*"me one@two", "ctrl+backspace")).raw_texts)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        pytest.param(("4111", "1111", "1111", "1111"), "4111111111111111", id="card in four boxes"),
        pytest.param(("4111", "1111", "1111", "1111"), "4111 1111 1111 1111", id="with spaces"),
        pytest.param(("219", "09", "9999"), SECRET, id="with dashes"),
        pytest.param(tuple("219099999"), "219099999", id="a box a digit"),
        pytest.param(("DE89", "3704", "0044", "0532", "0130", "00"), "DE89370400440532013000", id="six boxes"),
        pytest.param(("Jane", "Okonkwo"), "Jane Okonkwo", id="names"),
        pytest.param(("hello", "219", "09", "9999", "hello"), "219099999", id="among others"),
        pytest.param(("219", ("1", "backspace", *"09"), "9999"), SECRET, id="edited"),
        pytest.param(("219", ("left",), "09", "9999"), SECRET, id="nothing typed between"),
    ],
)
def test_a_value_split_over_fields_is_known_whole(parts: tuple[str | tuple[str, ...], ...], whole: str) -> None:
    assert whole in split(*parts)


def test_a_pasted_part_is_joined_as_it_was_copied() -> None:
    fields = Fields()
    press(fields, "9", place=Place("window", 1))
    fields.part()
    for number, presses in ((5, (*"4111", "ctrl+a", "ctrl+c")), (1, ("ctrl+v",)), (2, "1112")):
        press(fields, presses, place=Place("window", number))
    visit = fields.visit
    fields.leave()
    assert visit is not None
    assert "41111112" in lines(fields.typed(visit).raw_texts)


def test_every_field_that_a_value_was_split_over_knows_it_whole() -> None:
    fields, visits = Fields(), []
    for number, part in enumerate(("4111", "1111", "1111", "1111")):
        press(fields, part, place=Place("window", number))
        visits.append(fields.visit)
    fields.leave()
    assert all("4111111111111111" in lines(fields.typed(visit).raw_texts) for visit in visits if visit is not None)


@pytest.mark.parametrize("mended", [("backspace", "1"), "4111"])
def test_a_field_mended_after_its_neighbour_is_joined_as_it_is_then(mended: str | tuple[str, ...]) -> None:
    fields = Fields()
    for number, presses in ((1, "4112"), (2, "1111"), (1, mended)):
        press(fields, presses, place=Place("window", number))
    visit = fields.visit
    fields.leave()
    assert visit is not None
    assert "41111111" in lines(fields.typed(visit).raw_texts)


@pytest.mark.parametrize("between", ["another window", "parted", "a long text"])
def test_fields_that_are_no_neighbours_are_not_joined(between: str) -> None:
    fields = Fields()
    press(fields, "4111", place=Place("window", 1))
    if between == "parted":
        fields.part()
    elif between == "a long text":
        press(fields, "long " * 20, place=Place("window", 3))
    press(fields, "1111", place=Place("other" if between == "another window" else "window", 2))
    visit = fields.visit
    fields.leave()
    assert visit is not None
    assert not [line for line in lines(fields.typed(visit).raw_texts) if "4111" in line and "1111" in line[4:]]


def test_a_text_is_not_shown_by_what_holds_it() -> None:
    fields = Fields()
    press(fields, SECRET)
    visit = fields.visit
    fields.leave()
    assert visit is not None
    held = (fields, visit, visit.place, visit.chain, *fields.fields.values(), fields.typed(visit), entering("9", "9"))
    assert SECRET[-1] not in "".join(re.sub("0x[0-9a-f]+", "", repr(one)) for one in held)


def hostile(kind: str, presses: int) -> Fields:
    """So many presses that try to be remembered in as many texts as possible."""
    chance, fields = random.Random(kind), Fields()
    order = {
        "alternating fields": ("x",),
        "mended all the time": ("x", "x", "backspace"),
        "both ends": ("x", "home", "x", "end"),
        "copies of copies": ("x", "ctrl+a", "ctrl+c", "end", "ctrl+v"),
        "unknown keys": ("x", "key-1", "left"),
        "words": ("x", "-", "x", " ", "ctrl+left", "ctrl+backspace", "ctrl+z"),
    }[kind]
    for number in range(presses):
        place = Place("window", number % 2) if kind == "alternating fields" else FIELD
        one = order[number % len(order)]
        press(fields, (chance.choice("abc0123") if one == "x" else one,), place=place)
    fields.leave()
    return fields


@pytest.mark.parametrize(
    "kind", ["alternating fields", "mended all the time", "both ends", "copies of copies", "unknown keys", "words"]
)
def test_the_texts_stay_few_and_in_proportion_to_the_presses(kind: str) -> None:
    few, many = (texts_of(hostile(kind, presses)) for presses in (500, 1000))
    assert max(map(len, many)) <= 27
    assert held_in(many) - held_in(few) <= 48 * 500


def texts_of(fields: Fields) -> list[tuple[str, ...]]:
    return [fields.typed(visit).raw_texts for visit in fields.chain.visits]


def held_in(texts: list[tuple[str, ...]]) -> int:
    """Code points in all texts, each text once."""
    return sum(map(len, {text for one in texts for text in one}))


def test_no_more_is_remembered_to_be_undone_than_some_steps() -> None:
    (visited,) = hostile("words", 500).fields.values()
    assert max(len(state.past) for state in visited.editor.readings) <= 32


def test_a_long_text_is_known_in_parts_that_overlap() -> None:
    text = "".join(random.Random(1).choices("abcdefgh ", k=3 * LONGEST))
    found = typed(text).raw_texts
    assert all(any(text[at : at + 100] in one for one in found) for at in range(0, len(text) - 100, 50))
