"""Local servers that play Telegram and Twilio, and check every request against the vendors' published specifications."""

from tests.vendors.faults import Fault, Faults, Kind
from tests.vendors.specification import SpecificationMissing, TelegramSpecification, TwilioSpecification, Upload
from tests.vendors.telegram import FakeTelegram
from tests.vendors.twilio import FakeTwilio, Outcome

__all__ = ["FakeTelegram", "FakeTwilio", "Fault", "Faults", "Kind", "Outcome", "SpecificationMissing", "TelegramSpecification", "TwilioSpecification", "Upload"]
