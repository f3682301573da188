"""Who may do what. A staff account has one role; a role is a set of rights, fixed here so that it can be read and tested."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account is for."""

    REVIEWER = "reviewer", _("Relecture")
    EDITOR = "editor", _("Rédaction")
    MANAGER = "manager", _("Responsable")
    CHAMBER = "chamber", _("Chambre")


class Right(str):
    """A right as Django writes it: `accounts.<name>`."""


READ = Right("accounts.read_conversations")
REVIEW = Right("accounts.review")
ANSWER = Right("accounts.answer_cases")
SEE_FIGURES = Right("accounts.see_figures")
ASSIGN = Right("accounts.assign")
APPROVE = Right("accounts.approve_corrections")
TRAIN = Right("accounts.train")
EXPORT = Right("accounts.export")
EDIT = Right("accounts.edit_texts")
PROMOTE = Right("accounts.promote_models")
REVEAL = Right("accounts.reveal_addresses")
STEER = Right("accounts.steer")
ERASE = Right("accounts.erase_data")
MANAGE_STAFF = Right("accounts.manage_staff")
READ_AUDIT = Right("accounts.read_audit")
SHARE = Right("accounts.share")  # a chamber's record, codes, kit and reports; its own account has it for its own chamber
MANAGE_CHAMBERS = Right("accounts.manage_chambers")
PUBLISH = Right("accounts.publish_observatory")

_REVIEWER = frozenset((READ, REVIEW, ANSWER, SEE_FIGURES))
_EDITOR = _REVIEWER | {ASSIGN, APPROVE, TRAIN, EXPORT, EDIT}
_MANAGER = _EDITOR | {PROMOTE, REVEAL, STEER, ERASE, MANAGE_STAFF, READ_AUDIT, SHARE, MANAGE_CHAMBERS, PUBLISH}

RIGHTS: dict[str, frozenset[Right]] = {
    Role.REVIEWER: _REVIEWER,
    Role.EDITOR: _EDITOR,
    Role.MANAGER: _MANAGER,
    Role.CHAMBER: frozenset((SEE_FIGURES, SHARE)),  # of its own public only (bot/console/figures)
}

#: What a right opens in Django's admin: app labels and models, and what may be done there.
ADMIN: dict[Right, tuple[str, ...]] = {
    MANAGE_STAFF: ("accounts.view_staff", "accounts.change_staff", "accounts.add_staff", "chambers.*"),
    READ_AUDIT: ("accounts.view_auditentry",),
    EDIT: ("review.view_tag", "review.add_tag", "review.change_tag", "review.delete_tag", "desk.view_cannedreply", "desk.add_cannedreply")
    + ("desk.change_cannedreply", "desk.delete_cannedreply"),
}


def allows(role: str, permission: str) -> bool:
    """Whether a role has a right, or a permission of Django's admin that comes with one."""
    rights = RIGHTS.get(role, frozenset())
    if permission in rights:
        return True
    opened = [name for right in rights for name in ADMIN.get(right, ())]
    return permission in opened or f"{permission.partition('.')[0]}.*" in opened
