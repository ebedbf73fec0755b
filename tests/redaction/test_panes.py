"""Private panes are recognised by programme, site, title, words and layout; other screens have none."""

from __future__ import annotations

import pytest

from redaction.panes.panes import Pane, PaneContext, panes_of
from redaction.panes.places import place_of
from redaction.readers.base import Line, Word, line_of
from redaction.spans import Box, Category

CHAT, AI, HR, MEDICAL, TAX = Category.CHAT, Category.AI_PROMPT, Category.HR, Category.MEDICAL, Category.TAX
WIDTH, HEIGHT = 1280, 800
Row = tuple[int, int, str]
"""Left edge, top edge and text of a line; a negative left edge is how far its right end is from the right border."""


def line(row: Row, *, size: int = 16, width: int = WIDTH) -> Line:
    left, top, text = row
    advance = size // 2
    at = left if left >= 0 else width + left - len(text) * advance
    words = []
    for word in text.split(" "):
        if word:
            words.append(Word(word, 0.95, Box(at, top, len(word) * advance, size)))
        at += (len(word) + 1) * advance
    return line_of(tuple(words))


def screen(*rows: Row, app: str = "", title: str = "", url: str = "", width: int = WIDTH) -> PaneContext:
    return PaneContext(tuple(line(row, width=width) for row in rows), width, HEIGHT, app, title, url)


def categories(context: PaneContext) -> set[Category]:
    return {pane.category for pane in panes_of(context)}


def covers(panes: tuple[Pane, ...], row: Row, category: Category, *, width: int = WIDTH) -> bool:
    box = line(row, width=width).box
    return any(pane.category is category and pane.box.union(box) == pane.box for pane in panes)


def touched(panes: tuple[Pane, ...], row: Row) -> bool:
    return any(pane.box.meets(line(row).box) for pane in panes)


