"""A phrase stays only if it is known, read with confidence, apart from other writing, and in no value's place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from redaction.images.phrases import SURE, KeptPhrase, tightened
from redaction.lexicon import Lexicon
from redaction.spans import Box
from redaction.widgets import Widget
from tests.redaction.drawing import shows
from tests.redaction.typeset import FACES, KNOWN, Sheet, hides, kept, masked, unsure

WORDS = Lexicon(frozenset({"reconcile", "ledger", "archive"}), "0")


def typed(text: str, *, face: str = "sans", size: int = 13, x: int = 60) -> Sheet:
    sheet = Sheet(width=900, size=size, font=str(FACES[face]))
    sheet.line(text, x, 40)
    return sheet


@pytest.mark.parametrize("text", ["Settings", "Save As", "Filing status", "SETTINGS", "Settings..."])
def test_a_whole_phrase_stays(text: str) -> None:
    assert len(kept(typed(text))) == 1


@pytest.mark.parametrize("text", ["Margaret", "Save Margaret", "Report 7", "Margaret Report", "Save As Margaret", "12"])
def test_more_than_the_phrase_goes(text: str) -> None:
    assert kept(typed(text)) == []


@pytest.mark.parametrize("text", ["settings", "save As", "will", "now."])
def test_a_phrase_that_begins_small_as_inside_a_sentence_goes(text: str) -> None:
    assert kept(typed(text)) == []


@pytest.mark.parametrize(("text", "count"), [("NOW", 0), ("Now", 1), ("NOW:", 1), ("SAVE", 1)])
def test_two_or_three_capitals_go_but_before_a_colon(text: str, count: int) -> None:
    assert len(kept(typed(text))) == count


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("size", [8, 11, 16, 26, 32])
def test_a_phrase_stays_in_any_font(face: str, size: int) -> None:
    assert kept(typed("Settings", face=face, size=size)) == ["Settings"]


@pytest.mark.parametrize(("confidence", "count"), [(SURE - 0.01, 0), (SURE, 1)])
def test_only_a_phrase_that_is_read_with_confidence_stays(confidence: float, count: int) -> None:
    assert len(kept(unsure(typed("Settings"), confidence))) == count


@pytest.mark.parametrize("read", ["Help", "Save"])
def test_a_reading_that_does_not_fit_its_box_goes(read: str) -> None:
    sheet = Sheet()
    box = sheet.line("Margaret-Thornhill-of-Springfield", 60, 40, told=False)
    sheet.words.append((replace(typed(read).words[0][0], box=box),))
    assert kept(sheet) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Inbox (12)", "(12)"),
        ("Inbox (9999+)", "(9999+)"),
        ("3. Account", "3."),
        ("2b Status", "2b"),
        ("12 Home", "12"),
    ],
)
def test_a_count_or_number_beside_a_phrase_goes_and_the_phrase_stays(text: str, part: str) -> None:
    sheet = typed(text)
    frame = masked(sheet)
    (number,) = [word for word in sheet.words[0] if word.text == part]
    assert len(frame.kept) == 1
    assert not shows(frame.pixels, number.box)


@pytest.mark.parametrize("text", ["Amount 7123", "Account 40", "(Margaret) Inbox", "1234567 Home", "Inbox (Margaret)"])
def test_other_numbers_and_brackets_take_the_phrase(text: str) -> None:
    assert kept(typed(text)) == []


@pytest.mark.parametrize("text", ["* Name", "Name *", "Name*", "\u2039 Home", "Home \u203a", "+ Save"])
def test_a_mark_beside_a_phrase_does_no_harm(text: str) -> None:
    assert len(kept(typed(text))) == 1


@pytest.mark.parametrize(
    "text",
    ["Password \u2022\u2022\u2022\u2022", "Password.....", "Password ....", "Password ****",
     "Password\u2022\u2022\u2022\u2022", "\u2022\u2022\u2022\u2022\u2022\u2022", "Password . . . . ."],
)  # fmt: skip
def test_a_row_of_password_dots_is_never_explained(text: str) -> None:
    sheet = typed(text)
    box = sheet.words[0][-1].box
    frame = masked(sheet)
    assert all(not phrase.box.meets(box) for phrase in frame.phrases)
    assert hides(frame, box)


def test_the_password_dots_beyond_a_gap_go_and_the_label_stays() -> None:
    sheet = Sheet()
    sheet.line("Password", 60, 40)
    dots = sheet.line("\u2022" * 8, 200, 40)
    frame = masked(sheet)
    assert frame.kept == ("Password",)
    assert hides(frame, dots)


def test_a_phrase_before_a_colon_stays_and_its_value_goes_though_it_is_known() -> None:
    sheet = Sheet()
    sheet.line("Filing status:", 20, 40)
    value = sheet.line("Single", 200, 40)
    frame = masked(sheet)
    assert len(frame.kept) == 1
    assert not shows(frame.pixels, value)


def test_a_value_after_a_colon_goes_though_the_label_was_not_read() -> None:
    sheet = Sheet()
    sheet.line("Familienstand:", 20, 40, told=False)
    sheet.line("Single", 200, 40)
    assert kept(sheet) == []


def test_without_a_colon_the_same_phrases_stay() -> None:
    sheet = Sheet()
    sheet.line("Filing status", 20, 40)
    sheet.line("Single", 200, 40)
    assert kept(sheet) == ["Filing status", "Single"]


def test_a_button_after_a_colon_stays() -> None:
    sheet = Sheet()
    sheet.line("Report:", 20, 47)
    sheet.button("Save", 120, 40)
    assert kept(sheet) == ["Report:", "Save"]


@pytest.mark.parametrize(("x", "y"), [(-3, 40), (0, 40), (60, -4), (592, 40), (60, 190)])
def test_a_phrase_that_the_edge_of_the_screen_may_cut_goes(x: int, y: int) -> None:
    sheet = Sheet()
    sheet.line("Settings", x, y)
    assert kept(sheet) == []


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("size", [9, 11, 13, 16, 20, 26])
@pytest.mark.parametrize("text", ["We asked Will about it", "Then Will said so", "it was for Will"])
def test_a_known_word_in_running_text_goes_in_any_font_though_its_neighbours_were_not_read(
    face: str, size: int, text: str
) -> None:
    sheet = typed(text, face=face, size=size)
    sheet.words = [tuple(word for word in line if word.text == "Will") for line in sheet.words]
    frame = masked(sheet)
    assert frame.kept == ()
    assert not shows(frame.pixels, sheet.words[0][0].box)


@pytest.mark.parametrize("gap", [14, 18, 24])
def test_the_entries_of_a_menu_stay_though_the_gaps_between_them_are_small(gap: int) -> None:
    sheet = Sheet()
    x = 20
    for text in ("File", "Edit", "View", "Help"):
        x = sheet.line(text, x, 20).right + gap
    assert kept(sheet) == ["Edit", "File", "Help", "View"]


def test_a_menu_entry_beside_an_unknown_one_stays_if_the_gap_is_clear() -> None:
    sheet = Sheet()
    sheet.line("File", 20, 20)
    sheet.line("Margaret", 80, 20)
    assert kept(sheet) == ["File"]


def test_a_phrase_beside_unread_writing_goes() -> None:
    sheet = Sheet()
    other = sheet.line("Margaret", 20, 40, told=False)
    sheet.line("Save", other.right + 6, 40)
    assert kept(sheet) == []


def test_a_phrase_that_falls_takes_its_neighbour_with_it() -> None:
    sheet = Sheet()
    first = sheet.line("Margaret", 20, 40, told=False)
    second = sheet.line("Save", first.right + 6, 40)
    sheet.line("Settings", second.right + 6, 40)
    assert kept(sheet) == []


def test_an_icon_before_a_phrase_does_no_harm() -> None:
    sheet = Sheet()
    sheet.draw.ellipse((20, 38, 37, 55), fill="#333333")
    sheet.line("Settings", 46, 40)
    assert kept(sheet) == ["Settings"]


def test_a_border_parts_a_phrase_from_writing_beyond_it() -> None:
    sheet = Sheet()
    frame = sheet.button("Cancel", 60, 40)
    sheet.line("Margaret", frame.right + 4, 47, told=False)
    assert kept(sheet) == ["Cancel"]


PROSE = "They told her that the house in the woods was sold in March and left"


@pytest.mark.parametrize("face", ["sans", "serif", "grotesque", "roman", "mono", "typewriter"])
def test_the_short_last_line_of_a_paragraph_goes(face: str) -> None:
    sheet = Sheet(font=str(FACES[face]))
    sheet.line(PROSE, 20, 40, told=False)
    sheet.line("Now.", 20, 56)
    assert kept(sheet) == []


def test_a_phrase_well_below_a_paragraph_stays() -> None:
    sheet = Sheet()
    sheet.line(PROSE, 20, 40)
    sheet.line("Settings", 20, 90)
    assert kept(sheet) == ["Settings"]


def test_a_field_is_masked_whole_though_what_it_holds_is_known() -> None:
    sheet = Sheet()
    sheet.line("Single", 108, 48)
    sheet.border(Box(100, 40, 200, 32))
    frame = masked(sheet)
    assert frame.kept == ()
    assert hides(frame, Box(104, 44, 192, 24))


def test_fields_of_short_and_long_values_look_alike() -> None:
    frames = []
    for text in ("No", "Margaret Thornhill"):
        sheet = Sheet()
        sheet.line(text, 108, 48)
        sheet.border(Box(100, 40, 200, 32))
        frames.append(masked(sheet).pixels)
    assert (frames[0] == frames[1]).all()


def test_a_select_is_masked_whole() -> None:
    sheet = Sheet()
    sheet.line("Single", 108, 48)
    sheet.draw.polygon(((280, 53), (290, 53), (285, 58)), fill="#333333")
    sheet.border(Box(100, 40, 200, 32))
    frame = masked(sheet)
    assert frame.kept == ()
    assert hides(frame, Box(104, 44, 192, 24))


def test_the_name_of_a_button_stays() -> None:
    sheet = Sheet()
    sheet.button("Cancel", 60, 40)
    frame = masked(sheet)
    assert frame.kept == ("Cancel",)
    assert frame.masks == ()


def test_a_card_of_several_lines_is_no_field() -> None:
    sheet = Sheet()
    sheet.border(Box(60, 20, 300, 110))
    sheet.line("Settings", 80, 30)
    sheet.line("Margaret", 80, 60)
    sheet.line("Cancel", 80, 90)
    frame = masked(sheet)
    assert "Settings" in frame.kept
    assert not hides(frame, Box(200, 60, 100, 20))


def test_the_only_known_line_of_a_small_card_goes() -> None:
    sheet = Sheet()
    sheet.border(Box(60, 20, 200, 90))
    sheet.line("Settings", 80, 30)
    sheet.line("Margaret", 80, 60)
    assert kept(sheet) == []


def test_a_small_card_of_known_lines_stays() -> None:
    sheet = Sheet()
    sheet.border(Box(60, 20, 200, 90))
    sheet.line("Settings", 80, 30)
    sheet.line("Help", 80, 60)
    assert kept(sheet) == ["Help", "Settings"]


HEADINGS = ("Name", "Status", "Type", "City")
PEOPLE = (
    ("Margaret", "Active", "Single", "Springfield"),
    ("Jonathan", "Active", "Will", "Shelbyville"),
    ("Adebayo", "Sent", "Single", "Capital"),
)


def test_the_headings_of_a_table_stay_and_known_words_in_its_body_go() -> None:
    sheet = Sheet()
    sheet.rows((HEADINGS, *PEOPLE))
    assert kept(sheet) == sorted(HEADINGS)


def test_a_body_of_known_words_alone_goes_too() -> None:
    sheet = Sheet()
    sheet.rows((HEADINGS, ("Home", "Active", "Single", "Will"), ("Inbox", "Active", "Single", "Will")))
    assert not {"Active", "Single", "Will"} & set(kept(sheet))


def test_a_known_word_among_unknown_values_in_a_column_goes() -> None:
    sheet = Sheet(height=240)
    sheet.line("Status", 20, 10)
    for index, text in enumerate(("Margaret", "Thornhill", "Will", "Adebayo", "Jonathan", "Zsofia")):
        sheet.line(text, 20, 40 + 26 * index)
        sheet.line("Springfield", 200, 40 + 26 * index)
    assert "Will" not in kept(sheet)


def test_a_menu_down_the_side_stays_beside_a_table_in_a_card() -> None:
    sheet = Sheet(height=240)
    for index, text in enumerate(("Inbox", "Sent", "Settings", "Help")):
        sheet.line(text, 20, 40 + 26 * index)
    sheet.border(Box(120, 20, 480, 180))
    for index, row in enumerate(PEOPLE):
        for column, cell in enumerate(row):
            sheet.line(cell, 140 + 110 * column, 40 + 26 * index)
    assert {"Inbox", "Sent", "Settings", "Help"} <= set(kept(sheet))


def test_labels_over_each_other_stay_beside_unknown_values() -> None:
    sheet = Sheet()
    for index, (label, value) in enumerate((("Name", "Margaret"), ("City", "Springfield"), ("Type", "Loan"))):
        sheet.line(label, 20, 20 + 30 * index)
        sheet.line(value, 160, 20 + 30 * index)
    assert kept(sheet) == ["City", "Name", "Type"]


def widget(box: Box, name: str, role: str = "push button", *, in_document: bool = False) -> Widget:
    return Widget(box.grown(6, 6), role, name, in_document)


def stays(
    text: str, name: str, role: str = "push button", *, in_document: bool = False, confidence: float = 0.95
) -> bool:
    """Whether a widget's text stays, when the tree gives the widget this name and role."""
    sheet = Sheet(confidence=confidence)
    box = sheet.line(text, 60, 40)
    described = widget(box, name, role, in_document=in_document)
    return masked(sheet, widgets=(described,), words=WORDS).kept != ()


