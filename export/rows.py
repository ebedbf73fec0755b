"""One episode as one row of plain values, with each action in the common vocabulary and as pyautogui code. Pure.

An admitted bundle enters; a row leaves that has exactly the columns of `export.table`. Nothing is added that review has
not seen, and nothing is guessed: where an action lost its place to a mask, its coordinates are None and its code empty.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from export.gate import ExportBundle
from redaction.redacted import Action, ActionKind, Effect, Episode, Image, Missed, Place, Rectangle, Step, Target
from redaction.submission import SubmittedBundle

Value: TypeAlias = "str | int | float | bool | bytes | list[Value] | dict[str, Value] | None"
"""What a cell may hold."""
Row: TypeAlias = dict[str, Value]

DIGITS: Final = 4
"""Decimals of a normalised coordinate, as in AgentNet's code."""
_CLICKS: Final = {
    ActionKind.CLICK: "click",
    ActionKind.DOUBLE_CLICK: "doubleClick",
    ActionKind.RIGHT_CLICK: "rightClick",
    ActionKind.MIDDLE_CLICK: "middleClick",
}
_KEYS: Final = {"meta": "win", "menu": "apps"}
"""Keys that pyautogui calls by another name (`pyautogui.KEYBOARD_KEYS`)."""


def row_of(admitted: ExportBundle) -> Row:
    """The row of one admitted bundle; `images` are lossless WebP bytes as the officer saw them."""
    bundle = admitted.bundle
    return _episode_cells(bundle) | {
        "steps": [_step(step, bundle.episode) for step in bundle.episode.steps],
        "gaps": [_gap(gap) for gap in bundle.episode.gaps],
        "grant_digest": admitted.grant.digest,
        "report_digest": bundle.manifest.document.report_digest,
        "bundle_digest": bundle.digest,
        "approval_digests": list[Value](approval_digests(admitted)),
    }


def approval_digests(admitted: ExportBundle) -> tuple[str, ...]:
    """The digests of the approvals that admitted it, sorted, so that their order changes nothing."""
    return tuple(sorted({approval.decision.digest for approval in admitted.approvals}))


def pyautogui_code(action: Action, size: tuple[int, int] | None) -> str:
    """The action as pyautogui code, coordinates normalised to `size`, the image's width and height.

    It is empty where the place or the image is not known. `done` has no code either: that a recording was
    stopped does not say whether the task succeeded.
    """
    if action.kind is ActionKind.TYPE:
        return f"pyautogui.write({action.text!r})"
    if action.kind is ActionKind.KEY:
        return f"pyautogui.press({_key_names(action)})"
    if action.kind is ActionKind.HOTKEY:
        return f"pyautogui.hotkey({_key_names(action)})"
    if action.place is None or size is None:
        return ""
    return _placed_code(action, _at(action.place, size), size)


def _placed_code(action: Action, at: str, size: tuple[int, int]) -> str:
    if action.kind in _CLICKS:
        return f"pyautogui.{_CLICKS[action.kind]}({at})"
    if action.kind is ActionKind.DRAG and action.end is not None:
        return f"pyautogui.moveTo({at})\npyautogui.dragTo({_at(action.end, size)}, button='left')"
    if action.kind is ActionKind.SCROLL:
        turns = (("scroll", action.scroll_y), ("hscroll", action.scroll_x))
        return "\n".join(f"pyautogui.{name}({steps}, {at})" for name, steps in turns if steps)
    return ""


def _at(place: Place, size: tuple[int, int]) -> str:
    x, y = _normalised(place, size)
    return f"x={x:.{DIGITS}f}, y={y:.{DIGITS}f}"


def _key_names(action: Action) -> str:
    return ", ".join(repr(_KEYS.get(key, key)) for key in action.keys)


def _normalised(place: Place, size: tuple[int, int]) -> tuple[float, float]:
    return round(place.x / size[0], DIGITS), round(place.y / size[1], DIGITS)


def _episode_cells(bundle: SubmittedBundle) -> Row:
    episode = bundle.episode
    first = episode.images[0] if episode.images else None
    return {
        "episode_id": episode.session,
        "schema_version": episode.version,
        "instruction": episode.instruction,
        "platform": episode.platform,
        "solo": bundle.manifest.document.solo,
        "duration_ms": episode.duration_ms,
        "ended": episode.ended,
        "screen_width": first.width if first else None,
        "screen_height": first.height if first else None,
        "scale_percent": list[Value](episode.scale_percent),
        "images": [{"bytes": image, "path": None} for image in bundle.images],
        "frames": [_frame(image) for image in episode.images],
    }


def _frame(image: Image) -> Row:
    masks = [_box(mask.place) | {"category": mask.category, "entity": mask.entity} for mask in image.masks]
    return {
        "t_ms": image.at_ms,
        "width": image.width,
        "height": image.height,
        "sha256": image.digest,
        "redactions": list[Value](masks),
    }


def _step(step: Step, episode: Episode) -> Row:
    """The cells of one step; a place in an image that is not there is no place."""
    size = None if step.image is None else (episode.images[step.image].width, episode.images[step.image].height)
    return (
        {"step_index": step.index, "t_ms": step.at_ms}
        | _action(step.action, size)
        | {
            "image_index": step.image,
            "frame_age_ms": step.frame_age_ms,
            "frame_stale_ms": step.frame_stale_ms,
            "next_image_index": step.after_image,
            "app": step.app,
            "site": step.site,
            "window_title": step.window_title,
        }
        | _target(step.target)
        | {
            "command_label": step.command,
            "command_menu": list[Value](step.menu),
            "ui_effects": [_effect(effect) for effect in step.effects],
        }
    )


def _action(action: Action, size: tuple[int, int] | None) -> Row:
    place, end = (None, None) if size is None else (action.place, action.end)
    normalised = None if size is None or place is None else _normalised(place, size)
    return {
        "action_type": action.kind.value,
        "x": place.x if place else None,
        "y": place.y if place else None,
        "x_norm": normalised[0] if normalised else None,
        "y_norm": normalised[1] if normalised else None,
        "end_x": end.x if end else None,
        "end_y": end.y if end else None,
        "text": action.text,
        "keys": list[Value](action.keys),
        "scroll_x": action.scroll_x,
        "scroll_y": action.scroll_y,
        "code": pyautogui_code(action, size),
    }


def _target(target: Target | None) -> Row:
    box = target.place if target else None
    return {
        "target_role": target.role if target else None,
        "target_name": target.name if target else None,
        "target_box": _box(box) if box else None,
    }


def _effect(effect: Effect) -> Row:
    return {"effect": effect.kind.value, "role": effect.role, "name": effect.name}


def _box(box: Rectangle) -> Row:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height}


def _gap(gap: Missed) -> Row:
    return {
        "reason": gap.reason,
        "source": gap.source,
        "from_ms": gap.from_ms,
        "until_ms": gap.until_ms,
        "count": gap.count,
    }
