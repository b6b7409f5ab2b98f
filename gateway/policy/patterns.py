"""Regular expressions on clients' text: by RE2, whose time grows with the text only, never with its shape.

Its module hands the interpreter to another thread at every question, which costs a call more than the answer. So a
pattern that spells out one sign after another, and cannot be slow in any engine, is asked of Python's own one first.
"""

import re
from collections.abc import Callable
from typing import Final

import re2

_SIGN: Final = r"(?:[\w :,/@#-]|\\[dwS.()/-]|\[(?:\w-\w|[\w ])+\])(?:\{\d{1,2}\})?"
_PLAIN: Final = re.compile(rf"\^?(?:{_SIGN})+\$?", re.ASCII)
"""Signs that both engines read alike: literal, escaped, or of a class of letters and digits; each maybe `{n}` times."""

_QUIET = re2.Options()
_QUIET.log_errors = False

_CURES = (
    ("repetition size", "RE2 repeats at most 1000 times; for lengths use maxLength and minLength"),
    ("perl operator", "RE2 knows no look-ahead or look-behind; say it in positive terms, or by `not` and `allOf`"),
    ("invalid escape sequence", "RE2 knows no such escape: no back-references, and no \\Z ($ is the very end already)"),
    ("too large", "the pattern needs too much memory; use maxLength for lengths, and smaller repeats"),
)


class BadPattern(ValueError):
    """RE2 does not take the pattern; the message says what to write instead."""


class Pattern(str):
    """A pattern's own text that has been compiled; it is found anywhere in a text unless it says ^ or $."""

    __slots__ = ("_hits", "_plain", "_search")
    _hits: Callable[[bytes], object]
    _plain: Callable[[str], object] | None
    _search: Callable[[str], object]

    def __new__(cls, pattern: str) -> "Pattern":
        """Compile, or raise BadPattern."""
        made = super().__new__(cls, pattern)
        try:
            made._search = re2.compile(pattern, _QUIET).search
            made._hits = _set_of(pattern).Match
        except (re2.error, UnicodeEncodeError) as error:
            raise BadPattern(_cure(error)) from error
        made._plain = _plain(pattern)
        return made

    def finds(self, text: str) -> bool:
        """Whether the text holds the pattern; half a character has no UTF-8 form and is never found.

        A set costs a tenth of a search, but misses what takes more memory than it has: its no is asked again.
        """
        try:
            encoded = text.encode()
        except UnicodeEncodeError:
            return False
        if self._plain is not None and self._plain(text) is not None:
            return True
        return self._hits(encoded) is not None or self._search(text) is not None


def _plain(pattern: str) -> Callable[[str], object] | None:
    """Python's `$` would take a line break behind it for the end as well."""
    if not _PLAIN.fullmatch(pattern):
        return None
    return re.compile(pattern.removesuffix("$") + (r"\Z" if pattern.endswith("$") else ""), re.ASCII).search


def _set_of(pattern: str) -> re2.Set:
    made = re2.Set.SearchSet(_QUIET)
    made.Add(pattern)
    made.Compile()
    return made


def _cure(error: Exception) -> str:
    said = error.args[0] if error.args else error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    cure = next((cure for sign, cure in _CURES if sign in text), None)
    return f"{text}; {cure}" if cure else text
