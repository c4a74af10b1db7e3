"""Findings to a composed, checked answer, and an answer to what is shown."""
