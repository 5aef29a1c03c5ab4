"""PDFs as tests read them."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

MM_PER_POINT = 25.4 / 72


def read(pdf: bytes) -> PdfReader:
    """Return a PDF that can be asked for its pages."""
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Return all its text on one line, with plain spaces: a PDF keeps no other."""
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def size_of(page: Any) -> tuple[int, int]:
    """Return the width and height of a page in whole millimetres."""
    box = page.mediabox
    return round(float(box.width) * MM_PER_POINT), round(float(box.height) * MM_PER_POINT)
