"""What may be written to a log about a fault: where it happened and of which kind, never what it was about."""


def without_values(error: BaseException) -> BaseException:
    """The same fault without its text, which may hold what a person typed, an address or a token."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
