"""The grounding eval and the experiments behind the product."""
