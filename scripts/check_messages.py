"""Check that the French catalogue is complete; name each sentence that is not right.

It holds every sentence of the source and no other, none is empty or marked fuzzy, each translation
has the placeholders of its original, and French spaces and apostrophes. The source is read in a
copy, so that the check writes nothing. Exit status 1 if anything is wrong.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from make_messages import CATALOGUE, ROOT

NOT_COPIED = shutil.ignore_patterns(
    ".*", "__pycache__", "node_modules", "static", "staticfiles", "tests", "var", "*.mo"
)

# A line never begins with a colon or a closing quotation mark: the space before it does not break.
UNFRENCH = re.compile(r" [:;?!»]|« |\u00a0[;?!]|[^\W\d_]'[^\W\d_]")


def read(path: Path) -> Catalog:
    """Return the catalogue at ``path``; an empty one if there is none."""
    if not path.exists():
        return Catalog(locale="fr")
    with path.open("rb") as source:
        return read_po(source, locale="fr")


def read_source() -> Catalog:
    """Return the catalogue that ``scripts/messages`` would write now."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "avoir"
        shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
        script = copy / "scripts" / "make_messages.py"
        subprocess.run([sys.executable, str(script)], check=True, cwd=copy)
        return read(copy / CATALOGUE)


def by_key(catalogue: Catalog) -> dict[tuple[str, ...], Message]:
    """Return the messages of ``catalogue`` by context and singular, without its header."""
    return {
        (message.context or "", *([message.id] if isinstance(message.id, str) else message.id)): (
            message
        )
        for message in catalogue
        if message.id
    }


def list_faults() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is wrong and with which sentence."""
    catalogue = read(ROOT / CATALOGUE)
    known, wanted = by_key(catalogue), by_key(read_source())
    for key in wanted.keys() - known.keys():
        yield "not in the catalogue", key
    for key in known.keys() - wanted.keys():
        yield "no longer in the source", key
    for key in wanted.keys() & known.keys():
        message = known[key]
        texts = [message.string] if isinstance(message.string, str) else message.string
        if not texts or not all(texts):
            yield "not translated", key
        elif message.fuzzy:
            yield "marked fuzzy", key
        elif any(UNFRENCH.search(text) for text in texts):
            yield "a plain space before : ; ? ! » or after «, or a straight apostrophe", key
        for error in message.check(catalogue):
            yield str(error), key


def main() -> int:
    """Print the faults and what to do about them."""
    faults = sorted(list_faults())
    for fault, (context, *sentences) in faults:
        place = f"{context}|" if context else ""
        print(f"{fault}: {place}{' / '.join(sentences)!r}")
    if faults:
        print(f"{len(faults)} sentences to mend: run scripts/messages, then edit {CATALOGUE}.")
        return 1
    print(f"{CATALOGUE} is complete.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
