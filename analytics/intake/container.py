"""From the bytes of an upload to one UTF-8 text file: gzip, .xlsx, encodings, control characters, line ends.

A file that is plain UTF-8 already is used where it lies; anything else is written anew, in one pass.
"""

from __future__ import annotations

import codecs
import hashlib
import itertools
import re
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from analytics.intake import encodings, spreadsheet
from analytics.intake.contract import Limits
from analytics.intake.messages import Message, note, refuse
from analytics.language import gettext as _
from analytics.language import marked

CHUNK = 4 * 1024 * 1024
SCANNED = 1024 * 1024  # bytes at a time that stay in a processor's own memory
_CONTROL_BYTES = bytes(c for c in range(32) if c not in (0, 9, 10, 13)) + b"\x7f"
_CONTROL_TEXT = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_MAGIC = (
    (b"PAR1", marked("a Parquet file")), (b"%PDF", marked("a PDF")), (b"SQLite format 3\x00", marked("an SQLite database")),
    (b"\x89PNG", marked("a picture")), (b"\xff\xd8\xff", marked("a picture")), (b"GIF8", marked("a picture")), (b"ORC", marked("an ORC file")),
    (b"Obj\x01", marked("an Avro file")), (b"7z\xbc\xaf", marked("a 7-Zip archive")), (b"Rar!", marked("a RAR archive")),
    (b"BZh", marked("a bzip2 file")), (b"\xfd7zXZ", marked("an xz file")), (b"(\xb5/\xfd", marked("a Zstandard file")),
    (b"\x7fELF", marked("a program")), (b"MZ\x90", marked("a program")), (b"ARROW1", marked("an Arrow file")),
)  # fmt: skip
_INVISIBLE = tuple(mark.encode() for mark in "\u00a0\u3000\u200b\u2060\ufeff\u00ad")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Text:
    """A UTF-8 text file and what one pass over its bytes told; lines are counted by their line feeds."""

    path: Path
    sha256: str = ""
    size_bytes: int = 0
    ascii: bool = True
    quotes: int = 0
    line_feeds: int = 0
    carriage_returns: int = 0
    crlf: int = 0
    control_bytes: int = 0
    blanks: bool = False  # whether there are any bytes that could be blanks around a value
    invisible: bool = False  # no-break and ideographic spaces, zero-width spaces, soft hyphens
    exponents: bool = False  # E+, as in an id that a spreadsheet shortened
    nul_at: int | None = None
    last_byte: bytes = b""
    notes: list[Message] = field(default_factory=list)

    @property
    def odd_line_ends(self) -> bool:
        """Line ends that are neither all LF nor all CRLF: the parser needs one kind."""
        return self.crlf not in (0, self.line_feeds) or (self.line_feeds == 0 and self.carriage_returns > 0)


def open_text(source: Path, name: str, scratch: Path, limits: Limits) -> Text:
    """`source` as UTF-8 text without NUL, control characters, byte-order marks or mixed line ends.

    Raises Refused where the file is no text, is damaged, or is larger than `limits` allow.
    """
    notes: list[Message] = []
    with source.open("rb") as file:
        head = file.read(4096)
    path = source
    if head.startswith(b"\x1f\x8b"):
        path = _unpacked(source, scratch, limits)
        with path.open("rb") as file:
            head = file.read(4096)
        _refuse_nested(head)
        if not name.lower().endswith((".gz", ".gzip")):
            notes.append(
                note(
                    "W_COMPRESSED",
                    _("The file is gzip-compressed though its name does not say so; it was unpacked."),
                )
            )
    elif source.stat().st_size > limits.unpacked_bytes:
        raise refuse("E_TOO_LARGE_UNPACKED", _too_large(limits))
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        path, more = spreadsheet.to_csv(path, name, scratch / "sheet.csv", limits)
        notes.extend(more)
        head = path.read_bytes()[:4096]
    _refuse_binary(head)
    text = _scanned(path)
    text.sha256 = text.sha256 if path == source else _sha256(source)
    text.notes = notes
    return _as_utf8(text, head, scratch / "text.csv")


def rescanned(text: Text, path: Path) -> Text:
    """The facts of `text` for a part of it that was written to `path`."""
    part = _scanned(path)
    part.sha256, part.size_bytes, part.notes = text.sha256, text.size_bytes, text.notes
    return part


def _refuse_nested(head: bytes) -> None:
    if head.startswith(b"\x1f\x8b"):
        raise refuse(
            "E_COMPRESSED_NESTED", _("The file is compressed twice; unpack it once and upload it again.")
        )


def _too_large(limits: Limits) -> str:
    return _(
        "The file holds more than {limit:.3g} GB once unpacked, which is the limit; split it by quarter "
        "and upload the parts."
    ).format(limit=limits.unpacked_bytes / 1024**3)


