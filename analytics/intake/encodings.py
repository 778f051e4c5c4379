"""Which encoding a file is in, from evidence: strict decoding, known header words, and plausible letters.

A wrong guess corrupts names silently, so a candidate must decode every byte, and its text must look like
words of the languages that are written in it; where two candidates remain, the header words and
charset-normalizer decide between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from analytics.intake.contract import KINDS, normalised

LEGACY = ("cp949", "cp932", "gb18030", "cp1252", "cp1250", "cp1251")
NAMES = {
    "cp949": "CP949 (Korean)",
    "cp932": "Shift-JIS (Japanese)",
    "gb18030": "GB18030 (Chinese)",
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1250": "Windows-1250 (Central Europe)",
    "cp1251": "Windows-1251 (Cyrillic)",
}
_BOMS = ((b"\xff\xfe\x00\x00", "utf-32-le"), (b"\x00\x00\xfe\xff", "utf-32-be"), (b"\xef\xbb\xbf", "utf-8"),
         (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))  # fmt: skip

# Letters and signs that occur in running text of each code page; what is missing here is a sign of damage.
_PUNCTUATION = set("€£¥§°²³´·«»–—‘’‚“”„…•©®™½¼¾ªº¡¿×¨ \xa0‹›†‰")
_WESTERN = set("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþŠšŽžŒœ")
_CENTRAL = set("ĄąĆćĘęŁłŃńÓóŚśŹźŻżÁáČčĎďÉéĚěÍíŇňŘřŠšŤťÚúŮůÝýŽžŐőŰűÖöÜüÄäËëÔôĹĺĽľŔŕÂâĂăÎîŞşŢţÇçßĐđ")
# Bytes that are letters in Windows-1250 but signs in Windows-1252: between two letters they settle it.
_CENTRAL_ONLY = re.compile(rb"[A-Za-z\xc0-\xff][\xa3\xa5\xaa\xaf\xb3\xb9\xba\xbc\xbe\xbf\x8f\x9d\x8d]"
                           rb"|[\x8a\x8e\x9a\x9e\xb3\xb9\xbf][a-z]*[\xe8\xec\xef\xf2\xf8\xf9]"
                           rb"|[\xe8\xec\xef\xf2\xf8\xf9][a-z]*[\x8a\x8e\x9a\x9e]")  # fmt: skip


def byte_order_mark(head: bytes) -> tuple[str, int] | None:
    """Encoding and length of the byte-order mark that `head` begins with, if any."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    return None


def utf16_without_mark(head: bytes) -> str | None:
    """utf-16-le or -be where every other byte of mostly ASCII text is NUL and there is no byte-order mark."""
    if len(head) < 20 or b"\x00" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * len(head) and odd == 0 else None


def guess_legacy(lines: list[bytes]) -> str | None:
    """The legacy encoding of lines that are no UTF-8, or None where none is plausible.

    `lines` are the header and a sample of the lines that hold a byte above 127.
    """
    sample = b"\n".join(lines)
    candidates = [e for e in LEGACY if _decodes(sample, e) and _plausible(sample, e)]
    known = {e: _known_headers(sample.decode(e)) for e in candidates}
    if known and max(known.values()) > 0:
        best = max(known.values())
        ascii_only = _known_headers(sample.decode("ascii", errors="replace"))
        if best > ascii_only:
            candidates = [e for e in candidates if known[e] == best]
    return _settle(sample, candidates)


def is_mixed(lines: Iterable[bytes]) -> bool:
    """True where a good part of the non-ASCII lines is valid UTF-8 and others are not: two systems glued."""
    valid = invalid = 0
    for line in lines:
        if _decodes(line, "utf-8"):
            valid += 1
        else:
            invalid += 1
    return valid * 2 >= invalid and valid > 0 and invalid > 0


def mojibake_repaired(text: str) -> str | None:
    """UTF-8 that was once decoded as Windows-1252, decoded again; None where the text is not of that kind."""
    if not _MOJIBAKE.search(text):
        return None
    repaired, failed = [], False
    for part in re.split(r"([^\x00-\x7f]+)", text):
        mended = _undo(part) if part and not part.isascii() else part
        failed = failed or mended is None
        repaired.append(mended or "")
    return None if failed else "".join(repaired)


