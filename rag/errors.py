"""Everything that can go wrong and reach a user, as one tree.

RagError
├── UsageError         a command given in a way that it does not take
├── InputError         a path, an article, a question or a line that cannot be used
├── OptionError        an option whose value cannot be used
├── ModelError         a model that is missing, damaged, of another kind, or failing
│   ├── ModelMissing   known or named, but not on this computer yet
│   └── PullError      could not be fetched or did not verify
└── StoreError         a store that cannot be opened or written
    ├── StoreMissing   no store in that folder yet
    ├── StoreDamaged   a file of the store is not what its manifest says
    ├── StoreMismatch  the store was made by another embedder or schema
    └── StoreBusy      another process is writing to it

A message is one line and names the file or option, the value, and the next step. Errors of
libraries are translated where the library is called, with `raise ... from`.
"""


class RagError(Exception):
    """Base of all errors that are shown to the user as one line."""


class UsageError(RagError):
    """A command given in a way that it does not take."""


class InputError(RagError):
    """A path, an article, a question or a line that cannot be used."""


class OptionError(RagError):
    """An option whose value cannot be used."""


class ModelError(RagError):
    """A model that is missing, damaged, of another kind, or failing."""


class ModelMissing(ModelError):
    """A model that is known or named but not on this computer yet."""


class PullError(ModelError):
    """A model that could not be fetched or did not verify."""


class StoreError(RagError):
    """A store that cannot be opened or written."""


class StoreMissing(StoreError):
    """No store in that folder yet."""


class StoreDamaged(StoreError):
    """A file of the store is not what its manifest says."""


class StoreMismatch(StoreError):
    """The store was made by another embedder or another schema."""


class StoreBusy(StoreError):
    """Another process is writing to the store."""