def _unpacked(source: Path, scratch: Path, limits: Limits) -> Path:
    target, written, read = scratch / "unpacked.csv", 0, 0
    with target.open("wb") as out:
        for piece, read in _inflate(source):
            written += len(piece)
            if written > limits.bomb_bytes and written > limits.bomb_ratio * read:
                raise refuse(
                    "E_TOO_LARGE_UNPACKED",
                    _(
                        "The compressed file grows more than {times}-fold past {size} MB, as only a damaged or hostile "
                        "file does; upload it unpacked."
                    ).format(times=limits.bomb_ratio, size=limits.bomb_bytes // 1024**2),
                )
            if written > limits.unpacked_bytes:
                raise refuse("E_TOO_LARGE_UNPACKED", _too_large(limits))
            out.write(piece)
    return target


def _inflate(source: Path) -> Iterator[tuple[bytes, int]]:
    damaged = refuse("E_COMPRESSED_DAMAGED", _("The compressed file is damaged or cut off; export it again."))
    inflater, read = zlib.decompressobj(31), 0
    with source.open("rb") as file:
        while raw := file.read(64 * 1024):
            read += len(raw)
            while raw:
                try:
                    piece = inflater.decompress(raw, CHUNK)
                except zlib.error as fault:
                    raise damaged from fault
                if piece:
                    yield piece, read
                raw = inflater.unconsumed_tail
                if inflater.eof:
                    raw = inflater.unused_data.lstrip(b"\x00")
                    if raw:
                        inflater = zlib.decompressobj(31)
    if not inflater.eof:
        raise damaged


def _refuse_binary(head: bytes) -> None:
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise refuse(
                "E_BINARY",
                _("The file is {what}, not a table in text; export it as CSV.").format(what=_(what)),
            )
    if head.startswith(_OLD_EXCEL):
        raise refuse(
            "E_BINARY",
            _("The file is an old Excel workbook (.xls); save it as CSV or .xlsx and upload that."),
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _scanned(path: Path) -> Text:
    text, digest = Text(path, size_bytes=path.stat().st_size), hashlib.sha256()
    # Two buffers in turn: one is hashed beside (hashlib lets go of the lock) while the next is read and counted.
    buffers, hashing = (bytearray(SCANNED), bytearray(SCANNED)), None
    previous = b""
    with path.open("rb", buffering=0) as file, ThreadPoolExecutor(1) as beside:
        for buffer in itertools.cycle(buffers):
            size = file.readinto(buffer)
            chunk = buffer if size == SCANNED else buffer[:size]
            if hashing:
                hashing.result()
            if not size:
                break
            hashing = beside.submit(digest.update, chunk)
            _count(text, chunk, previous)
            previous = bytes(chunk[-2:])
    text.last_byte, text.sha256 = previous[-1:], digest.hexdigest()
    return text


def _count(text: Text, chunk: bytearray, previous: bytes) -> None:
    """Adds what `chunk` shows; `previous` are the two bytes before it, for what lies across the seam."""
    # Looking whether a byte occurs is ten times as fast as counting it, and numpy counts faster than bytes.count.
    codes, seam = np.frombuffer(chunk, np.uint8), previous + chunk[:2]
    if text.nul_at is None and (at := chunk.find(0)) >= 0:
        text.nul_at = text.line_feeds + chunk.count(b"\n", 0, at) + 1
    text.quotes += chunk.count(b'"') if b'"' in chunk else 0
    line_feeds = int(np.count_nonzero(codes == 10))
    if int(np.count_nonzero(codes < 32)) > line_feeds or b"\x7f" in chunk:
        text.control_bytes += len(chunk) - len(chunk.translate(None, _CONTROL_BYTES))
    text.line_feeds += line_feeds
    text.blanks = text.blanks or b" " in chunk
    if not chunk.isascii():
        text.ascii = False
        if any(mark in chunk or mark in seam for mark in _INVISIBLE):
            text.invisible = text.blanks = True
    text.exponents = text.exponents or b"E+" in seam or (b"+" in chunk and b"E+" in chunk)
    if b"\r" in chunk or previous.endswith(b"\r"):
        text.carriage_returns += chunk.count(b"\r")
        text.crlf += chunk.count(b"\r\n") + (previous.endswith(b"\r") and chunk.startswith(b"\n"))


def _as_utf8(text: Text, head: bytes, target: Path) -> Text:
    mark = encodings.byte_order_mark(head)
    encoding = mark[0] if mark else encodings.utf16_without_mark(head) or "utf-8"
    if encoding.startswith("utf-32"):
        raise refuse(
            "E_ENCODING", _("The file is UTF-32, which no export uses; save it as CSV UTF-8 and upload that.")
        )
    if encoding == "utf-8":
        if text.nul_at is not None:
            _refuse_nul(head, text.nul_at)
        if not text.ascii and (fault := _first_undecodable(text.path)):
            encoding = _guessed(text, fault)
        elif (
            not text.control_bytes
            and not text.odd_line_ends
            and not mark
            and not (not text.ascii and _is_suspect(text.path))
        ):
            return text
    return _rewritten(text, encoding, mark[1] if mark else 0, target)


# Bytes of what the cleaner would mend: text decoded wrongly once, signs that turn the writing around, a lost mark.
_SUSPECT = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|[\xc5\xc6\xcb\xe2])|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf"
)