SIDEBAR: tuple[Row, ...] = tuple((20, 120 + 34 * n, text) for n, text in enumerate(("Overview", "Builds", "Branches")))
CODE: tuple[Row, ...] = tuple(
    (260, 100 + 20 * n, text)
    for n, text in enumerate(
        (
            "from redaction.spans import Box",
            "class Reader(Protocol):",
            "    def read(self, rgb: Pixels) -> tuple[Line, ...]:",
            "        # Message the caller when nothing was read",
            "        reply = self.forward(rgb)",
            "        return tuple(reply)",
            "subject: str = 'assistant'",
        )
    )
)
SLACK: tuple[Row, ...] = (
    (20, 100, "Direct messages"),
    (20, 134, "Anna Weber"),
    (20, 168, "Kofi Mensah"),
    (320, 110, "Anna Weber  10:42 AM"),
    (320, 134, "are you free tomorrow for the review"),
    (320, 190, "Kofi Mensah  10:44 AM"),
    (320, 214, "no sorry, my son is sick again"),
    (320, 270, "Anna Weber  10:45 AM"),
    (320, 294, "ok, get well soon"),
    (320, 720, "Message #team-berlin"),
)
BUBBLES: tuple[Row, ...] = (
    (300, 100, "did you get the results yet?"),
    (-100, 140, "yes, they called this morning"),
    (-100, 180, "it is not good"),
    (300, 220, "oh no, I am so sorry"),
    (300, 260, "can I do anything for you?"),
    (-100, 300, "please do not tell the others"),
    (320, 740, "Type a message"),
)
MAIL: tuple[Row, ...] = (
    (300, 120, "From: Priya Sharma <priya@example.org>"),
    (300, 146, "To: Daniel Okafor"),
    (300, 172, "Subject: Your offer"),
    (300, 230, "Hi Daniel,"),
    (300, 262, "we would like to offer you the position in Leeds"),
    (300, 294, "Best regards,"),
    (300, 326, "Priya"),
    (300, 400, "Reply"),
    (400, 400, "Forward"),
)
INBOX: tuple[Row, ...] = (
    *((20, 120 + 34 * n, text) for n, text in enumerate(("Compose", "Inbox", "Sent", "Drafts", "Spam"))),
    *((240, 130 + 40 * n, f"Person Number{'x' * n}   Some news about our plans   Mar {n + 3}") for n in range(8)),
)
REVIEW: tuple[Row, ...] = (
    (260, 120, "Performance review"),
    (260, 160, "Overall rating"),
    (260, 190, "Exceeds expectations"),
    (260, 230, "Manager comments"),
    (260, 260, "Works hard but is hard to work with in meetings"),
)
PAY: tuple[Row, ...] = ((260, 120, "Base salary"), (460, 120, "92,000"), (260, 150, "Target bonus"), (460, 150, "12 %"))
ASSISTANT: tuple[Row, ...] = (
    (300, 120, "You said:"),
    (300, 150, "why does my query on salaries take a minute"),
    (300, 200, "ChatGPT said:"),
    (300, 230, "Your query reads every row of the table"),
    (300, 700, "Ask anything"),
    (300, 760, "ChatGPT can make mistakes. Check important info."),
)
CAPTIONS: tuple[Row, ...] = (
    (40, 443, "Sakura: can everybody see my screen"),
    (40, 466, "Hope: yes, we can see it"),
    (40, 490, "Thora: sorry my son is sick again today"),
    (40, 766, "Mute"),
    (140, 766, "Stop video"),
    (300, 766, "Share screen"),
    (460, 766, "Captions"),
    (600, 766, "Leave"),
)
RECORD: tuple[Row, ...] = (
    (260, 120, "Diagnosis"),
    (460, 120, "Type 2 diabetes mellitus"),
    (260, 146, "Medication"),
    (460, 146, "Metformin 500 mg"),
    (260, 172, "Next visit"),
    (460, 172, "in six weeks"),
)
W2: tuple[Row, ...] = (
    (260, 110, "a Employee's social security number"),
    (700, 110, "1 Wages, tips, other compensation"),
    (260, 134, "668-90-3590"),
    (700, 134, "64,802.27"),
    (260, 160, "c Employer's name, address, and ZIP code"),
    (700, 160, "2 Federal income tax withheld"),
    (260, 184, "Brightwater Logistics"),
    (260, 208, "12 Elm Lane"),
    (700, 184, "8,960.54"),
)


@pytest.mark.parametrize(
    ("rows", "category"),
    [
        (SLACK, CHAT),
        (BUBBLES, CHAT),
        (MAIL, CHAT),
        (INBOX, CHAT),
        (CAPTIONS, CHAT),
        (REVIEW, HR),
        (PAY, HR),
        (ASSISTANT, AI),
        (RECORD, MEDICAL),
    ],
    ids=["channel", "bubbles", "mail", "inbox", "captions", "review", "pay", "assistant", "record"],
)
def test_all_lines_of_a_private_pane_are_in_it(rows: tuple[Row, ...], category: Category) -> None:
    panes = panes_of(screen(*rows))
    assert {pane.category for pane in panes} == {category}
    assert [row for row in rows if not covers(panes, row, category)] == []


@pytest.mark.parametrize(("rows", "category"), [(SLACK, CHAT), (ASSISTANT, AI), (REVIEW, HR)])
def test_a_misread_pane_is_recognised(rows: tuple[Row, ...], category: Category) -> None:
    confused = str.maketrans({"e": "e", "l": "1", "o": "0", "I": "l"})
    assert category in categories(screen(*((x, y, text.translate(confused)) for x, y, text in rows)))


@pytest.mark.parametrize("rows", [SLACK[3:], ASSISTANT])
def test_a_narrow_pane_beside_code_goes_without_the_code(rows: tuple[Row, ...]) -> None:
    side = tuple((x + 600, y, text[:34]) for x, y, text in rows)
    panes = panes_of(screen(*CODE, *side))
    assert all(touched(panes, row) for row in side)
    assert not any(touched(panes, row) for row in CODE)


