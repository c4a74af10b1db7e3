"""Ask your own news articles, and see who said it, where and when."""

__version__ = "0.1.0"
