"""Pages about the product, and the health check."""
