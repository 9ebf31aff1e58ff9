"""Crypto-PAn: prefix-preserving pseudonyms of addresses (Xu, Fan, Ammar, Moon, ICNP 2002).

Two addresses whose first n bits agree get pseudonyms whose first n bits agree, and no more: bit n of an
address is flipped or not as a pseudorandom function of the n bits before it says.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_SIZE: Final = 32
_BLOCK: Final = 16
_BITS: Final = 128
_ALL: Final = (1 << _BITS) - 1


class CryptoPan:
    """The original scheme with AES-128."""

    def __init__(self, key: bytes) -> None:
        """Take a key: 16 bytes for AES, and 16 that are enciphered to fill blocks up."""
        if len(key) != KEY_SIZE:
            message = f"a key of Crypto-PAn has {KEY_SIZE} bytes"
            raise ValueError(message)
        # ECB because every block is a question of its own to the pseudorandom function.
        self._aes = Cipher(algorithms.AES128(key[:_BLOCK]), modes.ECB())  # noqa: S305
        self._pad = int.from_bytes(self._enciphered(key[_BLOCK:]))

    def _enciphered(self, blocks: bytes) -> bytes:
        encryptor = self._aes.encryptor()
        return encryptor.update(blocks) + encryptor.finalize()

    def pseudonym(self, address: int, width: int) -> int:
        """Return the pseudonym of an address of 32 or 128 bits."""
        return address ^ self.flips(address, width)

    def flips(self, address: int, width: int) -> int:
        """Return the bits of an address that change."""
        aligned = address << (_BITS - width)
        blocks = bytearray()
        for known in range(width):
            rest = _ALL >> known
            blocks += ((aligned & ~rest) | (self._pad & rest)).to_bytes(_BLOCK)
        answers = self._enciphered(bytes(blocks))
        found = 0
        for at in range(0, width * _BLOCK, _BLOCK):
            found = found << 1 | answers[at] >> 7
        return found
