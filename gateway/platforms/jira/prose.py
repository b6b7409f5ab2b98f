"""What a text says, in either of its forms: wiki markup of version 2, or the document of version 3."""

from collections.abc import Iterator

from gateway.domain.call import Json


def prose(value: Json) -> str:
    """The words, a line per block, so that a document can be compared with what came back of it."""
    said = "\n".join(_blocks(value)) if isinstance(value, dict) else value if isinstance(value, str) else ""
    return "\n".join(line.rstrip() for line in said.replace("\r\n", "\n").strip().split("\n"))


def _blocks(node: dict[str, Json]) -> Iterator[str]:
    content = node.get("content")
    children = [child for child in content if isinstance(child, dict)] if isinstance(content, list) else []
    if any("content" in child for child in children):
        for child in children:
            yield from _blocks(child)
    elif children:
        yield "".join(_inline(child) for child in children)


def _inline(node: dict[str, Json]) -> str:
    """A mention or a card has no text of its own, but attributes that name it."""
    if node.get("type") == "hardBreak":
        return "\n"
    text = node.get("text")
    return text if isinstance(text, str) else str(node.get("attrs", ""))
