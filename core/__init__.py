"""The rules of home service for families: who may get it, and what it costs.

Knows neither the assistant nor the pages. Start reading in `fees.py`.
"""
