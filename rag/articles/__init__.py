"""From a file to articles, and from an article to passages of whole sentences."""
