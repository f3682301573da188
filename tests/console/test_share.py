"""`dalil share kit`: the campaign as the console stores it, the kit in a folder and in a zip, one clear sentence where it cannot be made."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from bot.cli import main
from bot.console.chambers.models import Campaign, Chamber
from tests.sharing.conftest import a_logo
from tests.tools import environment
from tests.vendors.faults import Fault, Kind
from tests.vendors.telegram import FakeTelegram

pytestmark = pytest.mark.usefixtures("console_url")

_PUBLIC = {"PUBLIC_URL": "https://dalil.example.ma", "TELEGRAM_WEBHOOK_SECRET": "s" * 32}


@pytest.fixture
def campaign(console_url: str) -> Campaign:
    chamber = Chamber.objects.create(name_fr="Chambre d'artisanat", name_ar="غرفة الصناعة التقليدية", region="09", phone="05 28 85 12 34", logo=a_logo())
    return Campaign.objects.create(code="souk-taroudant", title="Souk de Taroudant", chamber=chamber)


def _kit(*words: str, **variables: str) -> Result:
    with environment(**variables):
        return CliRunner().invoke(main, ["share", "kit", *words])


def test_the_kit_is_a_folder_and_a_zip_and_its_links_are_printed(campaign: Campaign, unnamed_telegram: FakeTelegram, tmp_path: Path) -> None:
    variables = {"TELEGRAM_BOT_TOKEN": unnamed_telegram.token, "TELEGRAM_API_URL": unnamed_telegram.url, **_PUBLIC}
    folder = tmp_path / "new" / "dalil-souk-taroudant"
    folder.mkdir(parents=True)
    (folder / "carre-ar-fr.png").write_text("an older one")
    done = _kit("SOUK-Taroudant", "--folder", str(tmp_path / "new"), **variables)
    assert done.exit_code == 0, done.output
    assert "telegram  https://t.me/dalil_test_bot?start=souk-taroudant" in done.output
    assert "web  https://dalil.example.ma/chat?c=souk-taroudant" in done.output
    assert "Sites: the chamber lists none" in done.output
    (found,) = zxingcpp.read_barcodes(Image.open(folder / "carre-ar-fr.png"))
    assert found.text == "https://t.me/dalil_test_bot?start=souk-taroudant"
    with zipfile.ZipFile(tmp_path / "new" / "dalil-souk-taroudant.zip") as archive:
        assert sorted(archive.namelist()) == sorted(f"{folder.name}/{path.name}" for path in folder.iterdir())
        assert f"{len(archive.namelist())} files are in {folder}" in done.output


def test_without_telegrams_answer_the_rest_is_made(campaign: Campaign, unnamed_telegram: FakeTelegram, tmp_path: Path) -> None:
    unnamed_telegram.faults.add(Fault(Kind.SERVER_ERROR))
    done = _kit("souk-taroudant", "--folder", str(tmp_path), TELEGRAM_BOT_TOKEN=unnamed_telegram.token, TELEGRAM_API_URL=unnamed_telegram.url, **_PUBLIC)
    assert done.exit_code == 0, done.output
    assert "Telegram: the bot's name is not known. Try again later, or set TELEGRAM_BOT_USERNAME." in done.output
    assert "Telegram could not be asked" in done.output
    readme = (tmp_path / "dalil-souk-taroudant" / "README.txt").read_text(encoding="utf-8-sig")
    assert "TELEGRAM_BOT_USERNAME" in readme
    assert (tmp_path / "dalil-souk-taroudant" / "qr-web.svg").exists()


def test_an_unknown_code_is_said(tmp_path: Path) -> None:
    done = _kit("nowhere", "--folder", str(tmp_path), **_PUBLIC)
    assert done.exit_code == 1
    assert done.output == "Error: There is no campaign with the code nowhere. Campaigns are made in the console.\n"
    assert not (tmp_path / "dalil-nowhere").exists()


def test_without_a_channel_it_says_what_to_set(campaign: Campaign, tmp_path: Path) -> None:
    done = _kit("souk-taroudant", "--folder", str(tmp_path))
    assert done.exit_code == 1
    assert done.output.startswith("Error: No channel can be linked to: set PUBLIC_URL")


def test_a_folder_that_cannot_be_written_is_said(campaign: Campaign, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = _kit("souk-taroudant", "--folder", str(tmp_path / "file"), **_PUBLIC)
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "cannot be written to" in done.output
