"""Builds `redaction/data/icons.bin` from the icons of npm packages (for developers; needs `rsvg-convert`, `fc-query`).

    python tools/build_icons.py WORK_FOLDER

Names of pinned packages enter, the drawings of common interface icons leave, each with the likeness that a drawing on
a screen must exceed to count as that icon. Packages are fetched into the work folder, unpacked there, and never
installed or run. The same packages give the same file. Rules:

1. An icon's name must say something of an interface (`KINDS`) and nothing that a person's data could show (`VALUES`):
   no ratings, states, faces, letters, numbers, currencies, medicine, religion, weather, brands.
2. No character of the fonts in `FONT_PACKAGES` (all their scripts and ideographs), no initials
   or digits, alone or in a disc, ring or square, and no form control may come near it: its limit lies above all of
   them, and an icon whose limit would be too high to be reached on a real screen is left out.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import re
import subprocess
import sys
import tarfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from redaction.images.shapes import SIDE, Coverage, Coverages, Looks, drawing_of, fits, looks_of, packed_shapes

OUTPUT = Path(__file__).resolve().parent.parent / "redaction" / "data" / "icons.bin"
FLOOR = 0.92
"""Least likeness that any shape asks for."""
MARGIN = 0.05
"""By how much a shape's limit lies above the most alike character or control."""
HIGHEST = 0.965
"""Highest limit: icons 16 pixels large, drawn by another programme, reach this likeness nineteen times in twenty."""
SAME = 0.97
"""Likeness from which one drawing stands for both."""
LARGE = 192
"""Pixels of the edge at which a picture is drawn, before it is brought to the sizes of icons."""
SIZES = (16, 20, 24, 32, 48)
"""Pixels of the em at which each icon is drawn; its shape is the mean of all of them."""
TEXT_SIZES = (13, 28)
"""Pixels of the em at which each character is drawn."""
LONGEST_NAME = 3
"""Words in the longest name of an icon; longer names are of rare compositions."""
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Source:
    """An icon font in an npm package, and the file that names its characters."""

    package: str
    font: str
    names: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """SVG files in an npm package: a pattern of their paths, and the end of their names that says size and style."""

    package: str
    pattern: str
    ending: str