def test_bubbles_in_a_wide_window_are_one_talk_though_a_lane_parts_them() -> None:
    wide = tuple((x, y, text) for x, y, text in BUBBLES)
    panes = panes_of(screen(*wide, width=2400))
    assert [row for row in wide if not covers(panes, row, CHAT, width=2400)] == []


def test_the_talk_with_an_assistant_goes_though_only_what_surrounds_it_says_so() -> None:
    talk: tuple[Row, ...] = (
        (-100, 120, "Draft an apology to the customer"),
        (420, 160, "Here is a calmer version of the letter"),
        (-100, 200, "Find what is illegal in this rental contract"),
        (420, 240, "The clause about the deposit is not allowed"),
        (-100, 280, "What dose is too much"),
    )
    around: tuple[Row, ...] = (
        (20, 100, "New chat"),
        (20, 134, "Search chats"),
        (420, 760, "The assistant can make mistakes. Check important information."),
    )
    panes = panes_of(screen(*talk, *around))
    assert [row for row in (*talk, *around) if not covers(panes, row, AI)] == []


def test_a_column_of_prose_between_two_private_ones_goes_with_them() -> None:
    middle = tuple((420, 150 + 40 * n, f"they told us about plan number {'x' * n} last night") for n in range(4))
    right = tuple((x + 600, y, text) for x, y, text in SLACK[3:])
    panes = panes_of(screen((20, 100, "Direct messages"), (20, 140, "All unreads"), *middle, *right))
    assert all(touched(panes, row) for row in middle)


@pytest.mark.parametrize("text", ["Performance review", "Inbox", "Ask anything", "Subject: plans", "Reply in thread"])
def test_one_sign_alone_is_none(text: str) -> None:
    assert panes_of(screen((300, 200, text), (300, 240, "Something else that stands here"))) == ()


def test_a_talk_from_right_to_left_is_recognised() -> None:
    rows: tuple[Row, ...] = (
        (-100, 100, "\u05e9\u05dc\u05d5\u05dd, \u05de\u05d4 \u05e9\u05dc\u05d5\u05de\u05da?"),
        (300, 140, "\u05d4\u05db\u05dc \u05d1\u05e1\u05d3\u05e8 \u05ea\u05d5\u05d3\u05d4"),
        (300, 180, "\u05d0\u05e0\u05d9 \u05d1\u05d1\u05d9\u05ea"),
        (-100, 220, "\u05de\u05ea\u05d9 \u05d0\u05ea\u05d4 \u05de\u05d2\u05d9\u05e2 \u05d4\u05d9\u05d5\u05dd?"),
        (-100, 260, "\u05d8\u05d5\u05d1"),
        (320, 740, "\u05db\u05ea\u05d9\u05d1\u05ea \u05d4\u05d5\u05d3\u05e2\u05d4"),
    )
    assert categories(screen(*rows)) == {CHAT}


@pytest.mark.parametrize(
    "rows",
    [
        (
            (300, 120, "Von: Petra Klein"), (300, 146, "An: Jonas Wolf"), (300, 172, "Betreff: Ihre Bewerbung"),
            (300, 230, "Sehr geehrter Herr Wolf,"), (300, 294, "Mit freundlichen Gr\u00fc\u00dfen"),
        ),
        (
            (300, 120, "De : Claire Petit"), (300, 146, "\u00c0 : Luc Martin"), (300, 172, "Objet : votre dossier"),
            (300, 230, "Bonjour Luc,"), (300, 294, "Cordialement,"),
        ),
        (
            (300, 120, "De: Ana Ruiz"), (300, 146, "Para: Luis Gil"), (300, 172, "Asunto: su oferta"),
            (300, 230, "Hola Luis,"), (300, 294, "Un saludo,"),
        ),
    ],
    ids=["de", "fr", "es"],
)  # fmt: skip
def test_mail_of_other_languages_is_recognised(rows: tuple[Row, ...]) -> None:
    assert categories(screen(*rows)) == {CHAT}


