"""Compile each ``locale/*/LC_MESSAGES/*.po`` that is newer than its ``.mo``.

Babel does it, which the product needs anyway, so that running takes no GNU gettext. Unfinished
(fuzzy) translations are left out, as with ``msgfmt``.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def is_stale(*, source: Path, compiled: Path) -> bool:
    """Tell whether ``compiled`` is missing or older than ``source``."""
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_catalogue(*, source: Path, compiled: Path) -> None:
    """Write ``compiled`` anew; a run that is interrupted leaves the old one in place."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as po:
        catalogue = read_po(po, locale=source.parent.parent.name)
    draft = compiled.with_suffix(".mo.new")
    with draft.open("wb") as mo:
        write_mo(mo, catalogue)
    draft.replace(compiled)


def main() -> None:
    """Compile what is stale and say so."""
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if is_stale(source=source, compiled=compiled):
            print(f"Compiling {source.relative_to(ROOT)}.")
            compile_catalogue(source=source, compiled=compiled)


if __name__ == "__main__":
    main()
