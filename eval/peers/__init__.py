"""The product beside other ways to do the same: the same questions, articles and models."""
