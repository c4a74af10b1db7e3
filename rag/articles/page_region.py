"""Where on a page its article stands: from the headline to the end of the block that holds most
of the running text."""

from dataclasses import dataclass

from rag.articles.page_text import Node, drop, drop_with_tail, words_of

_INLINE = frozenset(
    "a b i em strong span font u s small big sup sub abbr acronym cite q code mark br img wbr time "
    "data kbd var samp ins del tt bdi bdo dfn nobr label strike".split()
)
_SHORTEST_PARAGRAPH = 12  # words; what is shorter is counted as no running text
_SHORTEST_LEAD = 8  # words of a standfirst between the headline and the text
_MOST_LINKED = 0.4
_SHARE = 0.7  # of the page's running text that the article's block holds


@dataclass(frozen=True, slots=True)
class _Words:
    """The nodes of a tree and the words that stand in each block itself."""

    nodes: list[Node]
    own: dict[Node, int]

    def running(self, least: int) -> dict[Node, int]:
        """The blocks of running text."""
        return {node: words for node, words in self.own.items() if words >= least}


def article_region(tree: Node, headline: Node | None) -> Node:
    """The element that holds the article, with what stands before the headline and behind the text
    taken out of it; `tree` itself where the page has no running text."""
    words = _count(tree)
    block = _block(tree, words.running(_SHORTEST_PARAGRAPH))
    if headline is None:
        return block
    if _holds(block, headline):
        _cut_before(headline, block)
        return block
    shared = next((n for n in block.iterancestors() if _holds(n, headline)), None)
    if shared is None or not _comes_first(headline, block, shared):
        return block
    leads = words.running(_SHORTEST_LEAD)
    _cut_before(headline, shared)
    _cut_behind(headline, shared, leads)
    _cut_between(headline, block, shared, leads)
    return shared


def text_blocks_to_paragraphs(tree: Node) -> None:
    """Makes a paragraph of each element without blocks in it, as pages that are made of nothing
    but `div` need it."""
    nodes = list(tree.iter())
    holding = {node.getparent() for node in nodes if node.tag not in _INLINE}
    for node in nodes:
        is_plain = node.tag in ("div", "section", "article", "center") or "-" in str(node.tag)
        if is_plain and node not in holding and node is not tree and words_of(node):
            node.tag = "p"


def _count(tree: Node) -> _Words:
    nodes = list(tree.iter())
    block_of: dict[Node, Node] = {}
    own: dict[Node, int] = {}
    linked: dict[Node, int] = {}
    in_link: set[Node] = set()
    for node in nodes:
        parent = node.getparent()
        above = tree if parent is None or node is tree else block_of[parent]
        block = block_of[node] = above if node.tag in _INLINE else node
        is_linked = node.tag == "a" or parent in in_link
        if is_linked:
            in_link.add(node)
        if node.text:
            count = len(node.text.split())
            own[block] = own.get(block, 0) + count
            if is_linked:
                linked[block] = linked.get(block, 0) + count
        if node.tail:
            own[above] = own.get(above, 0) + len(node.tail.split())
    return _Words(nodes, {n: c for n, c in own.items() if linked.get(n, 0) <= _MOST_LINKED * c})


def _block(tree: Node, running: dict[Node, int]) -> Node:
    """The deepest element that holds enough of the running text."""
    held: dict[Node, int] = {}
    for node, words in running.items():
        for place in (node, *node.iterancestors()):
            held[place] = held.get(place, 0) + words
    enough = _SHARE * held.get(tree, 0)
    block = tree
    while enough:
        inner = [child for child in block if held.get(child, 0) >= enough]
        if not inner or inner[0].tag == "p":
            break
        block = inner[0]
    return block


def _cut_before(headline: Node, top: Node) -> None:
    """Takes out what stands before the headline within `top`."""
    place = headline
    while place is not top:
        parent = place.getparent()
        if parent is None:
            return
        for before in list(place.itersiblings(preceding=True)):
            drop_with_tail(before)
        parent.text = None
        place = parent


def _cut_behind(headline: Node, top: Node, leads: dict[Node, int]) -> None:
    """Takes out what stands behind the headline in its own block, but for standfirsts."""
    place = headline
    while (parent := place.getparent()) is not None and parent is not top:
        for behind in list(place.itersiblings()):
            if not any(node in leads for node in behind.iter()):
                drop(behind)
        place = parent


def _cut_between(headline: Node, block: Node, top: Node, leads: dict[Node, int]) -> None:
    """Takes out what stands behind `block` within `top`, and between headline and block all but
    standfirsts."""
    place = block
    while place is not top:
        parent = place.getparent()
        if parent is None:
            return
        for behind in list(place.itersiblings()):
            drop_with_tail(behind)
        place.tail = None
        for before in list(place.itersiblings(preceding=True)):
            has_lead = any(node in leads for node in before.iter())
            if before is not headline and not has_lead and not _holds(before, headline):
                drop_with_tail(before)
        place = parent


def _comes_first(headline: Node, block: Node, shared: Node) -> bool:
    for child in shared:
        if child is headline or _holds(child, headline):
            return True
        if child is block or _holds(child, block):
            return False
    return False


def _holds(place: Node, node: Node) -> bool:
    return any(above is place for above in node.iterancestors())
