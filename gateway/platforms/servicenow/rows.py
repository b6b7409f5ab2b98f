"""Rows of a table, asked for by an encoded query and believed only as far as they were read."""

import re
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode

from gateway.domain.call import Json
from gateway.domain.frozen import frozen
from gateway.domain.verdict import Answer
from gateway.platforms.answers import json_object
from gateway.platforms.conversations import Question, SearchDenied

Row: TypeAlias = dict[str, Json]
Rows: TypeAlias = Generator[Question, Answer, "tuple[Row, ...] | SearchDenied"]

PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
"""Nothing in it has a meaning inside an encoded query."""

ANY_ROW: Final = "sys_idISNOTEMPTY"

_INSTANT: Final = "%Y-%m-%d %H:%M:%S"


@frozen
class Ask:
    """Which rows of a table are wanted, and what of them."""

    table: str
    query: str
    fields: Sequence[str]
    limit: int
    offset: int = 0


def rows(ask: Ask) -> Rows:
    """The rows, or why there are none to speak of."""
    parameters = {
        "sysparm_query": ask.query,
        "sysparm_fields": ",".join(ask.fields),
        "sysparm_limit": str(ask.limit),
        **({"sysparm_offset": str(ask.offset)} if ask.offset else {}),
        "sysparm_no_count": "true",
        "sysparm_exclude_reference_link": "true",
    }
    answer = yield Question(f"/api/now/table/{ask.table}?{urlencode(parameters, quote_via=quote)}")
    parsed = json_object(answer)
    found = parsed.get("result")
    if answer.status != HTTPStatus.OK or not isinstance(found, list) or parsed.get("error"):
        reason = f"the search of {ask.table} was answered {answer.status}, not with records"
        return SearchDenied(reason, status=answer.status)
    if not all(isinstance(row, dict) for row in found):
        return SearchDenied(f"the search of {ask.table} was not answered with records")
    return tuple(row for row in found if isinstance(row, dict))


def unix(text: str) -> float | None:
    """A stored instant, which is UTC, as Unix seconds."""
    try:
        return datetime.strptime(text, _INSTANT).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def instant(at: float) -> str:
    """Unix seconds as the platform stores an instant."""
    return datetime.fromtimestamp(at, UTC).strftime(_INSTANT)