MATERIAL, TABLER, AWESOME = (
    "material-icons@1.13.14",
    "@tabler/icons-webfont@3.49.0",
    "@fortawesome/fontawesome-free@6.7.2",
)
SOURCES = (
    *(
        Source(MATERIAL, f"iconfont/{font}.woff", "css/_codepoints.scss")
        for font in ("material-icons", "material-icons-outlined", "material-icons-round", "material-icons-sharp")
    ),
    Source("@mdi/font@7.4.47", "fonts/materialdesignicons-webfont.ttf", "css/materialdesignicons.css"),
    Source("bootstrap-icons@1.13.2", "font/fonts/bootstrap-icons.woff", "font/bootstrap-icons.css"),
    Source(AWESOME, "webfonts/fa-solid-900.ttf", "metadata/icon-families.json"),
    Source(AWESOME, "webfonts/fa-regular-400.ttf", "metadata/icon-families.json"),
    Source("remixicon@3.5.0", "fonts/remixicon.ttf", "fonts/remixicon.css"),
    Source(TABLER, "dist/fonts/tabler-icons.ttf", "dist/tabler-icons.css"),
    Source(TABLER, "dist/fonts/tabler-icons-filled.ttf", "dist/tabler-icons-filled.css"),
    Source("lucide-static@1.62.0", "font/lucide.ttf", "font/lucide.css"),
    Source("@vscode/codicons@0.0.45", "dist/codicon.ttf", "dist/codicon.css"),
    Source("@progress/kendo-font-icons@4.8.0", "dist/kendo-font-icons.ttf", "dist/index.css"),
)
PICTURES = (
    Pictures("@fluentui/svg-icons@1.1.343", "icons/*.svg", r"_20_(regular|filled)"),
    Pictures("@primer/octicons@19.42.0", "build/svg/*.svg", r"-16"),
    Pictures("@ant-design/icons-svg@4.4.2", "inline-svg/[fo]*/*.svg", ""),
    Pictures("heroicons@2.2.0", "2[04]/*/*.svg", ""),
    Pictures("ionicons@5.5.4", "dist/ionicons/svg/*.svg", ""),
)
FONT_PACKAGES = (
    "fonts-dejavu-core",
    "fonts-dejavu-extra",
    "fonts-liberation",
    "fonts-freefont-ttf",
    "fonts-noto-core",
    "fonts-noto-cjk",
)
KINDS = frozenset(
    """
    account activity agenda alarm align anchor apps archive arrow arrows article attach attachment bag basket bell
    bin bluetooth bolt book bookmark books box branch brightness broadcast briefcase browser browsers brush bug
    build building bulb business calculator calendar call camera campaign card cart cash chart chat clipboard clock
    cloud code cog cogs columns comment comments compass component compose computer console contact contacts content
    cookie copy credit crop cube cursor cut dashboard data database delete desktop display doc document door
    download draft drag drawer earth edit editor email envelope eraser event exit explore export extension external
    eye eyedropper feed file files film filter flag flip floppy folder folders forum forward fullscreen funnel gauge
    gear gears gift globe graph grid group groups hammer handyman hdd headphones headset help hierarchy history home
    house hub image images import inbox indent insights inventory kanban key keyboard label landscape laptop launch
    layers layout library lightbulb link list location lock lock-open log login logout magnet magnify magnifier mail
    manage map marker maximize megaphone menu merge message microphone mic minimize mobile module monitor mouse move
    movie music navigation network newspaper note notebook notes notification notifications open organization outbox
    outdent package page pages paint palette panel paper paperclip paste pause pen pencil people person phone photo
    pie pin plane play plug pointer power preview print printer projector publish pull pushpin puzzle quick receipt
    record redo refresh reload rename repeat reply report resize restore rocket rotate route router rows rss ruler
    save scan schedule schema school scissors screen screenshot search security send server servers settings share
    shield shipping shop shopping shuffle sidebar sign signin signout sitemap skip sliders smartphone sort source
    speaker speedometer split stack stamp stapler sticky stop stopwatch storage store stream support swap sync tab
    table tablet tabs tag tags target task tasks telephone template terminal thumbtack ticket tile tiles timeline
    timer tool toolbox tools train trash tree truck tune tv undo unlink unlock upload usb user users video videocam
    view visibility volume wallet wand web widgets wifi window work workflow world wrench zoom
    """.split()  # noqa: SIM905 (hundreds of names read better as a block)
)
VALUES = frozenset(
    """
    abc active age alert alien alpha alphabet am angry apple arm asterisk at attention baby badge ban bandage bank
    bar barcode bars battery beer bible birthday bitcoin blood body bold bone boy brain cake cancel cancer cannabis
    celsius certificate chat-off check checkbox checked checklist checkmark child church circle close cloudy cold
    confirm confirmed copyright couple cross crown cry cup currency dead death denied diamond dice disabled disease
    dislike dizzy dna doctor dollar done dots down drop elderly emoji emoticon equal error euro exclamation face
    fahrenheit fail failed fan favorite favourite female fever find-replace fire fist flame flower fog font food
    format frown function game gamepad gender ghost girl git github gitlab google grade gun hand handicap hands
    handshake happy hash hashtag hazard hd health heart hearing hexagon high hospital hot hourglass hundred id
    illness info information injury innocent italic kaaba kiss language laugh letter level like logo love low lungs male
    man math mark masks medal medical medication medicine meh menorah microsoft minus mom mood moon more mosque
    multiply muted needle negative neutral new night nine number numeric octagon off ok okay om one otp pain parent
    pass password peace pending pentagon percent percentage pill pills pin-code plus poo positive pound pray
    pregnant priority prize profile python qr qrcode question quote quotes radio radiobox rain rate rating ratings
    rectangle registered religion ribbon robot sad scale score sd sentiment seven sick sigma signal signature six
    skull slash sleep smile smoke smoking snow square star stars status stethoscope storm strikethrough success sun
    sunny surprise swastika switch symptom synagogue syringe temperature text thermometer three thumb thumbs tick
    times title toggle tooth torah translate trademark trophy two type umbrella underline unverified up validate
    vaccine vegan verified verify virus warn warning water weather weight wheelchair windows wine woman women
    worship xmark yen yes no zero zodiac trending gay rainbow x android facebook twitter instagram linkedin whatsapp
    slack amazon paypal chrome firefox edge safari html css js javascript typescript java php csv pdf docx xls xlsx
    ppt pptx zip png jpg gif svg mp3 mp4 xml json sql ts tsx jsx sass vue react angular word excel powerpoint
    markdown remove add
    """.split()  # noqa: SIM905 (the same)
)
CHOICES = frozenset("☎☏✆✉✂⚙⚓⚒⚑⚐⚡☁☂⌂⌕⌚⌛⏏⚿⌨☍⎘⎙⎌⎗⏎⌫⌦⚲⛭⛯⛚⛏⛓⛶⛟⛿")
"""Characters that are drawings of interface icons themselves, and so may resemble one."""
ARROWS = (
    (0x2190, 0x21FF),
    (0x2700, 0x2712),
    (0x2794, 0x27BE),
    (0x27F0, 0x27FF),
    (0x2900, 0x297F),
    (0x2B00, 0x2B11),
    (0x2B30, 0x2B4F),
    (0x2B60, 0x2BB9),
    (0x1F300, 0x1F3FF),
    (0x1F440, 0x1F5FF),
    (0x1F680, 0x1F6FF),
    (0x1F800, 0x1F8FF),
    (0x23E9, 0x23FA),
    (0x2400, 0x244A),
)
"""Ranges of arrows, tools, things and control pictures, which are icons in a font."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
SIGNS = "?!+-\u00d7✓✔✗✘•·…%$€£#@&★♥i"
RADII = (0, 10, 24, 48)
"""Corner radii of controls that are 96 pixels large; the last one makes a disc."""
INITIAL_FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "LiberationSans-Regular.ttf", "LiberationSerif-Bold.ttf")


def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _coverage(picture: Image.Image) -> Coverage:
    return np.asarray(np.asarray(picture, np.float32) / 255, np.float32)


def _drawn(font: ImageFont.FreeTypeFont, text: str, *, shift: float = 0.0) -> Coverage | None:
    """The coverage of a text; None when the font draws nothing to speak of for it."""
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    if right <= left or bottom <= top:
        return None
    picture = Image.new("L", (right - left + 6, bottom - top + 6), 0)
    ImageDraw.Draw(picture).text((3 - left + shift, 3 - top + shift), text, font=font, fill=255)
    coverage = _coverage(picture)
    return coverage if float(coverage.max()) > 0.35 else None


def _npm(work: Path, package: str) -> Path:
    """The folder of an npm package, fetched once."""
    folder = work / re.sub(r"\W+", "-", package)
    if not folder.exists():
        packed = subprocess.run(["npm", "pack", package], cwd=work, check=True, capture_output=True, text=True)
        with tarfile.open(work / packed.stdout.split()[-1]) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def _debian_fonts(work: Path) -> tuple[Path, ...]:
    """The font files of the Debian packages: regular, bold and monospaced upright ones."""
    for package in FONT_PACKAGES:
        folder = work / package
        if not folder.exists():
            subprocess.run(["apt-get", "download", package], cwd=work, check=True, capture_output=True)
            (archive,) = work.glob(f"{package}_*.deb")
            subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    found = (path for package in FONT_PACKAGES for path in (work / package).rglob("*.[to]t[fc]"))
    return tuple(sorted(path for path in found if _is_upright(path.stem)))


def _is_upright(name: str) -> bool:
    slanted = re.search("Italic|Oblique|ExtraLight|Condensed|Narrow|Thin|Medium|Black|UI", name)
    if name.startswith("Noto"):
        return name.endswith("-Regular") or name == "NotoSerifCJK-Bold"
    return slanted is None


def _characters(path: Path) -> tuple[str, ...]:
    """The characters of a font that people write with: letters, digits, punctuation and signs of all scripts."""
    command = ["fc-query", "--index", "0", "--format", "%{charset}", str(path)]
    ranges = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    ends = ((int(part.split("-")[0], 16), int(part.split("-")[-1], 16)) for part in ranges)
    return tuple(chr(code) for first, last in ends for code in range(first, last + 1) if _is_written(code))


def _is_written(code: int) -> bool:
    if unicodedata.category(chr(code))[0] not in "LNPS" or chr(code) in CHOICES:
        return False
    return not any(first <= code <= last for first, last in ARROWS)


def _names(path: Path, font: str) -> dict[str, str]:
    """The icons' names and characters, from a style sheet, a Sass map or Font Awesome's own list."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        style = "regular" if "regular" in font else "solid"
        free = {name: entry for name, entry in json.loads(text).items() if _has_style(entry, style)}
        return {name: chr(int(entry["unicode"], 16)) for name, entry in free.items()}
    pairs = re.findall(r'\.([\w-]+)::?before\s*\{\s*content:\s*["\']\\([0-9a-fA-F]+)["\']', text)
    pairs += re.findall(r'"(\w+)":\s*([0-9a-f]{4,5})', text) if path.suffix == ".scss" else []
    return {name: chr(int(code, 16)) for name, code in pairs}


