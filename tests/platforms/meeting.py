"""A simulated upstream over the wire, with the platform that speaks to it: questions are carried there and back."""

from gateway.domain.verdict import Answer
from gateway.platforms.platform import Carrier, Sought, SoughtUpdate

CARRIER = Carrier("itsmgw-0123456789abcdef0123456789abcdef")
OTHER = Carrier("itsmgw-ffffffffffffffffffffffffffffffff")
JSON = {"Accept": "application/json"}


class Instance:
    """One upstream, and what a test wants of it."""

    def __init__(self, client, platform):
        self.client, self.platform = client, platform
        self.base_url = str(client.make_url("")).rstrip("/")

    async def send(self, method, target, body):
        async with self.client.request(method, target, json=body, headers=JSON) as response:
            return await answer_of(response)

    async def create(self, target, body):
        return await self.send("POST", target, body)

    async def file(self, target, body, carrier=CARRIER):
        """Create with the correlation value in the body; the place, the answer and its verdict."""
        route = self.platform.route("POST", target.partition("?")[0])
        carried = self.platform.carry(route, body, carrier)
        answer = await self.create(target, carried.body)
        return carried.place, answer, self.platform.judge(route, answer, carried=carried.place, clock=0.0)

    async def find(self, target, body, carrier, place, **parts):
        route = self.platform.route("POST", target.partition("?")[0])
        fields = self.platform.fields_of(route, body)
        sought = Sought(route, target, fields, carrier, place, base_url=self.base_url, document=body, **parts)
        return await self.ask(self.platform.search(sought))

    async def find_update(self, method, target, body, began_at):
        route = self.platform.route(method, target.partition("?")[0])
        sought = SoughtUpdate(route, target, body, began_at, base_url=self.base_url)
        return await self.ask(self.platform.search_update(sought))

    async def ask(self, conversation):
        try:
            question = next(conversation)
            while True:
                async with self.client.request(
                    question.method, question.target, data=question.body, headers=question.headers
                ) as response:
                    question = conversation.send(await answer_of(response))
        except StopIteration as stop:
            return stop.value


async def answer_of(response):
    return Answer(response.status, tuple(response.headers.items()), await response.read())
