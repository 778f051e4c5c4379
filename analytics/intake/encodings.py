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
                           rb"|[\xe8\xec\xef\xf2\xf8\xf9][a-z]*[\x8a\x8e\x9a\x9e]"
                           # neighbours that no Western language has: ří, ěk, ůl, ński, ić, rič, ęsk, Győ, zű
                           rb"|\xf8[\xe1\xe9\xec\xed]|[\xec\xf9][a-z]|\xf1[sc]|i\xe6|[rv]i\xe8(?![a-z\x80-\xff])"
                           rb"|\xea(?:sk|dz|ck|cz)|[yz][\xf5\xfb]|\xf5z")  # fmt: skip


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
    head = head[: len(head) // 2 * 2]
    for encoding, zeros, others in (
        ("utf-16-le", head[1::2], head[0::2]),
        ("utf-16-be", head[0::2], head[1::2]),
    ):
        # East Asian letters have no NUL, and a few of them one in the other place.
        if zeros.count(0) > 0.5 * len(zeros) and others.count(0) <= 0.05 * len(others):
            text = head.decode(encoding, errors="replace")
            if "\x00" not in text and any(end in text for end in "\n\r"):
                return encoding
    return None


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
    # Other bytes read as CP949 give rare syllables and ideographs; Korean is written with a few hundred syllables.
    usual = sum(c in _USUAL_HANGUL for c in hangul)
    return len(hangul) >= 1 and len(hangul) + signs >= 0.95 * len(letters) and usual >= 0.6 * len(hangul)


_USUAL_HANGUL = set(
    "가각간갈감갑강갖같개객거건걸검것게격견결겸경계고곡곤골공과관광교구국군굴권귀규균그극근글금급기긴길김까께꾸꿈끝나난날남납내냉너널네녀"
    "년녕노녹논농누눈느는능니님다단달담답당대더덕던데도독돈돌동되된두둔뒤드득든들등디따때또라락란랑래략량러럭런럼레려력련렬령례로록론롯롱료루"
    "류률르른름릉리린림립마막만많말망맞매맥맹머먼먹메며면명모목몰못몽무묵문물미민밀바박반받발밝밤방배백버번벌범법베벽변별병보복본볼봄봉부북분"
    "불붙브블비빈빌빛사산살삼상새색생샵서석선설섬성세센셀소속손솔송쇼수숙순술숨숭쉬스슬습승시식신실심십싱싸쓰씨아악안않알암압앙애액앱야약양어"
    "억언얼엄업없에엔엘여역연열염엽영예오옥온올옷와완왕왜외요욕용우욱운울움웅워원월위윗유육윤율융으은을음응의이익인일읽임입잇있자작잔잘잠잡장"
    "재쟁저적전절점접정제조족존졸종좋좌주죽준줄중쥬즈즉즐증지직진질집징짜쪽차착찬찰참창찾채책처척천철청체쳐초촉촌총최추축춘출충취측층치칙친칠"
    "침카캐커컴케켓코콘콜쿠쿼큐크큰클키타탁탄탈탐탑탕태택터턴테텐토톡통퇴투트특틀티팀파판팔패팩퍼페편평폐포폭폰표푸품풍프플피픽필하학한할함합"
    "핫항해핵핸행향허헌험헤혁현혈협형혜호혹혼홀홈홍화확환활황회획횟효후훈훌휘휴흐흔흥희히힘고객명번주문금액채널입점결제구매일자경로"
)


def _japanese(letters: list[str]) -> bool:
    letters = [c for c in letters if unicodedata.category(c)[0] not in "PSZ" or "｡" <= c <= "･"]
    full = sum("ぁ" <= c <= "ヺ" or c == "ー" for c in letters)
    half = sum("｡" <= c <= "ﾟ" for c in letters)
    ideographs = sum("一" <= c <= "鿿" for c in letters)
    return half <= 0.1 * len(letters) and full + ideographs >= 0.85 * len(letters) and full >= 1


def _chinese(letters: list[str]) -> bool:
    # GB2312 holds the 6,763 ideographs in use; wrong readings of other code pages fall outside it or are rare.
    common = 0
    for c in letters:
        if unicodedata.category(c) in ("Sc", "Zs"):
            common += 1
            continue
        try:
            raw = c.encode("gb2312")
        except UnicodeEncodeError:
            continue
        common += 0xA1 <= raw[0] <= 0xF7 and ("一" <= c <= "鿿" or unicodedata.category(c)[0] in "PSZ")
    return common >= 0.9 * len(letters)


def _cyrillic(letters: list[str]) -> bool:
    letters = [c for c in letters if c not in _PUNCTUATION]  # euro signs and quotation marks say nothing
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