def test_a_widgets_known_name_keeps_a_phrase_that_was_read_without_confidence() -> None:
    assert not stays("Settings", "", confidence=0.3)
    assert stays("Settings", "Settings", confidence=0.3)


def test_a_widgets_known_name_keeps_a_phrase_that_was_read_with_a_letter_wrong() -> None:
    assert not stays("Settinqs", "")
    assert stays("Settinqs", "Settings")


@pytest.mark.parametrize("text", ["Margaret", "Sett", "Thornhill 1971"])
def test_a_widget_named_otherwise_than_what_is_shown_keeps_nothing(text: str) -> None:
    assert not stays(text, "Settings", in_document=True)


@pytest.mark.parametrize("role", ["menu item", "push button", "heading", "link", "column header"])
@pytest.mark.parametrize("name", ["Margaret Thornhill", "Reconcile", "Ledger archive"])
def test_a_page_cannot_keep_what_the_lexicon_does_not_know_by_any_role(role: str, name: str) -> None:
    assert not stays(name, name, role, in_document=True)


@pytest.mark.parametrize("name", ["Reconcile", "Ledger archive"])
def test_a_programmes_menu_entry_stays_by_its_words(name: str) -> None:
    assert stays(name, name, "menu item")


@pytest.mark.parametrize(
    ("read", "name", "role"),
    [
        ("Reconcle", "Reconcile", "menu item"),
        ("Reconcile", "Reconcile", "heading"),
        ("Reconcile", "Reconcile", "label"),
        ("Margaret", "Margaret", "menu item"),
        ("Reconcile Margaret", "Reconcile Margaret", "menu item"),
    ],
    ids=["read otherwise", "heading", "label", "unknown", "partly unknown"],
)
def test_else_a_word_that_only_the_list_of_words_knows_goes(read: str, name: str, role: str) -> None:
    assert not stays(read, name, role)


