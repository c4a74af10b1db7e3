"""A question, with filters, to ranked passages."""
