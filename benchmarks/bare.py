"""The least a Flask application can do with a JSON POST."""

from flask import Flask, request

app = Flask(__name__)


@app.get("/healthz")
def alive() -> dict[str, str]:
    """Answer."""
    return {"status": "ok"}


@app.post("/")
def echo() -> tuple[dict[str, str], int]:
    """Read a JSON body and answer with JSON."""
    return {"id": request.get_json()["site"]}, 201