def test_a_large_widget_is_not_named_by_a_line_of_its_content() -> None:
    sheet = Sheet(confidence=0.3)
    sheet.line("Settings", 60, 60)
    described = Widget(Box(10, 10, 400, 150), "push button", "Settings", in_document=False)
    assert masked(sheet, widgets=(described,)).kept == ()


def test_a_field_stays_masked_whatever_the_tree_says() -> None:
    sheet = Sheet()
    sheet.line("Single", 108, 48)
    box = sheet.border(Box(100, 40, 200, 32))
    assert masked(sheet, widgets=(Widget(box, "push button", "Single", in_document=False),)).kept == ()


def test_a_control_in_a_table_keeps_its_name_where_a_cell_would_not() -> None:
    sheet = Sheet()
    cells = sheet.rows((("Name", "Type", "Status"), ("Margaret", "Loan", "Edit"), ("Jonathan", "Loan", "Edit")))
    edits = tuple(widget(row[2], "Edit") for row in cells[1:])
    assert "Edit" not in masked(sheet).kept
    assert masked(sheet, widgets=edits).kept.count("edit") == 2


def test_the_box_of_writing_is_as_small_as_the_writing() -> None:
    writing = np.zeros((40, 60), np.uint8)
    writing[10:20, 15:30] = 1
    assert tightened(Box(5, 5, 40, 30), writing) == Box(15, 10, 15, 10)
    assert tightened(Box(32, 5, 10, 30), writing) is None


def test_letters_of_one_width_need_more_room_beside_them() -> None:
    narrow, even = (
        KeptPhrase(Box(0, 0, 40, 13), "Settings", Box(0, 0, 40, 13), 11),
        KeptPhrase(Box(0, 0, 80, 13), "Settings", Box(0, 0, 80, 13), 11),
    )
    assert narrow.clear < even.clear


def test_the_words_that_the_tests_rest_on_are_known() -> None:
    assert all(KNOWN.has(text) for text in ("Single", "Will", "Now.", *HEADINGS))
    assert not any(KNOWN.has(text) for text in ("Margaret", "Reconcile", "Settinqs"))
