"""Letters of other scripts that look like Latin ones. Tables only; nothing enters, nothing is computed here.

Source: the confusables of Unicode TR 39 as packaged by `confusable-homoglyphs` 3.3, of which single letters of the
Basic Multilingual Plane were taken whose twin is one Latin letter, and the small capitals of the phonetic blocks.
`tests/redaction/test_folding.py` holds the table against that package. Characters whose compatibility form is a Latin
letter (full width, mathematical) are not listed: normalising makes them plain. Real letters of Latin alphabets, such
as the dotless i, are not listed either.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_TWINS: Final = {
    "A": "\u0391\u0410\u13aa\u15c5\ua4ee",
    "B": "\u0392\u0412\u13f4\u15f7\ua4d0",
    "C": "\u0421\u13df\u2ca4\ua4da",
    "D": "\u13a0\u15de\u15ea\ua4d3",
    "E": "\u0395\u0415\u13ac\u2d39\ua4f0",
    "F": "\u03dc\u15b4\ua4dd",
    "G": "\u050c\u13c0\u13f3\ua4d6",
    "H": "\u0397\u041d\u13bb\u157c\u2c8e\ua4e7",
    "I": "\u0399\u0406\u04c0\u16c1\u2c92\u2d4f\ua4f2",
    "J": "\u037f\u0408\u13ab\u148d\ua4d9",
    "K": "\u039a\u041a\u13e6\u16d5\u2c94\ua4d7",
    "L": "\u13de\u14aa\u2cd0\ua4e1",
    "M": "\u039c\u03fa\u041c\u13b7\u15f0\u16d6\u2c98\ua4df",
    "N": "\u039d\u2c9a\ua4e0",
    "O": "\u039f\u041e\u0555\u2c9e\u2d54\ua4f3",
    "P": "\u03a1\u0420\u13e2\u146d\u2ca2\ua4d1",
    "Q": "\u2d55",
    "R": "\u13a1\u13d2\u1587\ua4e3",
    "S": "\u0405\u054f\u13d5\u13da\ua4e2",
    "T": "\u03a4\u0422\u13a2\u2ca6\ua4d4",
    "U": "\u054d\u144c\ua4f4",
    "V": "\u0474\u13d9\u142f\u2d38\ua4e6\ua6df",
    "W": "\u051c\u13b3\u13d4\ua4ea",
    "X": "\u03a7\u0425\u16b7\u2cac\u2d5d\ua4eb",
    "Y": "\u03a5\u0423\u04ae\u13a9\u13bd\u2ca8\ua4ec",
    "Z": "\u0396\u13c3\ua4dc",
    "a": "\u0251\u03b1\u0430\u1d00",
    "b": "\u0299\u042c\u13cf\u1472\u15af",
    "c": "\u0441\u1d04\u2ca5\uabaf",
    "d": "\u0501\u13e7\u146f\u1d05\ua4d2",
    "e": "\u0435\u04bd\u1d07",
    "f": "\u0584\ua730",
    "g": "\u0261\u0262\u0581",
    "h": "\u029c\u04bb\u0570\u13c2",
    "i": "\u0269\u026a\u03b9\u0456\u04cf\u13a5\ua647\uab75",
    "j": "\u03f3\u0458\u1d0a",
    "k": "\u1d0b",
    "l": "\u029f",
    "m": "\u1d0d",
    "n": "\u0274\u0578\u057c",
    "o": "\u03bf\u03c3\u043e\u0585\u10ff\u1d0f\u1d11\u2c9f",
    "p": "\u03c1\u0440\u1d18\u2ca3",
    "q": "\u051b\u0563\u0566",
    "r": "\u0280\u0433\u1d26\u2c85\uab81",
    "s": "\u0455\uabaa",
    "t": "\u1d1b",
    "u": "\u028b\u03c5\u057d\u1d1c",
    "v": "\u03bd\u0475\u1d20\uaba9",
    "w": "\u026f\u0461\u051d\u0561\u1d21\uab83",
    "x": "\u0445\u1541\u157d",
    "y": "\u0263\u028f\u03b3\u0443\u04af\u10e7",
    "z": "\u1d22\uab93",
}
TWINS: Final = MappingProxyType({twin: letter for letter, twins in _TWINS.items() for twin in twins})
"""The Latin letter that each of these letters looks like."""
LOOSE_TWINS: Final = MappingProxyType({
    "\u043a": "k", "\u043c": "m", "\u0442": "t", "\u0432": "b", "\u043d": "h", "\u0438": "u", "\u043f": "n",
    "\u03ba": "k", "\u03b7": "n", "\u03c4": "t", "\u03c9": "w", "\u03c7": "x", "\u03b5": "e", "\u03f2": "c",
    "\u03bc": "u", "\u03b2": "b",
})  # fmt: skip
"""Small letters that Unicode does not call confusable, and that pass for Latin ones inside a Latin word."""
DIGIT_TWINS: Final = MappingProxyType({
    "\u0417": "3", "\u0437": "3", "\u0431": "6", "\u0427": "4", "\u041e": "0", "\u043e": "0", "\u039f": "0",
    "\u03bf": "0", "\u0406": "1", "\u0456": "1", "\u0399": "1", "\u04c0": "1",
})  # fmt: skip
"""Letters that pass for a digit among digits."""
