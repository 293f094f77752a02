"""What the standard library and libraries of the field raise over damaged input."""

from __future__ import annotations

import csv
import http.client
import sqlite3
import struct
import zipfile
import zlib
from xml.parsers.expat import ExpatError

FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,  # also xml.etree's ParseError
    TypeError,
    ValueError,
    csv.Error,
    http.client.HTTPException,
    sqlite3.Error,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
)
