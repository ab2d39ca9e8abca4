"""The pages: the estimator, the chat and what surrounds them. No rule, no amount and no arithmetic of their own.

Start reading in `app.py`; `launcher.py` starts the server.
"""
