"""The ledger: every exchange that reached the platform, in the order of arrival."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import overload

from gateway.domain.frozen import frozen
from gateway.simulator.faults import Fault
from gateway.simulator.messages import Headers, Kind, Request


@frozen
class Exchange:
    """One request and what became of it; without a status nothing was answered, without a ticket none was stored."""

    number: int
    at: datetime
    kind: Kind
    request: Request
    fault: Fault | None
    ticket: str | None
    status: int | None

    @property
    def method(self) -> str:
        """The method in the request line, whatever an override header says."""
        return self.request.method

    @property
    def target(self) -> str:
        """The request line's target, byte for byte."""
        return self.request.target

    @property
    def headers(self) -> Headers:
        """The headers as they came, in their order."""
        return self.request.headers

    @property
    def body(self) -> bytes:
        """The whole body."""
        return self.request.body

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return self.request.header(name)


class Ledger:
    """An ordered record that is only ever added to; it reads like a sequence of exchanges."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []

    def record(self, exchange: Exchange) -> None:
        """Write the exchange down at the end."""
        self._exchanges.append(exchange)

    def stored_late(self, number: int, ticket: str | None) -> None:
        """An exchange that broke off has taken effect after all."""
        self._exchanges[number - 1] = replace(self._exchanges[number - 1], ticket=ticket)

    def creates(self) -> list[Exchange]:
        """The attempts to open a ticket, whether they did or not."""
        return [exchange for exchange in self._exchanges if exchange.kind is Kind.CREATE]

    def searches(self) -> list[Exchange]:
        """The searches for tickets."""
        return [exchange for exchange in self._exchanges if exchange.kind is Kind.SEARCH]

    def stored(self) -> list[Exchange]:
        """The exchanges that brought a ticket into being."""
        return [exchange for exchange in self._exchanges if exchange.ticket is not None]

    def __len__(self) -> int:
        return len(self._exchanges)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._exchanges))

    @overload
    def __getitem__(self, place: int) -> Exchange: ...
    @overload
    def __getitem__(self, place: slice) -> list[Exchange]: ...
    def __getitem__(self, place: int | slice) -> Exchange | list[Exchange]:
        return self._exchanges[place]