def test_a_terminal_in_which_an_assistant_works_is_recognised() -> None:
    rows: tuple[Row, ...] = (
        (10, 100, "> rewrite the letter to my landlord"),
        (10, 140, "I have shortened the second part"),
        (10, 700, "esc to interrupt"),
        (10, 740, "? for shortcuts"),
    )
    assert categories(screen(*rows)) == {AI}


def test_of_a_tax_form_the_values_go_and_the_names_of_its_boxes_stay() -> None:
    panes = panes_of(screen(*W2))
    names = {row for row in W2 if row[2][1] == " "}
    assert {pane.category for pane in panes} == {TAX}
    assert {row for row in W2 if covers(panes, row, TAX)} == set(W2) - names
    assert not any(touched(panes, row) for row in names)


def test_one_medical_word_and_one_label_are_enough_and_one_alone_is_not() -> None:
    assert categories(screen((100, 200, "Diagnosis"), (300, 200, "Lupus"))) == {MEDICAL}
    assert categories(screen((100, 200, "Title"), (300, 200, "Lupus"))) == set()


@pytest.mark.parametrize(
    "text", ["\uff2d\uff45\uff54\uff46\uff4f\uff52\uff4d\uff49\uff4e", "M\u0435tf\u043ermin", "Met\u200bformin"]
)
def test_letters_of_other_kinds_do_not_hide_a_record(text: str) -> None:
    assert categories(screen((100, 200, "Medication"), (300, 200, text))) == {MEDICAL}


def test_medical_words_far_from_each_other_are_no_pane() -> None:
    assert categories(screen((100, 150, "Lupus"), (100, 600, "Metformin"))) == set()


def test_lines_that_stand_apart_from_a_record_stay() -> None:
    rows = (*RECORD, (260, 500, "Download the form"))
    assert not touched(panes_of(screen(*rows)), (260, 500, "Download the form"))


