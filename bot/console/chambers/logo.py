"""A chamber's logo as it was uploaded, made harmless: read, checked and written anew, so that nothing but the picture remains."""

from __future__ import annotations

import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

#: Bytes of an upload, and pixels of the side of a picture that is read.
LARGEST, WIDEST = 3 * 2**20, 6_000
#: The longer side of what is kept, pixels: enough for a poster of A3 (about 60 mm at 300 dots an inch).
_SIDE = 1_000
_FORMATS = ("PNG", "JPEG", "WEBP")


def cleaned(upload: bytes) -> bytes:
    """The logo as a PNG.

    Raises:
        ValidationError: when it is no picture, or too large.
    """
    if len(upload) > LARGEST:
        raise ValidationError(_("Ce fichier est trop lourd : 3 Mo au plus."))
    try:
        with Image.open(io.BytesIO(upload), formats=_FORMATS) as picture:
            if max(picture.size) > WIDEST:  # before anything is unpacked
                raise ValidationError(_("Cette image est trop grande : %(most)s pixels de côté au plus.") % {"most": WIDEST})
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("Ce fichier n'est pas une image PNG, JPEG ou WebP.")) from error
    upright.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    upright.save(out, "PNG", optimize=True)
    return out.getvalue()
