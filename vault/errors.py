"""The errors that a person sees, by whose turn it is to act; every layer above raises these.

OptinError
|- Refused         consent, lease, policy or gate says no                        exit code 3
|- BadInput        a file or message is damaged, foreign or forged               exit code 4
|- MissingPart     a key, model, program or file that is needed is not there     exit code 5
`- NotMinted       a type was made by a function that may not make it (a bug)    exit code 1

A message says what happened and what to do. It never holds captured content.
"""


class OptinError(Exception):
    """Base of all errors that speak to a person."""


class Refused(OptinError):  # the word of the design
    """Consent, lease, policy or gate does not allow this; the message says which and what to do."""


class BadInput(OptinError):  # the word of the design
    """Data from outside is damaged, has another form, or its signature does not hold."""


class MissingPart(OptinError):  # the word of the design
    """Something that is needed is not installed or not there."""


class NotMinted(TypeError):  # the word of the design
    """A value of a guarded type was made by a function that does not own it."""
