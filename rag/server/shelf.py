"""The newest generation of a store, shared by threads and opened anew when the store has grown."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.index.manifest import read_manifest
from rag.index.store import Store, open_store


class Shelf:
    """Lends the open store out; an older generation is closed when the last has given it back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._current: Store | None = None
        self._lent: dict[Store, int] = {}

    @contextmanager
    def lease(self) -> Iterator[Store]:
        """The store as it was last published. Raises what `rag.index.store.open_store` does."""
        with self._lock:
            store = self._newest()
            self._lent[store] = self._lent.get(store, 0) + 1
        try:
            yield store
        finally:
            with self._lock:
                self._lent[store] -= 1
                if not self._lent[store]:
                    del self._lent[store]
                    if store is not self._current:
                        store.close()

    def close(self) -> None:
        """Closes the store as soon as nobody uses it; it is opened again by the next lease."""
        with self._lock:
            self._put_away()

    def _newest(self) -> Store:
        manifest = read_manifest(self._folder)
        if self._current is None or self._current.manifest != manifest:
            opened = open_store(self._folder)
            self._put_away()
            self._current = opened
        return self._current

    def _put_away(self) -> None:
        store, self._current = self._current, None
        if store is not None and store not in self._lent:
            store.close()
