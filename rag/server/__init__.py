"""Doors for programs: the desk that all doors share, an OpenAI-compatible endpoint, MCP tools."""
