"""The parts of a workbook: a zip file opened without trusting what it says about its sizes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from allocator.reading.sheet import refused

TIMES_UNPACKED = 4
"""How many times the largest file a workbook may hold unpacked; a plan packs to a fifth or less."""

METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1
DAMAGED = "Open it in a spreadsheet and save it again, or save it as CSV UTF-8"

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Parts:
    """The files inside a workbook, each unpacked when it is asked for.

    What is unpacked never exceeds `max_mb` megabytes × TIMES_UNPACKED: `zipfile` stops at the size
    that a part declares, and fails where its content is another.
    """

    def __init__(self, name: str, content: bytes, max_mb: float) -> None:
        """Raise `PlanError` where the zip is damaged, or unpacks to more than a workbook holds."""
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise refused(name, "the workbook is damaged or cut short", DAMAGED) from error
        self._infos = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        size = sum(info.file_size for info in self._zip.infolist())
        if size > max_mb * 1e6 * TIMES_UNPACKED:
            message = f"the workbook unpacks to {size / 1e6:,.0f} MB, far more than a plan has"
            raise refused(name, message, "Save only the plan's sheet, or raise --max-mb")

    def __contains__(self, part: str) -> bool:
        return part in self._infos

    def read(self, part: str) -> bytes:
        """The content of one part. Raises `PlanError` where it can't be had."""
        info = self._infos.get(part)
        if info is None:
            raise refused(self.name, f"the workbook lacks its part {part[:60]!a}", DAMAGED)
        if info.flag_bits & ENCRYPTED:
            raise refused(self.name, "the workbook is protected by a password", "Save it without one")
        if info.compress_type not in METHODS:
            raise refused(self.name, "the workbook is packed in an unknown way", DAMAGED)
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as e:
            raise refused(self.name, "the workbook is damaged or cut short", DAMAGED) from e

    def parse(self, part: str, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """Read one part as XML; names come without their prefix. Raises `PlanError` if it isn't XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def first(tag: str, given: dict[str, str]) -> None:
            """The first element shows whether names carry prefixes, which hardly any workbook has."""
            prefixed = ":" in tag
            parser.StartElementHandler = _unprefixed_start(start) if prefixed else start
            if end is not None:
                parser.EndElementHandler = _unprefixed_end(end) if prefixed else end
            parser.StartElementHandler(tag, given)

        parser.StartElementHandler = first
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(self.read(part), True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise refused(self.name, f"the workbook is damaged in {part[:60]!a}", DAMAGED) from error

    def _doctype(self, *_: object) -> None:
        """No spreadsheet writes one; it is where XML hides what grows when it is read."""
        raise refused(self.name, "the workbook declares entities, as no spreadsheet does", DAMAGED)


def _unprefixed_start(start: Start) -> Start:
    return lambda tag, given: start(tag.rpartition(":")[2], given)


def _unprefixed_end(end: End) -> End:
    return lambda tag: end(tag.rpartition(":")[2])
