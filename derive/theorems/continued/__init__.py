"""Where the proof of a long theorem goes on: files of its name, which it calls with ``continued``."""