_MOJIBAKE = re.compile(r"[\xc2-\xf4][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def _undo(run: str) -> str | None:
    raw = bytearray()
    for c in run:
        try:
            raw += c.encode("cp1252")
        except UnicodeEncodeError:
            if ord(c) > 255:
                return None
            raw.append(ord(c))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _known_headers(text: str) -> int:
    words = {normalised(w) for w in re.split(r"[,;\t|\n\r\"]", text[:4000])}
    return len(words & _HEADER_WORDS)


_HEADER_WORDS = {
    normalised(word)
    for kind in KINDS.values()
    for column in kind.columns
    for word in (column.name, *column.synonyms, *column.fallbacks, *column.suggestions)
}


def _plausible(sample: bytes, encoding: str) -> bool:
    text = sample.decode(encoding)
    letters = [c for c in text if not c.isascii()]
    if not letters:
        return False
    check = {"cp949": _korean, "cp932": _japanese, "gb18030": _chinese, "cp1251": _cyrillic}.get(encoding)
    if check:
        return check(letters)
    alphabet = _WESTERN if encoding == "cp1252" else _CENTRAL
    return all(c in alphabet or c in _PUNCTUATION for c in letters) and not _foreign_words(text)


def _korean(letters: list[str]) -> bool:
    hangul = [c for c in letters if "가" <= c <= "힣" or "ㄱ" <= c <= "ㆎ"]
    signs = sum(unicodedata.category(c)[0] in "PSZ" or c == "원" for c in letters)
    # The 2,350 syllables of KS X 1001 make up nearly all of Korean; other bytes read as CP949 fall beside them.
    usual = sum(_in_ks_x_1001(c) for c in hangul)
    return len(hangul) >= 1 and len(hangul) + signs >= 0.85 * len(letters) and usual >= 0.5 * len(hangul)


def _in_ks_x_1001(syllable: str) -> bool:
    try:
        return len(syllable.encode("euc_kr")) == 2  # the codec spells other syllables out in eight bytes
    except UnicodeEncodeError:
        return False


def _japanese(letters: list[str]) -> bool:
    full = sum("ぁ" <= c <= "ヺ" or c == "ー" for c in letters)
    half = sum("｡" <= c <= "ﾟ" for c in letters)
    ideographs = sum("一" <= c <= "鿿" for c in letters)
    return half <= 0.1 * len(letters) and full + ideographs >= 0.85 * len(letters) and full >= 1


def _chinese(letters: list[str]) -> bool:
    # GB2312 holds the 6,763 ideographs in use; wrong readings of other code pages fall outside it or are rare.
    common = 0
    for c in letters:
        try:
            raw = c.encode("gb2312")
        except UnicodeEncodeError:
            continue
        common += 0xA1 <= raw[0] <= 0xF7 and ("一" <= c <= "鿿" or unicodedata.category(c)[0] in "PSZ")
    return common >= 0.9 * len(letters)


def _cyrillic(letters: list[str]) -> bool:
    cyrillic = sum("А" <= c <= "я" or c in "ЁёІіЇїЄєҐґ" for c in letters)
    lower = sum("а" <= c <= "я" for c in letters)
    return cyrillic >= 0.9 * len(letters) and lower >= 0.5 * cyrillic and cyrillic >= 4


def _foreign_words(text: str) -> bool:
    # Cyrillic or East Asian text read as Windows-1252 gives whole words of accented letters: no language has them.
    words = [w for w in re.findall(r"[^\W\d_]+", text) if not w.isascii()]
    whole = [w for w in words if len(w) >= 3 and not any(c.isascii() for c in w)]
    return len(whole) > 0.5 * len(words)


def _settle(sample: bytes, candidates: list[str]) -> str | None:
    if {"cp1252", "cp1250"} <= set(candidates):
        candidates.remove("cp1252" if _CENTRAL_ONLY.search(sample) else "cp1250")
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    if "cp949" in candidates:
        return (
            "cp949"  # all Hangul: by chance alone Chinese text would hold ideographs outside the Hangul rows
        )
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample, cp_isolation=list(candidates)).best()
    return best.encoding if best is not None and best.encoding in candidates else candidates[0]
