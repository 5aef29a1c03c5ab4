"""Prepare the demo venue: migrate, fill an empty database, say how to get in.

    ./manage.py demo               what ./run does before it serves
    ./manage.py demo --scale 0.1   a smaller one

A database that holds somebody's own venue is migrated and otherwise left alone.
"""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from guichet.management.demo.house import LOGINS, PASSWORD, is_demo, voucher_to_try
from institution_settings.models import Institution


def scale(text: str) -> float:
    """Read how large the demo is to be: 1 is the usual one."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value <= 10:
        raise ArgumentTypeError(_("a number above 0, up to 10"))
    return value


class Command(BaseCommand):
    """Seed the demo venue once; later starts find it and take no time."""

    # ./test makes them; here they would only delay every start of ./run.
    requires_system_checks: list[str] = []

    help = _("Migrates the database and fills an empty one with the demo venue.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=scale, default=1.0, help=_("1 is the usual size"))

    def handle(self, *_args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        institution = Institution.objects.first()
        if institution and not is_demo(institution):
            self.stdout.write(
                _("This database holds “%(name)s”: nothing was added to it.")
                % {"name": institution.name}
            )
            return
        if not institution or not institution.is_demo:
            self._seed(options["scale"])
        self._welcome()

    def _seed(self, size: float) -> None:
        # The story reaches into every app: a start that finds the demo complete spares them.
        from guichet.management.demo.seeding import seed

        shown = -1

        def step(done: float) -> None:
            nonlocal shown
            percent = int(done * 100)
            # On a terminal one line that counts; in a log a line for each tenth.
            if percent == shown or (not self._terminal and percent // 10 == shown // 10):
                return
            shown = percent
            line = _("Filling the demo venue: %(percent)d %%") % {"percent": percent}
            self.stdout.write(f"\r{line}" if self._terminal else line, ending=self._ending)
            self.stdout.flush()

        step(0)
        seed(now=timezone.now(), scale=size, step=step)
        if self._terminal:
            self.stdout.write("")

    @property
    def _terminal(self) -> bool:
        return bool(self.stdout.isatty())

    @property
    def _ending(self) -> str:
        return "" if self._terminal else "\n"

    def _welcome(self) -> None:
        """Say who can log in, and with what."""
        self.stdout.write(_("Logins of the demo, all with the password “%s”:") % PASSWORD)
        for login in LOGINS:
            if login.tried:
                pin = f"   PIN {login.pin}" if login.pin else ""
                self.stdout.write(f"  {login.role.label:<16} {login.email}{pin}")
        code = voucher_to_try()
        if code:
            self.stdout.write(_("A voucher to try at the counter: %s") % code)
        self.stdout.write(_("./run serves it, and says at which address."))