def _has_style(entry: dict[str, dict[str, list[dict[str, str]]]], style: str) -> bool:
    return any(kind["style"] == style for kind in entry["familyStylesByLicense"]["free"])


def is_wanted(name: str) -> bool:
    """Whether an icon of this name belongs to interfaces and could not show anything of a person."""
    tokens = re.split(r"[-_ ]", name.lower())
    plain = len(tokens) <= LONGEST_NAME and not any(char.isdigit() for char in name)
    return plain and any(token in KINDS for token in tokens) and not any(token in VALUES for token in tokens)


def _icons(work: Path) -> Iterator[Coverage]:
    """The shape of each wanted icon: the mean of its drawings at all sizes, on the pixel grid and off it."""
    for source in SOURCES:
        folder = _npm(work, source.package)
        fonts = tuple(_font(folder / source.font, size) for size in SIZES)
        for name, char in sorted(_names(folder / source.names, source.font).items()):
            if is_wanted(name):
                drawn = [_drawn(font, char, shift=shift) for font in fonts for shift in (0.0, 0.5)]
                yield from _mean(drawn)
    for pictures in PICTURES:
        for path in sorted(_npm(work, pictures.package).glob(pictures.pattern)):
            found = re.fullmatch(f"(.*){pictures.ending}", path.stem)
            if found is not None and is_wanted(found[1]):
                large = _large(path)
                yield from _mean([_reduced(large, size, shift) for size in SIZES for shift in (0, 1)])


