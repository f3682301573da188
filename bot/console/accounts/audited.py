"""Django's admin with every change in the log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest

from bot.console.accounts import audit


class AuditedAdmin(admin.ModelAdmin):
    """Writes down what is added, changed and deleted, in the transaction that does so.

    Attributes:
        logged: for each model of the page, the word in the log and the field that names a row in it.
    """

    logged: ClassVar[dict[type[Model], tuple[str, str]]] = {}

    def _log(self, request: HttpRequest, obj: Model, what: str, **details: Any) -> None:
        word, named_by = self.logged[type(obj)]
        audit.record(request.user, f"{word}.{what}", str(getattr(obj, named_by)), **details)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and write that down."""
        super().save_model(request, obj, form, change)
        self._log(request, obj, "changed" if change else "added", fields=list(form.changed_data))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows that stand below another one, and write each down."""
        super().save_formset(request, form, formset, change)
        for obj in formset.new_objects:
            self._log(request, obj, "added")
        for obj, fields in formset.changed_objects:
            self._log(request, obj, "changed", fields=list(fields))
        for obj in formset.deleted_objects:
            self._log(request, obj, "deleted")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and write that down."""
        self._log(request, obj, "deleted")
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete several, and write each down."""
        with transaction.atomic():
            for obj in queryset:
                self._log(request, obj, "deleted")
            super().delete_queryset(request, queryset)
