"""Pages of a listing: the cursor in its opaque form, and the link to the page that follows."""

import base64
import binascii
import json
import math
from collections.abc import Callable
from typing import TypeVar

from aiohttp import web

from gateway.records.record import Page, Position
from gateway.web.api.answering import answer

Item = TypeVar("Item")


def cursor(position: Position) -> str:
    """A position as text that passes through an address unchanged."""
    return base64.urlsafe_b64encode(json.dumps([position.at, position.id]).encode()).rstrip(b"=").decode()


def read_cursor(text: str) -> Position | None:
    """The position in a cursor; None where the text was never one."""
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        given = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True), parse_int=float)
    except (ValueError, binascii.Error, RecursionError):
        return None
    match given:
        case [float() as at, str() as row_id] if math.isfinite(at) and row_id.isascii():
            return Position(at, row_id)
        case _:
            return None


def page_response(
    request: web.Request, page: Page[Item], show: Callable[[Item], object], **more: object
) -> web.Response:
    """The page's items and where the next one is, in the body and as a `Link`; `more` is beside them."""
    following = cursor(page.next) if page.next else None
    response = answer({"items": [show(item) for item in page.items], "next": following, **more})
    if following:
        address = request.rel_url.update_query(cursor=following)
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
