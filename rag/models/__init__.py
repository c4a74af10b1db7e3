"""Models on this computer: which are known, how they are fetched, checked and found.

A model is its bytes: every file of the catalogue is pinned by SHA-256, and is checked before
anything parses it. This room runs no model.
"""
