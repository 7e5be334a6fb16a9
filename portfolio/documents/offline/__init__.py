"""A portfolio as one page that opens in any browser, without a network, a script or an account."""
