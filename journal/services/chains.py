"""Opening a chain."""

from journal.models import Chain
from journal.sealing import genesis


def open_chain(*, code: str, entity: str) -> Chain:
    """Return the chain ``code`` of an entity (SIREN), made on first use with its h0 (FIS-05)."""
    chain, _made = Chain.objects.get_or_create(
        code=code, defaults={"entity": entity, "seal": genesis(entity=entity, till=code)}
    )
    return chain
