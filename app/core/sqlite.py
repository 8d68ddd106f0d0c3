"""The one place the SQLite module comes from.

Two SQLite libraries on one file inside a process drop each other's locks, and sqlite-utils
prefers pysqlite3 where it is installed; so do we.
"""

try:
    import pysqlite3 as sqlite3
except ImportError:
    import sqlite3

__all__ = ["sqlite3"]
