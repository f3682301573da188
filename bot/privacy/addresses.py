"""People's addresses, encrypted: kept for sending only, of no use to who gets hold of the database without the key.

Fernet (AES-128-CBC and HMAC-SHA-256, https://github.com/fernet/spec) with a key of its own, derived from the secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


class UnreadableAddress(Exception):
    """The address was encrypted with another secret, or is damaged."""


class AddressBook:
    """Encrypts and decrypts addresses.

    Args:
        key: the installation's secret.
    """

    def __init__(self, key: bytes) -> None:
        derived = hmac.new(key, b"address encryption", hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def encrypt(self, address: str) -> str:
        """The address as it may be stored."""
        return self._fernet.encrypt(address.encode()).decode()

    def decrypt(self, stored: str) -> str:
        """The address as it was.

        Raises:
            UnreadableAddress: when it was not encrypted with this secret.
        """
        try:
            return self._fernet.decrypt(stored.encode()).decode()
        except InvalidToken as error:
            raise UnreadableAddress from error
