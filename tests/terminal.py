"""A terminal on which a command writes, as a test sees it."""

import os


def shown_on(terminal):
    """All that was written until nobody writes any more; the terminal is closed then."""
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(terminal)
    return shown