def _is_suspect(path: Path) -> bool:
    """Whether UTF-8 text holds anything to be mended; a chunk begins where the last one's tail ended."""
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            piece = tail + chunk
            if not piece.isascii() and _SUSPECT.search(piece):
                return True
            tail = piece[-5:]
    return False


def _refuse_nul(head: bytes, line: int) -> None:
    if head.count(0) > 0.05 * len(head):
        raise refuse("E_BINARY", _("The file is binary, not a table in text; export it as CSV."))
    raise refuse(
        "E_NUL",
        _("Line {line} holds a NUL byte, so the file is damaged; export it again.").format(line=line),
        line=line,
    )


def _first_undecodable(path: Path) -> int | None:
    """Line of the first byte that is no UTF-8, None where all of it is."""
    decoder, lines = codecs.getincrementaldecoder("utf-8")(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as fault:
                return lines + fault.object[: fault.start].count(b"\n") + 1
            lines += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines + 1
    return None


def _guessed(text: Text, line: int) -> str:
    header, sample = _non_ascii_lines(text.path)
    encoding = None if encodings.is_mixed(sample) else encodings.guess_legacy([header, *sample])
    if encoding is None or not _decodes_whole(text.path, encoding):
        raise refuse(
            "E_ENCODING",
            _(
                "Line {line} holds bytes that are no valid UTF-8 and fit no other encoding as a whole; save the "
                "file as CSV UTF-8 and upload it again."
            ).format(line=line),
            line=line,
        )
    shown = next((s for s in sample if not s.isascii()), b"").decode(encoding, errors="replace").strip()
    text.notes.append(
        note(
            "W_ENCODING_GUESSED",
            _(
                "The file is not UTF-8; it was read as {encoding}. Check that names look right: {shown}"
            ).format(encoding=encodings.NAMES[encoding], shown=shown[:60]),
        )
    )
    return encoding


def _non_ascii_lines(path: Path, most: int = 2000) -> tuple[bytes, list[bytes]]:
    with path.open("rb") as file:
        header = file.readline(64 * 1024)
        sample = [] if header.isascii() else [header]
        for line in file:
            if not line.isascii():
                sample.append(line[:4000])
                if len(sample) >= most:
                    break
    return header, sample


def _decodes_whole(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _rewritten(text: Text, encoding: str, skip: int, target: Path) -> Text:
    """The file decoded, cleaned and written as UTF-8 with one kind of line end."""
    clean = _Cleaner(text)
    with text.path.open("rb") as file, target.open("wb") as out:
        file.seek(skip)
        decoder = codecs.getincrementaldecoder(encoding)()
        rest = ""
        while True:
            chunk = file.read(CHUNK)
            try:
                rest += decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                raise refuse("E_ENCODING", _("The file is cut off or damaged: {encoding} text ends within a character; export it again.").format(encoding=encoding)) from fault  # fmt: skip
            cut = rest.rfind("\n") + 1 if chunk else len(rest)
            out.write(clean(rest[:cut]).encode())
            rest = rest[cut:]
            if not chunk:
                break
    clean.say()
    done = rescanned(text, target)
    if done.nul_at is not None:
        _refuse_nul(b"", done.nul_at)
    return done


class _Cleaner:
    """Cleans text piece by piece (whole lines) and remembers what it did, for the notes."""

    def __init__(self, text: Text) -> None:
        self.text, self.first = text, True
        self.marks = self.controls = self.mojibake = 0
        self.old_mac = text.line_feeds == 0 and text.carriage_returns > 0

    def __call__(self, piece: str) -> str:
        if self.first:
            bare = piece.lstrip("\ufeff")
            self.marks, piece, self.first = len(piece) - len(bare), bare, False
        piece = piece.replace("\r\n", "\n")
        if self.old_mac:
            piece = piece.replace("\r", "\n")
        piece, removed = _CONTROL_TEXT.subn("", piece)
        self.controls += removed
        if not piece.isascii() and (mended := encodings.mojibake_repaired(piece)) is not None:
            self.mojibake += 1
            piece = mended
        return piece

    def say(self) -> None:
        notes = self.text.notes
        if self.marks:
            notes.append(
                note("W_BOM", _("The file begins with a second byte-order mark, which was removed."))
            )
        if self.controls:
            notes.append(
                note(
                    "W_CONTROL_CHARS",
                    _("{count} invisible control characters were removed.").format(count=self.controls),
                )
            )
        if self.mojibake:
            notes.append(
                note(
                    "W_MOJIBAKE",
                    _("Letters that had been decoded wrongly once (such as Ã¼ for ü) were mended."),
                )
            )