def _mean(drawn: list[Coverage | None]) -> Iterator[Coverage]:
    """The mean of an icon's drawings; nothing when it is empty at some size."""
    shapes = [drawing_of(coverage) for coverage in drawn if coverage is not None]
    if len(shapes) == len(drawn):
        yield np.asarray(np.mean(shapes, axis=0), np.float32)


def _large(path: Path) -> Coverage:
    """How much of each pixel an SVG file covers, whatever its colours."""
    command = ["rsvg-convert", "--width", str(LARGE), "--height", str(LARGE), str(path)]
    drawn = subprocess.run(command, check=True, capture_output=True).stdout
    with Image.open(io.BytesIO(drawn)) as picture:
        return np.pad(_coverage(picture.convert("RGBA").getchannel("A")), LARGE // 12)


def _reduced(large: Coverage, size: int, shift: int) -> Coverage | None:
    """The picture as drawn at a size, moved by half a pixel when `shift` is 1; None when hardly any is left."""
    half = round(shift * LARGE / size / 2)
    edge = round(len(large) * size / LARGE)
    small = np.asarray(cv2.resize(np.roll(large, (half, half), (0, 1)), (edge, edge), interpolation=cv2.INTER_AREA))
    return np.asarray(small, np.float32) if float(small.max()) > 0.35 else None


def _texts(fonts: Iterable[Path]) -> Iterator[Coverage]:
    """All characters of all fonts, then initials and numbers of two and three."""
    for path in fonts:
        characters = _characters(path)
        for size in TEXT_SIZES[-1:] if path.suffix == ".ttc" else TEXT_SIZES:
            font = _font(path, size)
            yield from (coverage for char in characters if (coverage := _drawn(font, char)) is not None)
        if path.name in INITIAL_FONTS:
            font = _font(path, 24)
            yield from (coverage for text in _initials() if (coverage := _drawn(font, text)) is not None)


def _initials() -> Iterator[str]:
    for first, second in itertools.product(LETTERS, LETTERS):
        yield from (first + second, first + second.lower(), first.lower() + second.lower())
    yield from (str(number) for number in range(10, 1000))


def _controls(fonts: Iterable[Path]) -> Iterator[Coverage]:
    """Discs, rings, squares and rounded squares, with and without something in them, then states of form controls."""
    insides = tuple(_insides(fonts))
    for radius, filled, line in itertools.product(RADII, (True, False), (4, 8)):
        yield _control(radius, filled=filled, line=line)
        if line == 8 or not filled:
            yield from (_control(radius, filled=filled, line=line, inside=inside) for inside in insides)
    yield from (_switch(filled=filled, knob=knob) for filled, knob in itertools.product((True, False), (0.0, 1.0)))
    yield from (_star(points, share) for points, share in itertools.product((5, 6, 8), (0.0, 0.25, 0.5, 0.75, 1.0)))
    marks = itertools.product(RADII, (4, 8, 14), (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7))
    yield from (_marked(radius, line, mark) for radius, line, mark in marks)
    yield from (_ticked(line, radius) for line, radius in itertools.product((6, 10, 16), (None, *RADII)))
    halves = (_triangle(filled=True), _triangle(filled=False), *(_halved(radius) for radius in RADII))
    yield from (np.ascontiguousarray(np.rot90(half, turn)) for half, turn in itertools.product(halves, range(4)))


def _insides(fonts: Iterable[Path]) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
    """What is written in discs and squares: letters, digits, marks, initials, ideographs."""
    for path in fonts:
        if path.name in INITIAL_FONTS:
            yield from ((_font(path, 60), text) for text in (*LETTERS, *LETTERS.lower(), *DIGITS, *SIGNS))
            yield from ((_font(path, 44), first + second) for first in LETTERS for second in LETTERS[::3])
        if path.name == "NotoSansCJK-Regular.ttc":
            yield from ((_font(path, 60), chr(code)) for code in range(0x4E00, 0x9FA0, 41))


def _marked(radius: int, line: int, mark: float) -> Coverage:
    """A hollow control with a mark of its own form in its middle, as a radio button has."""
    picture = Image.fromarray(np.uint8(_control(radius, filled=False, line=line) * 255))
    half = 48 * mark
    ImageDraw.Draw(picture).rounded_rectangle((52 - half, 52 - half, 51 + half, 51 + half), radius * mark, fill=255)
    return _coverage(picture)


def _triangle(*, filled: bool) -> Coverage:
    picture = Image.new("L", (104, 104), 0)
    ImageDraw.Draw(picture).polygon(((8, 90), (96, 90), (52, 14)), 255 if filled else 0, 255, 8)
    return _coverage(picture)


def _halved(radius: int) -> Coverage:
    """A control whose upper half is filled, as one of three states."""
    hollow, full = _control(radius, filled=False, line=6), _control(radius, filled=True, line=6)
    return np.concatenate((full[:52], hollow[52:]))


def _ticked(line: int, radius: int | None) -> Coverage:
    """A tick, alone or in a control."""
    hollow = None if radius is None else np.uint8(_control(radius, filled=False, line=line) * 255)
    picture = Image.new("L", (104, 104), 0) if hollow is None else Image.fromarray(hollow)
    ImageDraw.Draw(picture).line(((26, 54), (45, 73), (80, 34)), 255, line, "curve")
    return _coverage(picture)


def _control(
    radius: int, *, filled: bool, line: int, inside: tuple[ImageFont.FreeTypeFont, str] | None = None
) -> Coverage:
    picture = Image.new("L", (104, 104), 0)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((4, 4, 99, 99), radius, fill=255 if filled else 0, outline=255, width=line)
    if inside is not None:
        draw.text((52, 52), inside[1], font=inside[0], fill=0 if filled else 255, anchor="mm")
    return _coverage(picture)


def _switch(*, filled: bool, knob: float) -> Coverage:
    picture = Image.new("L", (104, 64), 0)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((4, 6, 99, 57), 26, fill=255 if filled else 0, outline=255, width=6)
    left = 12 + knob * 44
    draw.ellipse((left, 14, left + 35, 49), fill=0 if filled else 255)
    return _coverage(picture)


def _star(points: int, share: float) -> Coverage:
    """A star, filled from the left by a share, as ratings are."""
    angles = np.arange(2 * points) * np.pi / points - np.pi / 2
    lengths = np.where(np.arange(2 * points) % 2 == 0, 48, 20)
    corners = [
        (float(x), float(y)) for x, y in zip(52 + lengths * np.cos(angles), 52 + lengths * np.sin(angles), strict=True)
    ]
    outline, filling = Image.new("L", (104, 104), 0), Image.new("L", (104, 104), 0)
    ImageDraw.Draw(outline).polygon(corners, fill=0, outline=255, width=6)
    ImageDraw.Draw(filling).polygon(corners, fill=255)
    whole = _coverage(filling) * (np.arange(104) < 104 * share)
    return np.asarray(np.maximum(_coverage(outline), whole), np.float32)


def _most_alike(looks: Looks, others: Iterable[Coverage]) -> Looks:
    """For each icon the likeness of the character or control that is most like it."""
    highest = np.zeros(len(looks), np.float32)
    coverages = iter(others)
    while batch := [drawing_of(coverage) for coverage in itertools.islice(coverages, BATCH)]:
        highest = np.maximum(highest, (looks @ looks_of(np.stack(batch)).T).max(axis=1))
    return highest


def _distinct(drawings: Coverages, looks: Looks, limits: Looks) -> list[int]:
    """The icons without those that an earlier one with no higher limit stands for."""
    kept: list[int] = []
    for index in np.argsort(limits, kind="stable"):
        alike = [other for other in kept if float(looks[other] @ looks[index]) > SAME]
        if not any(fits(drawings[index], drawings[other], 2 * SIDE) for other in alike):
            kept.append(int(index))
    return sorted(kept)


def main() -> None:
    """Builds the file and says how many icons each rule took."""
    parser = argparse.ArgumentParser(description="Build redaction/data/icons.bin from icon fonts of npm packages.")
    parser.add_argument("work", type=Path, help="a folder for packages, kept between runs")
    work: Path = parser.parse_args().work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    drawings = np.stack(tuple(_icons(work)))
    looks = looks_of(drawings)
    print(f"{len(drawings)} icons with names of interfaces")
    fonts = _debian_fonts(work)
    highest = np.maximum(_most_alike(looks, _texts(fonts)), _most_alike(looks, _controls(fonts)))
    limits = np.maximum(highest + MARGIN, FLOOR)
    apart = limits <= HIGHEST
    drawings, looks, limits = drawings[apart], looks[apart], limits[apart]
    print(f"{len(drawings)} of them unlike any character or control of {len(fonts)} fonts")
    kept = _distinct(drawings, looks, limits)
    OUTPUT.write_bytes(packed_shapes(drawings[kept], limits[kept]))
    print(f"{len(kept)} of them unlike each other: {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
