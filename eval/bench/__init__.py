"""How fast the product is, as ratios to the bare libraries measured in one run."""
