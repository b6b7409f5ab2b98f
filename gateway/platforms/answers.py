"""Reading an upstream's answer: is it JSON, is it a web page, can it be read at all."""

import json
import re
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from gateway.domain.call import Json
from gateway.domain.verdict import Answer
from gateway.platforms.xml_answers import parse_xml

JSON_UTF8: Final = "application/json;charset=UTF-8"

_SHORT: Final = 16 * 1024
"""Bytes: an answer about one ticket; longer ones are asked once, and would only fill the memory."""

_PAGE: Final = re.compile(rb"\s{0,64}<(?:!doctype )?html", re.IGNORECASE)
_IN_UTF8: Final = b'{"'
"""What begins so has a byte for each sign; of all else the parser guesses the encoding first."""

_decoded: Final = json.JSONDecoder().decode
_compact: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Form(Enum):
    """What a body should be readable as, as far as its headers and first bytes tell."""

    JSON = auto()
    XML = auto()
    PAGE = auto()
    """A web page for people: a login, a maintenance notice, a hibernating instance."""
    NONE = auto()
    """It is coded, or not there."""


def document(answer: Answer) -> Json:
    """What the body says, in JSON or in ServiceNow's XML; None where it is neither, which no platform ever answers."""
    body = answer.body
    try:
        return _parsed(body) if len(body) <= _SHORT else _parse(body)
    except (ValueError, RecursionError):
        return None


def _parse(body: bytes) -> Json:
    if body.startswith(b"<"):
        return parse_xml(body)
    parsed: Json = _decoded(body.decode("utf-8", "surrogatepass")) if body.startswith(_IN_UTF8) else json.loads(body)
    return parsed


_parsed = lru_cache(maxsize=64)(_parse)
"""One answer is asked several things in a row (is it a success, which ticket, what was stored) and is parsed once."""


def json_object(answer: Answer) -> dict[str, Json]:
    """The body as a JSON object; empty where it is anything else."""
    parsed = document(answer)
    return parsed if isinstance(parsed, dict) else {}


def form_of(answer: Answer) -> Form:
    """What its body should be; one that claims to be JSON may still be none."""
    kind = (answer.header("content-type") or "").lower()
    if "html" in kind or _PAGE.match(answer.body):
        return Form.PAGE
    if not answer.body or (answer.header("content-encoding") or "identity").lower() != "identity":
        return Form.NONE
    return Form.XML if "xml" in kind else Form.JSON


def as_json(value: object) -> bytes:
    """A JSON body as both platforms write theirs: compact, UTF-8."""
    return _compact(value).encode("utf-8", "replace")
