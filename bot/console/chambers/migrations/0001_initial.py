import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import bot.console.chambers.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chamber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("commerce", "commerce, industrie et services"), ("crafts", "artisanat"), ("agriculture", "agriculture")],
                        default="commerce",
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                ("name_fr", models.CharField(max_length=120, verbose_name="nom en français")),
                ("name_ar", models.CharField(max_length=120, verbose_name="nom en arabe")),
                ("region", models.CharField(choices=bot.console.chambers.models.region_choices, max_length=10, verbose_name="région")),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[django.core.validators.RegexValidator("^[+0-9][0-9 ./-]{7,}$", "Ce n'est pas un numéro.")],
                        verbose_name="téléphone",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                (
                    "website",
                    models.CharField(
                        blank=True, max_length=200, validators=[django.core.validators.URLValidator(["https", "http"])], verbose_name="site internet"
                    ),
                ),
                ("address_fr", models.CharField(blank=True, max_length=160, verbose_name="adresse en français")),
                ("address_ar", models.CharField(blank=True, max_length=160, verbose_name="adresse en arabe")),
                ("hours_fr", models.CharField(blank=True, max_length=160, verbose_name="horaires en français")),
                ("hours_ar", models.CharField(blank=True, max_length=160, verbose_name="horaires en arabe")),
                ("welcome_fr", models.CharField(blank=True, max_length=160, verbose_name="accueil en français")),
                ("welcome_ar", models.CharField(blank=True, max_length=160, verbose_name="accueil en arabe")),
                ("welcome_ary", models.CharField(blank=True, max_length=160, verbose_name="accueil en darija")),
                (
                    "sites",
                    models.TextField(
                        blank=True, validators=[bot.console.chambers.models.origins], verbose_name="sites qui peuvent afficher Dalil, un par ligne"
                    ),
                ),
                ("logo", models.BinaryField(blank=True, default=b"", verbose_name="logo")),
            ],
            options={
                "verbose_name": "chambre",
                "verbose_name_plural": "chambres",
                "ordering": ("name_fr",),
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^[a-z0-9][a-z0-9_-]{1,39}$", "Petites lettres sans accent, chiffres, - et _ seulement.")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="titre")),
                (
                    "chamber",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="campaigns", to="chambers.chamber", verbose_name="chambre"),
                ),
            ],
            options={
                "verbose_name": "campagne",
                "verbose_name_plural": "campagnes",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="MonthReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("language", models.CharField(max_length=2)),
                ("content", models.JSONField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("chamber", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="chambers.chamber")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("chamber", "month", "language"), name="one_report_a_month")],
            },
        ),
    ]
