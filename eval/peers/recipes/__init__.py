"""One file per peer: a default pipeline that knows nothing of this project."""
