"""A supervisor's PIN: set, checked, and guessed at a throttled rate (spec §1, RGP-06)."""

import re
import time
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache

from contacts.errors import MayNotApprove, NotApproved, PinRefused, TooManyTries
from contacts.models import User
from contacts.permissions import may
from contacts.search import tidy
from institution_settings.permissions import Act

FREE_TRIES: Final = 5
FIRST_DELAY_SECONDS: Final = 30
LONGEST_DELAY_SECONDS: Final = 60 * 60
FORGET_AFTER_SECONDS: Final = 24 * 60 * 60
# With the waits between them nobody comes near; whoever does waits longest.
MOST_TRIES: Final = 64

_PIN = re.compile(r"[0-9]{4,8}")
_SEQUENCES = ("0123456789", "9876543210")


def validate_pin(pin: str) -> None:
    """Raise ``PinRefused`` unless this is 4 to 8 digits that nobody guesses first."""
    if not _PIN.fullmatch(pin) or len(set(pin)) == 1 or any(pin in row for row in _SEQUENCES):
        raise PinRefused


def hash_pin(pin: str) -> str:
    """Return what is stored of a new PIN. Raises ``PinRefused``."""
    validate_pin(pin)
    return make_password(pin)


def set_pin(*, user: User, pin: str) -> None:
    """Give somebody a new PIN, or none (an empty one). Raises ``PinRefused``."""
    user.pin = hash_pin(pin) if pin else ""
    user.save(update_fields=["pin"])


def check_pin(*, user: User, pin: str) -> bool:
    """Whether this is the person's PIN; without a PIN nothing is. Takes as long either way."""
    if not user.pin:
        make_password(pin)
        return False
    return check_password(pin, user.pin)


def approve(*, code: str, pin: str, act: Act) -> User:
    """Return the person whose operator code and PIN approve ``act`` on somebody else's screen.

    Raises ``NotApproved`` in the same words for an unknown code and a wrong PIN,
    ``TooManyTries`` with the seconds to wait after five wrong ones on a code, and
    ``MayNotApprove`` when the PIN is right and the role is not.
    """
    code = tidy(code)
    tries = _Tries(code)
    tries.begin()
    person = User.objects.filter(code=code, is_active=True).first()
    if not check_pin(user=person or User(), pin=pin) or person is None:
        tries.fail()
        raise NotApproved
    tries.forget()
    if not (may(person, Act.APPROVE) and may(person, act)):
        raise MayNotApprove(name=str(person))
    return person


class _Tries:
    """The wrong PINs typed for one code, counted in the cache, whoever types them.

    A try is counted before the PIN is looked at: a burst of parallel guesses gains nothing. Each
    try takes the next key: of many processes one adds it, where adding one to a number they
    share would lose some.
    """

    def __init__(self, code: str) -> None:
        name = code.encode().hex()[:80]
        self._try_keys = [f"pin-try-{name}-{number}" for number in range(1, MOST_TRIES + 1)]
        self._wait_key = f"pin-wait-{name}"
        self._count = 0

    def begin(self) -> None:
        """Count a try, or refuse it while the wait of the last one lasts."""
        until = cache.get(self._wait_key)
        if until:
            raise TooManyTries(seconds=max(1, round(until - time.time())))
        self._count = self._take_number()
        if self._count > FREE_TRIES and not self._wait():
            raise TooManyTries(seconds=self._delay())

    def _take_number(self) -> int:
        taken = cache.get_many(self._try_keys)
        for number, key in enumerate(self._try_keys, start=1):
            if key not in taken and cache.add(key, 1, FORGET_AFTER_SECONDS):
                return number
        return MOST_TRIES

    def fail(self) -> None:
        """Begin the wait once the free tries are used up."""
        if self._count == FREE_TRIES:
            self._wait()

    def forget(self) -> None:
        """Begin at nothing again after a right PIN."""
        cache.delete_many([*self._try_keys, self._wait_key])

    def _delay(self) -> int:
        doubled = FIRST_DELAY_SECONDS << min(self._count - FREE_TRIES, 10)
        return min(doubled, LONGEST_DELAY_SECONDS)

    def _wait(self) -> bool:
        """Start the wait; False if somebody else's try has started it already."""
        delay = self._delay()
        return cache.add(self._wait_key, time.time() + delay, delay)
