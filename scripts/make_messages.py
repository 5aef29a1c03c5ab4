"""Write every sentence of the source into ``locale/fr``, in a form that merges well.

Django's ``makemessages`` without places in the source, without guesses (a new sentence comes in
empty rather than with a neighbour's translation) and without the dates and names that would make
two branches differ where they agree.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/fr/LC_MESSAGES/django.po")
# Folders without sentences for the screen, or with sentences that nobody but us reads.
IGNORED = ("tests/*", "benchmarks/*", "scripts/*", "var/*", "staticfiles/*", "node_modules/*")
HEADER_NOISE = re.compile(
    r'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date'
    r'|Last-Translator|Language-Team): .*\\n"\n',
    re.MULTILINE,
)


def normalise(text: str) -> str:
    """Return the catalogue ``text`` without what changes from one machine or day to the next."""
    header, separator, messages = text.partition("\n\n")
    entry = header[header.index("msgid") :].replace('"Language: \\n"', '"Language: fr\\n"')
    return HEADER_NOISE.sub("", entry + "\n").rstrip("\n") + separator + messages


def update(root: Path) -> None:
    """Run ``makemessages`` in ``root`` and normalise the French catalogue it writes.

    Repeats change nothing. Needs GNU gettext and a ``root`` whose settings can be imported.
    """
    sys.path.insert(0, str(root))
    os.chdir(root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command
    from django.core.management.commands import makemessages

    class Command(makemessages.Command):
        msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    django.setup()
    call_command(
        Command(),
        locale=["fr"],
        ignore_patterns=list(IGNORED),
        no_location=True,
        no_obsolete=True,
        no_wrap=True,
        verbosity=0,
    )
    path = root / CATALOGUE
    path.write_text(normalise(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    update(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)
