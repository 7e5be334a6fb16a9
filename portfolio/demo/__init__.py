"""The demo centre: believable people and work, made through the product's own actions with real files."""
