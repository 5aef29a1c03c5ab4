"""Jobs that must follow: rows of the same transaction, so they exist if and only if it commits."""

from django.utils.module_loading import import_string


def enqueue(path: str, /, **arguments: object) -> None:
    """Enqueue the task at a dotted path (``payments.tasks.send_tickets``) with plain arguments.

    A dotted path, because services stand below the tasks that call them. Every task is
    idempotent: a worker that dies is followed by ``tick``, which enqueues again what is late.
    """
    import_string(path).enqueue(**arguments)
