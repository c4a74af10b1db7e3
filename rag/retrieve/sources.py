"""Whether there is an article of the outlet that a question asks for."""

import difflib

from rag.errors import OptionError
from rag.index.store import Store


def check_source(store: Store, source: str | None, name: str = "source") -> None:
    """Raises OptionError, with the nearest names, where no article is of this source; `name` is
    what the user calls the option."""
    if source is None:
        return
    known = {one.casefold(): one for one in store.sources()}
    if source.casefold() in known:
        return
    near = difflib.get_close_matches(source.casefold(), known, n=3, cutoff=0.4)
    hint = " or ".join(known[one] for one in near)
    hint = f"did you mean {hint}?" if hint else "rag list shows the sources"
    raise OptionError(f'{name} "{source}" is in no article; {hint}')
