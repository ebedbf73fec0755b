"""The report as one HTML file: no image, no script, nothing fetched; counts, versions and digests only.

It takes a `Report` and the `Episode`'s numbers, never a text of the session.
"""

from __future__ import annotations

from html import escape
from types import MappingProxyType
from typing import Final

from redaction.redacted import Count, Episode, Isolation, Report

_NETWORK: Final = MappingProxyType(
    {
        Isolation.NETNS: "none (a namespace of its own)",
        Isolation.SECCOMP: "none (sockets refused by the kernel)",
        Isolation.NONE: "reachable: not exportable",
    }
)

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --bar: #2f6fbb; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td, th { padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th { text-align: left; font-weight: 600; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
.bar { background: var(--bar); height: .7rem; border-radius: 2px; } code { overflow-wrap: anywhere; }
.lead { opacity: .75; margin-top: .2rem; } td.wide { width: 50%; }
@media print { body { margin: 0; max-width: none; } }
"""


def report_page(report: Report, episode: Episode) -> str:
    """The page as text; it opens offline and asks for nothing."""
    return "\n".join(
        (
            "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
            "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            "<meta name='viewport' content='width=device-width'>",
            f"<title>Redaction report {escape(report.session)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>Redaction report</h1><p class='lead'>Session <code>{escape(report.session)}</code></p>",
            "<h2>What was made</h2>",
            _facts(report, episode),
            "<h2>Masked on the screens, by category</h2>",
            _bars(report.masks),
            "<h2>Masked in texts, by category</h2>",
            _bars(report.masked_texts),
            "<h2>How it was made</h2>",
            _origin(report),
            "</body></html>",
        )
    )


def _facts(report: Report, episode: Episode) -> str:
    return _rows(
        (
            ("Length", f"{episode.duration_ms / 1000:.0f} s"),
            ("Recording ended normally", "yes" if episode.ended else "no: it was cut off"),
            ("Actions", str(len(episode.steps))),
            ("Frames recorded", str(report.frames_recorded)),
            ("Frames redacted and kept", str(report.images)),
            ("Frames dropped: classified too highly", str(report.frames_dropped)),
            ("Stretches not captured", str(len(episode.gaps))),
            ("Words read", str(report.words_read)),
            ("Mean confidence of the reader", f"{report.mean_confidence_percent} %"),
            ("Interface phrases kept", str(report.kept_phrases)),
            ("Masked since a second engine read it otherwise", str(report.second_findings)),
        )
    )


def _origin(report: Report) -> str:
    return _rows(
        (
            ("Tool", report.tool),
            ("Profile", report.profile),
            ("Network during redaction", _NETWORK[report.isolation]),
            ("Reader", report.reader),
            ("Second engine", report.verifier or "none"),
            ("Detectors", ", ".join(report.detectors)),
            ("Lexicon", report.lexicon_digest),
            ("Policy", report.policy_digest),
            ("Consent", report.grant_digest),
            ("Episode", report.episode_digest),
        )
    )


def _rows(rows: tuple[tuple[str, str], ...]) -> str:
    cells = "".join(f"<tr><th>{escape(name)}</th><td><code>{escape(value)}</code></td></tr>" for name, value in rows)
    return f"<table>{cells}</table>"


def _bars(counts: tuple[Count, ...]) -> str:
    if not counts:
        return "<p>Nothing was masked here.</p>"
    most = max(count.number for count in counts)
    cells = "".join(
        f"<tr><th>{escape(count.category)}</th><td class='number'>{count.number}</td>"
        f"<td class='wide'><div class='bar' style='width:{100 * count.number / most:.0f}%'></div></td></tr>"
        for count in sorted(counts, key=lambda entry: -entry.number)
    )
    return f"<table>{cells}</table>"
