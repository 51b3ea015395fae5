"""Kinds of arguments that several commands have."""

from __future__ import annotations


def names(text: str) -> tuple[str, ...]:
    """An argument that is a list of names."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
