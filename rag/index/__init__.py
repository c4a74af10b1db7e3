"""Passages to a store on disk: SQLite holds the truth, the FAISS index can be rebuilt from it."""
