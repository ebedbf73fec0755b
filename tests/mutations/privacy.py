"""Small changes to the recorder, each of which takes one rule of privacy away, and the test on a real screen for it.

At the end changes to what is found, hunted and looked at last in redaction, whose tests need no screen.

They are made and counted as those of `changes.py` are.
"""

from __future__ import annotations

from typing import Final

from tests.mutations.changes import Change, Edit

WINDOWS: Final = "tests/capture/test_privacy.py"
FIELDS: Final = "tests/capture/test_privacy_fields.py"
PAGES: Final = "tests/capture/test_privacy_pages.py"
EVERYWHERE: Final = "tests/redaction/test_everywhere.py"
EXAMINE: Final = "tests/redaction/test_examine.py"
PANES: Final = "tests/redaction/test_masked_panes.py"
LAST_LOOK: Final = "tests/redaction/test_residual.py"
_ANY_POPUP: Final = Edit(
    "capture/watch.py",
    "window.id for window in stack.windows if window.popup and belongs(window, focused)",
    "window.id for window in stack.windows if window.popup",
)
_NOBODY_ABOVE: Final = Edit(
    "capture/focus.py",
    "if any(other.popup and _can_be_seen(other.area) and not belongs(other, window) for other in above):",
    "if False:",
)
_NO_DENIAL: Final = Edit("capture/allow.py", "if denied is not None:", "if False:")

