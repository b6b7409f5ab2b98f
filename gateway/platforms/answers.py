"""Reading an upstream's answer: is it JSON, is it a web page, can it be read at all."""

import json
from functools import lru_cache
from typing import Final

from gateway.domain.call import Json
from gateway.domain.verdict import Answer
from gateway.platforms.xml_answers import parse_xml

JSON_UTF8: Final = "application/json;charset=UTF-8"

_SHORT: Final = 16 * 1024
"""Bytes: an answer about one ticket; longer ones are asked once, and would only fill the memory."""

_PAGE_STARTS: Final = (b"<!doctype html", b"<html")


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
    parsed: Json = json.loads(body)
    return parsed


_parsed = lru_cache(maxsize=64)(_parse)
"""One answer is asked several things in a row (is it a success, which ticket, what was stored) and is parsed once."""


def json_object(answer: Answer) -> dict[str, Json]:
    """The body as a JSON object; empty where it is anything else."""
    parsed = document(answer)
    return parsed if isinstance(parsed, dict) else {}


def is_page(answer: Answer) -> bool:
    """A web page for people: a login, a maintenance notice, a hibernating instance."""
    if "html" in (answer.header("content-type") or "").lower():
        return True
    return answer.body[:64].lstrip().lower().startswith(_PAGE_STARTS)


def claims_json(answer: Answer) -> bool:
    """Whether the body should be readable as JSON: it is there, it is not coded, and it does not say it is XML."""
    coded = (answer.header("content-encoding") or "identity").lower() != "identity"
    return bool(answer.body) and not coded and "xml" not in (answer.header("content-type") or "").lower()


def says_xml(answer: Answer) -> bool:
    """Whether the body is XML, not coded."""
    coded = (answer.header("content-encoding") or "identity").lower() != "identity"
    return bool(answer.body) and not coded and "xml" in (answer.header("content-type") or "").lower()


def as_json(value: object) -> bytes:
    """A JSON body as both platforms write theirs: compact, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
