"""Does a decoded text look like Chinese? The check that tells a right encoding from a lucky one.

Wrongly decoded bytes are rarely invalid: Big5, Shift-JIS, EUC-KR and UTF-8 all pass as GB18030, and any
even number of bytes passes as UTF-16. What they never have is the right characters: in Chinese prose well
over half of all non-ASCII characters are among the few hundred commonest, in misread bytes a few per cent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

BLOCK = 500
"""Code points that are judged together, so that one misread part of a long file is found too."""

ENOUGH = 50
"""A block with fewer letters than this is judged only as part of the whole text."""

LEAST_SHARE = 0.25
BLOCK_SHARE = 0.2
SURE_SHARE = 0.45
"""Common hanzi among the letters: prose has 0.55 and more in any 200 characters, misread bytes below 0.4."""

COMMON_HANZI = (
    "一七万三上下不与专且世业东两严个中为主么义之九也习乡书了争事二于五些交产京亲人亿什今从他代以们件价任"
    "企众优会传但位低住体何作你使例供便促保信候值做健儿元先光克党入全八公六共关兴其具养内再写军农决况准减"
    "几出分切划列则创利别到制前力办功加务动劳势包化北区医十千升半华协单南卫即却厂历压原去县参又及双反发取"
    "受变口只叫可台史号各合同名后向听员周命和品响商善器四回因团园固国图圆土在地场均坚型城域培基境增声处备"
    "复外多大天太央头她好如始委子字存学它安完定实家容对导将小少就局层居展属山州工己已市布带常干平年并广应"
    "府度康建开式引张强当形影往很律得心必志快态思性总情想意感成我或战户房所手才扎打扩批技把抓投护报拉招持"
    "指按振据排接控推提支收改攻放政效教数整文斗料断斯新方施旅族无日时明易是智更最月有服期本术机权村条来极"
    "构林果查标校样核根格案模次正此步段每比毛民气水求江污没河油治法活派流济海消深清温港游源满火点热然照片"
    "牢物特状率王环现理生用由电界略疗疫白百的监目直相省看真眼着督知石矿研破础确示社神离种科积称程稳究空突"
    "立第等策筹算管米类精系素红约级线组细织经结给统续维综绿网置美群老者而联聚育能自至般色节花范药获营落融"
    "行表被装西要见观规角解计认议记许论设证评识试话该说调象质贫贯贸费资走起超越路身车转较边达过运近还这进"
    "连适选通速造道那部都配酸采里重量金铁链镇长门问间队防阶际院除险障难集需青非面革音项须预领题额风食首马"
    "验高"
)

_NEUTRAL_RANGES = (
    (0x00A0, 0x00BF),  # Latin-1 signs
    (0x2000, 0x23FF),  # dashes, quotes, letterlike signs, arrows, mathematics
    (0x2460, 0x27BF),  # enclosed numbers, box drawing, geometric shapes
    (0x3000, 0x303F),  # CJK punctuation
    (0x3200, 0x33FF),  # enclosed and squared CJK
    (0xFE10, 0xFE6F),  # punctuation forms
    (0xFF01, 0xFF65),  # full-width ASCII
)
_LAYOUT_CONTROLS = frozenset("\t\n\v\f\r")


@dataclass(frozen=True, slots=True)
class Census:
    """Counts over a stretch of text; `letters` are the non-ASCII characters that are no punctuation."""

    letters: int
    hanzi: int
    common: int
    controls: int
    private: int
    lost: int

    @property
    def share(self) -> float:
        """Common hanzi among the letters; 0 where there are none."""
        return self.common / self.letters if self.letters else 0.0

    def __add__(self, other: Census) -> Census:
        return Census(
            self.letters + other.letters,
            self.hanzi + other.hanzi,
            self.common + other.common,
            self.controls + other.controls,
            self.private + other.private,
            self.lost + other.lost,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The census of a whole text, and where its first implausible block starts."""

    total: Census
    bad_block: int | None

    @property
    def is_chinese(self) -> bool:
        """Not against all appearance: enough where the bytes themselves prove the encoding."""
        return self.bad_block is None and self.total.letters > 0 and self.total.share >= LEAST_SHARE

    @property
    def is_surely_chinese(self) -> bool:
        """Enough to tell the encoding by, where many encodings would take the bytes."""
        return self.is_chinese and (self.total.letters < ENOUGH or self.total.share >= SURE_SHARE)


def judge(text: str) -> Verdict:
    """Counts block by block, so memory does not grow with the text."""
    total, bad_block = _NOTHING, None
    for start, census in _blocks(text):
        total += census
        if bad_block is None and census.letters >= ENOUGH and census.share < BLOCK_SHARE:
            bad_block = start
    return Verdict(total, bad_block)


def is_hanzi(char: str) -> bool:
    """A CJK ideograph of any block, or 〇."""
    code = ord(char)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x3FFFD
        or 0xF900 <= code <= 0xFAFF
        or char == "〇"
    )


def is_private(char: str) -> bool:
    """A code point without a public meaning, as bullets of symbol fonts get."""
    code = ord(char)
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000


def is_control(char: str) -> bool:
    """A C0 control character other than tab and line ends."""
    return (char < " " and char not in _LAYOUT_CONTROLS) or char == "\x7f"


_NOTHING = Census(0, 0, 0, 0, 0, 0)


def _blocks(text: str) -> Iterator[tuple[int, Census]]:
    for start in range(0, len(text), BLOCK):
        block = text[start : start + BLOCK]
        lost = block.count("\ufffd") + block.count("锟斤拷")
        yield start, _census(Counter(block), lost)


def _census(counts: Counter[str], lost: int) -> Census:
    letters = hanzi = common = controls = private = 0
    for char, count in counts.items():
        match _kind(char):
            case "common":
                letters, hanzi, common = letters + count, hanzi + count, common + count
            case "hanzi":
                letters, hanzi = letters + count, hanzi + count
            case "private":
                letters, private = letters + count, private + count
            case "letter":
                letters += count
            case "control":
                controls += count
    return Census(letters, hanzi, common, controls, private, lost)


@lru_cache(maxsize=1 << 16)
def _kind(char: str) -> str:
    code = ord(char)
    if is_control(char):
        return "control"
    if code < 0x80 or any(low <= code <= high for low, high in _NEUTRAL_RANGES):
        return "neutral"
    if char in COMMON_HANZI:
        return "common"
    if is_hanzi(char):
        return "hanzi"
    return "private" if is_private(char) else "letter"
