"""Staff accounts and the audit log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.console.accounts.roles import Role, allows


class StaffManager(BaseUserManager):
    """Makes accounts."""

    def add(self, **values: Any) -> Staff:
        """Make an account; `password` is hashed.

        Raises:
            django.core.exceptions.ValidationError: when a value is not right, or the password is weak.
        """
        password = values.pop("password")
        staff = Staff(**values)
        staff.full_clean(exclude=["password"])
        staff.set_strong_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """An account. Its rights follow from its role (roles.py); there is no superuser."""

    username = models.CharField(
        _("identifiant"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("Cet identifiant est déjà pris.")},
    )
    name = models.CharField(_("nom affiché"), max_length=120, blank=True)
    role = models.CharField(_("rôle"), max_length=20, choices=Role.choices, default=Role.REVIEWER)
    chamber = models.ForeignKey("chambers.Chamber", models.PROTECT, null=True, blank=True, verbose_name=_("chambre"))
    language = models.CharField(_("langue de la console"), max_length=2, choices=[("fr", "Français"), ("ar", "العربية")], default="fr")
    reads_arabic = models.BooleanField(_("lit l'arabe"), default=True, help_text=_("Sinon, le texte français de chaque réponse est affiché à côté."))
    is_active = models.BooleanField(_("actif"), default=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        ordering = ("username",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role=Role.CHAMBER, chamber__isnull=False) | (~models.Q(role=Role.CHAMBER) & models.Q(chamber__isnull=True)),
                name="chamber_accounts_have_a_chamber",
                violation_error_message=_("Un compte de chambre, et lui seul, a une chambre."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def set_strong_password(self, password: str) -> None:
        """Set a password; the account is still to be saved.

        Raises:
            django.core.exceptions.ValidationError: when it is weak.
        """
        validate_password(password, self)
        self.set_password(password)

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets the account in; what it sees there follows from its rights."""
        return self.is_active and self.role in (Role.MANAGER, Role.EDITOR)

    def has_perm(self, permission: str, _object: Any = None) -> bool:
        """Whether the account has a right, in Django's form `app.name`."""
        return self.is_active and allows(self.role, permission)

    def has_perms(self, permissions: list[str], _object: Any = None) -> bool:
        """Whether it has all of them."""
        return all(self.has_perm(permission) for permission in permissions)

    def has_module_perms(self, app: str) -> bool:
        """Whether the admin shows anything of an app."""
        return self.is_staff


class AuditEntry(models.Model):
    """Who read or changed what. Entries are only ever added; they name people by pseudonym."""

    at = models.DateTimeField(_("quand"), auto_now_add=True, db_index=True)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, verbose_name=_("compte"))
    who = models.CharField(_("identifiant"), max_length=60)
    action = models.CharField(_("action"), max_length=40, db_index=True)
    target = models.CharField(_("objet"), max_length=200, blank=True)
    details = models.JSONField(_("détails"), default=dict, blank=True)

    class Meta:
        verbose_name = _("entrée du journal")
        verbose_name_plural = _("journal")
        ordering = ("-at", "-id")
        indexes: ClassVar = [models.Index(fields=["target", "action"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.action} {self.target}"
