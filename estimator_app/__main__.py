"""`python -m estimator_app`: serve the pages on ESTIMATOR_PORT."""

from __future__ import annotations

from estimator_app.launcher import serve

if __name__ == "__main__":
    serve()
