"""Where everybody begins: a learner with the portfolio, anybody else with the page of their work."""