NOTHING: dict[str, tuple[Row, ...]] = {
    "code": (*SIDEBAR, *CODE),
    "a spreadsheet": tuple(
        (60 + 160 * column, 120 + 24 * row, text)
        for row in range(12)
        for column, text in enumerate(("Item", "Widget A", "10:30", "2026-03-04", "12.50"))
    ),
    "settings": (
        (260, 120, "Notifications"), (260, 160, "Show message previews"), (260, 200, "Share usage data"),
        (260, 240, "Language"), (460, 240, "English"), (260, 280, "New chat messages open in a tab"),
    ),
    "a file manager": tuple(
        (60, 120 + 26 * n, f"report {n}.pdf    24 KB    Mar {n + 3}") for n in range(12)
    ),
    "a page about a chat programme": (
        (300, 120, "Send your first message"),
        (300, 160, "To write to somebody, click Type a message at the bottom and press Enter."),
        (300, 190, "Use Reply in thread to keep a conversation together, or Forward to pass it on."),
        (300, 220, "Your direct messages and channels stand in the sidebar on the left."),
        (300, 250, "ChatGPT and other assistants can be added by an administrator."),
    ),
    "a log": tuple((20, 100 + 20 * n, f"10:42:{n:02} INFO worker {n} started again") for n in range(12)),
    "dates of a report": ((260, 120, "From: 2026-01-01"), (260, 150, "To: 2026-03-31"), (260, 180, "Date: today")),
    "a commit": ((260, 120, "Author: builder"), (260, 150, "Date: 2026-03-04"), (260, 190, "Fix the server")),
    "a calculator": ((300, 100, "7 8 9"), (300, 140, "4 5 6")),
    "an empty screen": (),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_other_screens_have_no_panes(name: str) -> None:
    assert panes_of(screen(*NOTHING[name])) == ()


@pytest.mark.parametrize(
    ("app", "title", "url", "category"),
    [
        ("Slack", "", "", CHAT),
        ("slack.exe", "", "", CHAT),
        ("org.mozilla.Thunderbird", "", "", CHAT),
        ("org.telegram.desktop", "", "", CHAT),
        ("Microsoft Teams", "", "", CHAT),
        ("signal-desktop", "", "", CHAT),
        ("Claude", "", "", AI),
        ("chromium", "Inbox (3) - name@x.example - Gmail - Chromium", "", CHAT),
        ("firefox", "(2) WhatsApp \u2014 Mozilla Firefox", "", CHAT),
        ("firefox", "Posteingang (12) - Webmail", "", CHAT),
        ("chrome", "Ask about my salary - ChatGPT - Google Chrome", "", AI),
        ("chrome", "", "https://mail.google.com/mail/u/0/#inbox", CHAT),
        ("chrome", "", "app.slack.com/client/T1/C1", CHAT),
        ("chrome", "", "https://acme.slack.com/archives/C1", CHAT),
        ("chrome", "", "https://www.linkedin.com/messaging/thread/1", CHAT),
        ("chrome", "", "https://claude.ai/chat/1", AI),
        ("chrome", "", "https://copilot.microsoft.com", AI),
        ("chrome", "", "https://wd5.myworkday.com/acme/d/home", HR),
        ("chrome", "", "https://acme.bamboohr.com/employees", HR),
        ("chrome", "", "https://mychart.clinic.example/MyChart/", MEDICAL),
        ("chrome", "", "https://turbotax.intuit.com/app", TAX),
        ("code", "spans.py - optin - Visual Studio Code", "", None),
        ("chrome", "Slack - Wikipedia - Google Chrome", "", None),
        ("chrome", "Slack | Pricing", "https://slack.com/pricing", None),
        ("chrome", "Discord bots", "https://docs.discord.com/channels", None),
        ("chrome", "", "https://help.bamboohr.com/article", None),
        ("chrome", "", "https://www.linkedin.com/feed", None),
        ("chrome", "", "https://notclaude.ai.example/chat", None),
        ("chrome", "", "http://[broken", None),
        ("", "", "", None),
    ],
)
def test_programme_site_and_title_say_what_a_window_is(
    app: str, title: str, url: str, category: Category | None
) -> None:
    assert place_of(app, title, url) is category


def test_in_a_private_programme_only_rows_of_menus_stay() -> None:
    rows: tuple[Row, ...] = (
        (10, 40, "File Edit View Go Message Tools Help"),
        (400, 300, "anything"),
        (10, 780, "done"),
    )
    panes = panes_of(screen(*rows, app="thunderbird", title="Re: plans - Thunderbird"))
    assert [touched(panes, row) for row in rows] == [False, True, True]
    assert {pane.category for pane in panes} == {CHAT}


def test_a_private_programme_is_a_pane_although_nothing_was_read() -> None:
    assert panes_of(screen(app="Signal")) == (Pane(Box(0, 0, WIDTH, HEIGHT), CHAT),)


def test_the_order_of_the_lines_does_not_matter() -> None:
    context = screen(*SLACK, *RECORD)
    turned = PaneContext(tuple(reversed(context.lines)), WIDTH, HEIGHT)
    assert panes_of(turned) == panes_of(context)


def test_panes_lie_on_the_screen() -> None:
    everything = Box(0, 0, WIDTH, HEIGHT)
    panes = panes_of(screen(*((x, y, text) for x, y, text in (*SLACK, *W2)), (20, 790, "Reply in thread")))
    assert panes
    assert all(pane.box.union(everything) == everything for pane in panes)


def test_a_context_does_not_show_its_texts() -> None:
    assert "Anna" not in repr(screen(*SLACK, title="Anna"))