PRIVACY: Final = (
    Change(
        "private windows are as others",
        f"{PAGES}::test_a_private_window_beside_an_allowed_one_of_the_same_browser_gives_nothing",
        (Edit("capture/allow.py", "if browsing is Browsing.PRIVATE or any(", "if any("),),
    ),
    Change(
        "a browser that does not answer is as others",
        f"{PAGES}::test_a_browser_that_does_not_answer_is_blank_and_its_keys_are_not_kept",
        (Edit("capture/allow.py", "if browsing is Browsing.UNKNOWN:", "if False:"),),
    ),
    Change(
        "the first address of a title is believed for ever",
        f"{PAGES}::test_what_is_typed_and_shown_after_a_script_changed_the_address_is_not_kept",
        (
            Edit(
                "capture/watch.py",
                "        return asked.document\n",
                "        told = asked.document\n        key = (window.title, told is None or told.url is None)\n"
                "        return vars(self).setdefault('first', {}).setdefault(key, told)\n",
            ),
        ),
    ),
    Change(
        "password fields take keys as others do",
        f"{FIELDS}::test_a_password_typed_where_the_focus_was_from_the_start_is_not_kept_and_what_follows_is",
        (Edit("capture/focus.py", "return element is not None and element.role in PASSWORD_ROLES", "return False"),),
    ),
    Change(
        "password fields of pages take keys as others do",
        f"{PAGES}::test_a_password_typed_into_a_field_with_autofocus_is_not_kept_and_what_follows_is",
        (Edit("capture/focus.py", "return element is not None and element.role in PASSWORD_ROLES", "return False"),),
    ),
    Change(
        "only a password field with the focus is blank",
        f"{FIELDS}::test_a_password_field_that_never_had_the_focus_is_blank_from_the_first_frame_on",
        (Edit("capture/stretch.py", "for area in self._sources.elements.secrets(window)}", "for area in ()}"),),
    ),
    Change(
        "any popup over an allowed window may be seen",
        f"{WINDOWS}::test_a_popup_of_another_programme_over_an_allowed_window_leaves_no_pixel",
        (_ANY_POPUP,),
    ),
    Change(
        "any popup over an allowed window may be clicked",
        f"{WINDOWS}::test_a_click_on_a_popup_of_another_programme_is_not_kept",
        (_ANY_POPUP,),
    ),
    Change(
        "a popup of another programme may hold the keyboard",
        f"{WINDOWS}::test_keys_that_a_popup_of_another_programme_grabs_are_not_kept",
        (_NOBODY_ABOVE,),
    ),
    Change(
        "a screen lock may hold the keyboard",
        f"{WINDOWS}::test_keys_for_a_screen_lock_are_not_kept_though_the_focus_stays_on_an_allowed_window",
        (_NOBODY_ABOVE,),
    ),
    Change(
        "windows may change while pixels are taken",
        f"{WINDOWS}::test_a_window_that_moves_as_fast_as_it_can_leaves_no_pixel",
        (
            Edit(
                "capture/stretch.py",
                "if (before.stack, before.captured) != (after.stack, after.captured):",
                "if False:",
            ),
        ),
    ),
    Change(
        "a window may come and go while pixels are taken",
        f"{WINDOWS}::test_a_window_that_moves_as_fast_as_it_can_leaves_no_pixel",
        (Edit("capture/sources/x11_trace.py", "        self.serial += 1\n", ""),),
    ),
    Change(
        "what has not been painted anew is shown",
        f"{WINDOWS}::test_what_a_programme_that_hangs_leaves_of_a_popup_over_it_is_not_shown",
        (Edit("capture/camera.py", "parts = parts & ~veil.over(self._clock.now_ns())", "parts = parts.copy()"),),
    ),
    Change(
        "a programme without a name is as others",
        f"{WINDOWS}::test_a_window_of_a_programme_without_a_name_is_blank_whatever_its_title",
        (Edit("capture/watch.py", "if not window.app or not window.pid:", "if False:"),),
    ),
    Change(
        "a password field that is shown takes keys as others do",
        f"{FIELDS}::test_a_password_that_a_button_shows_stays_out_of_keys_and_pixels",
        (Edit("capture/sources/atspi_source.py", "self.secrets.holds(seen.ref):", "False:"),),
    ),
    Change(
        "a password field stays behind when its window moves",
        f"{FIELDS}::test_a_password_field_stays_blank_while_its_window_is_moved",
        (
            Edit(
                "capture/sources/atspi_secrets.py",
                "has_changed = (known.window.title, known.window.area) != (window.title, window.area)",
                "has_changed = known.window.title != window.title",
            ),
            Edit("capture/sources/atspi_secrets.py", "place, areas = believed\n", "place, areas = believed[0], ()\n"),
        ),
    ),
    Change(
        "a window that is made see-through is solid",
        f"{WINDOWS}::test_a_window_that_is_made_see_through_is_blank_while_a_compositor_runs",
        (Edit("capture/sources/x11_window.py", "default=_OPAQUE) != _OPAQUE for window", "default=0) < 0 for window"),),
    ),
    Change(
        "a window with an alpha channel is solid",
        f"{WINDOWS}::test_a_window_with_an_alpha_channel_is_blank_while_a_compositor_runs",
        (
            Edit(
                "capture/sources/x11_window.py",
                "if _ALPHA_DEPTH not in {frame.get_geometry().depth, client.get_geometry().depth}:",
                "if True:",
            ),
        ),
    ),
    Change(
        "keys are kept where nobody knows what has the focus",
        f"{WINDOWS}::test_what_is_typed_into_a_terminal_is_not_kept_though_its_window_is_captured",
        (
            Edit(
                "capture/focus.py",
                "    if element is None or window is None or window.pid == 0 or element.pid != window.pid:\n",
                "    if element is None:\n        return None\n    if window is None or element.pid != window.pid:\n",
            ),
        ),
    ),
    Change(
        "prompts for a passphrase are not on the deny-list",
        f"{WINDOWS}::test_what_is_typed_into_a_prompt_for_a_passphrase_is_not_kept_even_if_every_title_is_allowed",
        (Edit("capture/denied.toml", '"*pinentry*", ', ""),),
    ),
    Change(
        "an allow rule wins over a denied title",
        f"{WINDOWS}::test_a_title_on_the_shipped_deny_list_gives_nothing_even_if_every_title_and_programme_is_allowed",
        (_NO_DENIAL,),
    ),
    Change(
        "an allow rule wins over a denied programme",
        f"{WINDOWS}::test_a_programme_on_the_shipped_deny_list_is_blank_even_if_every_title_and_programme_is_allowed",
        (_NO_DENIAL,),
    ),
    Change(
        "keys of windows that are not allowed are kept",
        "tests/capture/test_desk.py::test_keys_and_clicks_for_a_window_that_is_not_allowed_leave_only_counts",
        (Edit("capture/focus.py", "if window.id not in sample.captured:", "if False:"),),
    ),
    Change(
        "what was judged is remembered",
        f"{WINDOWS}::test_nobody_holds_the_keys_of_a_window_that_is_not_allowed_once_they_are_judged",
        (
            Edit(
                "capture/hold.py",
                "        self._remember(held.content, verdict)\n",
                "        self._remember(held.content, verdict)\n        vars(self).setdefault('a', []).append(held)\n",
            ),
        ),
    ),
    Change(
        "what is not allowed is not blanked",
        f"{WINDOWS}::test_a_window_on_a_second_monitor_is_blank",
        (Edit("capture/blank.py", "np.copyto(pixels, np.uint32(BLANK_PIXEL), where=~parts)", "return"),),
    ),
    Change(
        "what was found elsewhere is not hunted",
        f"{EVERYWHERE}::test_an_interface_phrase_that_was_typed_as_a_secret_stays_nowhere",
        (Edit("redaction/taint.py", ", *self.hunt.find(text))", ",)"),),
    ),
    Change(
        "screens are masked without what was found elsewhere",
        f"{EVERYWHERE}::test_it_goes_from_screens_of_before_too",
        (Edit("redaction/screens.py", "detectors=work.detectors))", "detectors=work.tools.masking.detectors))"),),
    ),
    Change(
        "what the screens show is not hunted",
        f"{EVERYWHERE}::test_what_the_screen_shows_is_known_in_every_other_channel",
        (Edit("redaction/engine.py", "taint.take_shown(line.text for line in runs.lines)", "taint.take_shown(())"),),
    ),
    Change(
        "what was deleted again is not hunted",
        f"{EVERYWHERE}::test_what_was_deleted_while_typing_is_hunted_too",
        (Edit("redaction/engine.py", "else (step.raw_text, *step.typed.raw_texts)", "else (step.raw_text,)"),),
    ),
    Change(
        "a text that a detector skipped counts as examined",
        f"{EXAMINE}::test_a_detector_that_is_silent_about_a_text_stops_everything",
        (Edit("redaction/examine.py", "    if len(found) != len(texts):\n", "    if len(found) > len(texts):\n"),),
    ),
    Change(
        "interface phrases stay in private panes",
        PANES,
        (Edit("redaction/images/pixels.py", "        found = _outside(named, panes)\n", "        found = named\n"),),
    ),
    Change(
        "panes are recognised without the window's facts",
        PANES,
        (
            Edit(
                "redaction/images/pixels.py",
                "    if focus is None or not area.area:\n",
                "    if focus is None or area:\n",
            ),
        ),
    ),
    Change(
        "the last look believes a field's type",
        f"{LAST_LOOK}::test_a_report_has_no_field_for_what_was_captured",
        (Edit("redaction/reports/residual.py", "for field in misformed(fields))", "for field in ())"),),
    ),
    Change(
        "the last look does not hunt",
        f"{LAST_LOOK}::test_what_the_session_itself_gave_away_is_hunted",
        (Edit("redaction/reports/residual.py", "for span in hunt.find(fold_text(piece).text))", "for span in ())"),),
    ),
)
