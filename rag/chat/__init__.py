"""The chat page: evidence at once, the answer beside it, each claim one click from its words."""
