"""How rows are shown: references as links, display values, chosen fields, pages and their links."""

from collections.abc import Sequence
from urllib.parse import quote

from gateway.domain.frozen import frozen
from gateway.simulator.messages import Request
from gateway.simulator.servicenow.choices import shown
from gateway.simulator.servicenow.columns import ColumnType
from gateway.simulator.servicenow.instance import Instance
from gateway.simulator.servicenow.query import parse_query
from gateway.simulator.servicenow.records import Record, Tables, display_value

_DEFAULT_LIMIT = 10_000


@frozen
class Page:
    """A slice of the rows that were found."""

    rows: Sequence[Record]
    total: int
    offset: int
    limit: int


class Reader:
    """Reads rows of one instance as a request wants to see them."""

    def __init__(self, tables: Tables, instance: Instance) -> None:
        self._tables = tables
        self._instance = instance

    def page(self, table: str, request: Request) -> Page:
        """The rows that `sysparm_query` finds, cut to limit and offset."""
        found = self._found(table, request.parameters.get("sysparm_query", ""))
        limit = _whole(request.parameters.get("sysparm_limit"), _DEFAULT_LIMIT)
        offset = _whole(request.parameters.get("sysparm_offset"), 0)
        return Page(found[offset : offset + limit], len(found), offset, limit)

    def shown(self, table: str, record: Record, request: Request, base: str) -> dict[str, object]:
        """The row as the parameters ask for it; a field that does not exist or may not be read is left out."""
        asked = request.parameters.get("sysparm_fields")
        names = [name.strip() for name in asked.split(",")] if asked else list(record)
        hidden = self._instance.unreadable.get(table, ())
        return {
            name: self._field(table, record, name, request, base)
            for name in names
            if name not in hidden and self._tables.look(table, record, name) is not None
        }

    def _found(self, table: str, encoded: str) -> Sequence[Record]:
        query = parse_query(encoded)
        if self._instance.invalid_query_returns_no_rows and self._is_invalid(table, encoded):
            return []
        return query.select(self._tables.rows(table), lambda record, path: self._tables.look(table, record, path))

    def _is_invalid(self, table: str, encoded: str) -> bool:
        query = parse_query(encoded)
        return query.unreadable or any(self._tables.look(table, {}, name) is None for name in query.columns())

    def _field(self, table: str, record: Record, path: str, request: Request, base: str) -> object:
        value = self._tables.look(table, record, path) or ""
        name = path.partition(".")[0]
        column = self._tables.dictionary.column(table, name)
        mode = request.parameters.get("sysparm_display_value", "false")
        bare = request.parameters.get("sysparm_exclude_reference_link") == "true"
        if column is None or column.type is not ColumnType.REFERENCE or path != name or not value:
            return _in_mode(mode, value, shown(table, name, column, value))
        target = self._tables.find(column.refers_to, value)
        title = display_value(target) if target else value
        link = {} if bare else {"link": f"{base}/{column.refers_to}/{value}"}
        match mode:
            case "true":
                return title if bare else {"display_value": title, **link}
            case "all":
                return {"display_value": title, **link, "value": value}
            case _:
                return value if bare else {**link, "value": value}


def page_headers(page: Page, request: Request) -> tuple[tuple[str, str], ...]:
    """`Link` and `X-Total-Count`, unless the request suppresses them."""
    headers: list[tuple[str, str]] = []
    counted = request.parameters.get("sysparm_no_count") != "true"
    if counted:
        headers.append(("X-Total-Count", str(page.total)))
    if request.parameters.get("sysparm_suppress_pagination_header") != "true":
        links = [f'<{_url(request, page, offset)}>;rel="{rel}"' for rel, offset in _places(page, counted=counted)]
        headers.append(("Link", ",".join(links)))
    return tuple(headers)


def _places(page: Page, *, counted: bool) -> list[tuple[str, int]]:
    step = max(page.limit, 1)
    places = [("first", 0)]
    if page.offset > 0:
        places.append(("prev", max(page.offset - step, 0)))
    if page.offset + step < page.total:
        places.append(("next", page.offset + step))
    if counted:
        places.append(("last", max(page.total - 1, 0) // step * step))
    return places


def _url(request: Request, page: Page, offset: int) -> str:
    paging = {"sysparm_limit": str(page.limit), "sysparm_offset": str(offset)}
    others = [(name, value) for name, value in request.parameter_pairs if name not in paging]
    query = "&".join(f"{quote(name)}={quote(value, safe=',')}" for name, value in (*others, *paging.items()))
    return f"{request.origin}{request.target.partition('?')[0]}?{query}"


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default


def _in_mode(mode: str, value: str, title: str) -> object:
    match mode:
        case "true":
            return title
        case "all":
            return {"display_value": title, "value": value}
        case _:
            return value
