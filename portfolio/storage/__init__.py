"""Blob rows and the files behind them, shared inside one centre only."""
