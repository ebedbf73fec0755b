"""The data set card: counts and digests enter, the text of `README.md` leaves, with the header that Hugging Face reads.

The card holds no captured content: no instruction, title or name, only numbers, the purposes and the columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_HEADER: Final = """\
---
pretty_name: Computer-use demonstrations
tags:
- computer-use
- gui-agents
- human-demonstrations
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.parquet
---
"""
_SOLO: Final = """\
> **Made for trying out.** One person recorded, reviewed and exported this on one machine, so nobody else has looked at
> it. It must not be shared or joined with a data set of an organisation.

"""
_BODY: Final = """\
# Computer-use demonstrations

{solo}{episodes} episodes, {steps} steps and {images} images, recorded by employees who opted in, redacted on their own
machines under the strict profile, and approved by a privacy officer. One row is one episode.

## Uses

For: {purposes}. Not for: performance evaluation, discipline or lay-off selection, nor for finding out who somebody is.

## Columns

| column | what it holds |
|---|---|
| `episode_id`, `schema_version` | a random name, and the version of these columns |
| `instruction`, `platform`, `duration_ms`, `ended` | the redacted task; `ended`: it was stopped, not cut off |
| `solo` | whether it was made for trying out |
| `screen_width`, `screen_height` | pixels of the first image; null where there is none |
| `scale_percent` | how large things are drawn on each monitor, rounded to 25 |
| `images` | lossless WebP, as the privacy officer saw them |
| `frames` | for each image, in the same order: time, size, SHA-256, and what is masked where and why |
| `steps` | the actions in order, see below |
| `gaps` | what was not captured, and why |
| `grant_digest`, `report_digest`, `bundle_digest`, `approval_digests` | what the episode rests on |

A step has `step_index`, `t_ms` (rounded to 100 ms), `action_type`, the place in pixels of its image (`x`, `y`,
`end_x`, `end_y`) and as a share of its size (`x_norm`, `y_norm`), `text` (a placeholder, never what was typed), `keys`,
`scroll_x`, `scroll_y`, `code` (pyautogui, places as shares), `image_index` (the image from before the action),
`frame_age_ms`, `frame_stale_ms` (for how long the screen had differed from it), `next_image_index` (the image once the
screen stood still after the action), `app`, `site`, `window_title`, and the widget: `target_role`, `target_name`,
`target_box`. `command_label` and `command_menu` are what a shortcut stands for, `ui_effects` what widgets did: which
pop-up opened, which item was selected. A click in a masked area has no place, no widget, no effects and no code.

## Personal and sensitive information

Redaction masks what is not recognised as an interface phrase, and a person looked at each image. Neither is perfect.
If you find something personal, stop using the episode and tell the privacy officer its `episode_id`.

## Check

`optin export verify FOLDER` checks the signature of `manifest.json` and the digest of every file. This data set was
signed by the key `{key_id}`; compare it with the one that the exporter names.
"""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card says about a data set; `purposes` are those that every episode's consent names."""

    episodes: int
    steps: int
    images: int
    purposes: tuple[str, ...]
    solo: bool
    key_id: str


def card(facts: CardFacts) -> str:
    """The text of `README.md`."""
    body = _BODY.format(
        solo=_SOLO if facts.solo else "",
        episodes=facts.episodes,
        steps=facts.steps,
        images=facts.images,
        purposes=", ".join(facts.purposes) or "no common purpose",
        key_id=facts.key_id,
    )
    return _HEADER + body
