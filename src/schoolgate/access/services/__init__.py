"""What can be done about access. Each act is one transaction and one ledger entry a fact, and tells the gates.

`board` publishes standing, `agreements` and `signing` hold the words and who
agreed to them, `suspending` takes access away for a time, `portal` is for the
children's devices, `devices` keeps the register.
"""

from schoolgate.access.services.agreements import Draft, publish_version, read_draft
from schoolgate.access.services.board import gate_keys, publish_board, published_board
from schoolgate.access.services.devices import import_devices
from schoolgate.access.services.portal import (
    confirm_witness,
    issue_card,
    person_with_card,
    sign_in_at,
    sign_out_at,
)
from schoolgate.access.services.signing import AlreadySigned, sign, sign_class, withdraw_signature
from schoolgate.access.services.suspending import restore, suspend

__all__ = [
    "AlreadySigned",
    "Draft",
    "confirm_witness",
    "gate_keys",
    "import_devices",
    "issue_card",
    "person_with_card",
    "publish_board",
    "publish_version",
    "published_board",
    "read_draft",
    "restore",
    "sign",
    "sign_class",
    "sign_in_at",
    "sign_out_at",
    "suspend",
    "withdraw_signature",
]
