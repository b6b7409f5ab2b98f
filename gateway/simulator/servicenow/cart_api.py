"""The catalog's cart: what one user has put into it, until it is ordered."""

import re

from gateway.simulator.messages import Answer, Kind, Request, json_answer
from gateway.simulator.servicenow.business_rules import Stamp
from gateway.simulator.servicenow.errors import Refusal
from gateway.simulator.servicenow.table_api import check_media, method_of
from gateway.simulator.servicenow.writes import Writer, object_in

_BASE = r"/api/sn_sc(?:/v1)?/servicecatalog"


class CartApi:
    """The carts of one instance; whoever shares a login shares a cart."""

    path = re.compile(rf"{_BASE}/(?:items/(?P<item>[^/]+)/add_to_cart|cart(?:/(?P<verb>submit_order|checkout))?)")

    def __init__(self, writer: Writer, *, two_steps: bool = False) -> None:
        self._writer = writer
        self._two_steps = two_steps
        self._carts: dict[str, list[dict[str, object]]] = {}

    def kind_of(self, request: Request) -> Kind:
        """An order makes a ticket."""
        match = self.path.fullmatch(request.path)
        return Kind.CREATE if match and match["verb"] == "submit_order" else Kind.OTHER

    def answer(self, request: Request, stamp: Stamp) -> Answer:
        """Fill the cart, show it, or order what is in it."""
        match = self.path.fullmatch(request.path)
        method = method_of(request)
        check_media(request, method)
        cart = self._carts.setdefault(stamp.by, [])
        if match is not None and method == "GET" and not match["item"] and not match["verb"]:
            return json_answer(200, {"result": _shown(cart)})
        if match is None or method != "POST" or not (match["item"] or match["verb"]):
            raise Refusal(405, "Method Not Allowed")
        if match["item"]:
            return self._add(cart, match["item"], request)
        if match["verb"] == "checkout" and self._two_steps:
            return json_answer(200, {"result": _shown(cart)})
        return self._order(stamp)

    def _add(self, cart: list[dict[str, object]], item: str, request: Request) -> Answer:
        quantity = object_in(request).get("sysparm_quantity")
        if not quantity:
            raise Refusal(400, "Mandatory Quantity is missing")
        cart.append({"catalog_item_id": item, "quantity": str(quantity)})
        return json_answer(200, {"result": _shown(cart)})

    def _order(self, stamp: Stamp) -> Answer:
        if not self._carts[stamp.by]:
            raise Refusal(400, "Cart is empty")
        self._carts[stamp.by] = []
        record = self._writer.insert_given("sc_request", {}, stamp)
        named = {"sys_id": record["sys_id"], "number": record["number"], "table": "sc_request"}
        told = {**named, "request_id": record["sys_id"], "request_number": record["number"]}
        return json_answer(200, {"result": told}, ticket=record["sys_id"])


def _shown(cart: list[dict[str, object]]) -> dict[str, object]:
    return {"items": cart, "subtotal": "$0.00", "total_items": len(cart)}
