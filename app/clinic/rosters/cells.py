"""What single cells of a list say: names, numbers, telephones. What is not clear is left where it stands, with a reason."""

import re
import unicodedata
from datetime import date

from app.clinic import patients
from app.clinic.exams import read_age, read_sex
from app.clinic.rosters.wordings import OCCUPATION_WORDS, OWN, PAYMENT_WORDS, RELATION_WORDS
from app.core.errors import Refusal

LONGEST_NAME = 100
_BLANK = {"", "-", "--", "/", "\\", "无", "没有", "不详", "未知", "空", "n/a", "na", "null", "none", "nan", "#n/a", "暂无"}
_SUM = re.compile(r"(合计|总计|小计|共计|总数).*|(total|sum)\b.*|.*\d+\s*人", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_DIGITS = re.compile(r"\+?\d[\d\s\-()]*\d|\d")
_BETWEEN = re.compile(r"[、,;/|\n]|\s(?=\D)|(?<=[^\d\s]\))\s*(?=[\d+])|或|和|及")
_SEX = {"先生": "male", "女士": "female", "小姐": "female", "男士": "male", "f": "female", "m": "male"}
# Words of a column beside the number → the document; the more special ones first.
KINDS_OF = {
    "护照": "passport", "passport": "passport", "港": "hk_macau_permit", "澳": "hk_macau_permit", "台": "taiwan_permit",
    "hong kong": "hk_macau_permit", "macau": "hk_macau_permit", "taiwan": "taiwan_permit", "永久": "foreign_residence",
    "permanent": "foreign_residence", "身份证": patients.RESIDENT_ID, "居民": patients.RESIDENT_ID, "id card": patients.RESIDENT_ID,
    "resident id": patients.RESIDENT_ID,
}  # fmt: skip
_TITLES = re.compile(r"(主任|副主任|主治)?(医师|医生|大夫|主任|护士长|护士|老师|管理师)$")


def plain(text: str) -> str:
    """One width of characters; what only says that nothing is known is blank."""
    told = unicodedata.normalize("NFKC", text).strip()
    return "" if told.casefold() in _BLANK else told


def read_name(text: str) -> tuple[str, str]:
    """(the name, why not all of it). Blanks within a Chinese name are how lists align them."""
    told = plain(text)
    inner = _BRACKETS.search(told)
    name = _BRACKETS.sub("", told).strip()
    if re.fullmatch(r"[\u2e80-\u9fff\U00020000-\U0003ffff·•\s]+", name):
        name = re.sub(r"\s+", "", name).replace("•", "·")
    name = re.sub(r"\s+", " ", name)
    if not any(c.isalpha() for c in name) or _SUM.fullmatch(name):
        return "", "name" if told else ""
    return name[:LONGEST_NAME], "brackets" if inner and inner[1].strip() else ""


def sex_of(text: str) -> str:
    """male, female or unknown; blank when it says something else."""
    told = plain(text).casefold()
    if not told or told in ("未说明", "9", "0", "unknown"):
        return "unknown"
    found = read_sex(told)
    return found if found != "unknown" else _SEX.get(told, "")


def age_of(text: str) -> int | None:
    return read_age(plain(text))


def read_document(text: str, today: date, kind: str = "") -> tuple[patients.Document | None, str]:
    """(the document, why not). kind: as a column beside it says; without one only numbers that can be of one kind are
    read. An ID number of 15 digits is written in its later form.
    """
    number = re.sub(r"['`’]", "", plain(text)).upper()
    if not number:
        return None, ""
    if re.fullmatch(r"\d(\.\d+)?E\+?1[4-9]", number) or re.fullmatch(r"\d{15}0{3}", number) and not _is_whole(number, today):
        return None, "excel_document"
    number, system = _eighteen(number), system_of(kind)
    if system is None:
        return None, "document_kind"
    try:
        return patients.read_document(system or patients.recognised(number) or patients.RESIDENT_ID, number, today), ""
    except Refusal:
        return None, "document"


def _is_whole(number: str, today: date) -> bool:
    try:
        return bool(patients.read_resident_id(number, today))
    except Refusal:
        return False


def system_of(kind: str) -> str | None:
    """Which kind of document is meant; blank where it is not said, None where it is one we do not keep."""
    told = plain(kind).casefold()
    return next((system for word, system in KINDS_OF.items() if word in told), None) if told else ""


def _eighteen(number: str) -> str:
    """15 digits as 18: the century 19 before the year, the check character behind (GB 11643-1999). The orders
    996 to 999 were for people born before 1900 and stay unread.
    """
    if not re.fullmatch(r"\d{15}", number) or number[12:] in ("996", "997", "998", "999"):
        return number
    first = f"{number[:6]}19{number[6:]}"
    return first + patients.check_character(first)


def read_phones(text: str) -> tuple[list[patients.Phone], bool]:
    """(the numbers in a cell with whose they are, whether something else stands there that is not taken over)."""
    told = plain(text)
    found: dict[str, patients.Phone] = {}
    clear = True
    for part in _BETWEEN.split(told) if told else ():
        relation, more = relation_in(part)
        clear = clear and not more
        for piece in _numbers(part):
            try:
                number = patients.read_phone(piece)
            except Refusal:
                clear = False
            else:
                found.setdefault(number, patients.Phone(number, relation))
    return list(found.values()), bool(told) and not (clear and found)


def relation_in(part: str) -> tuple[str, bool]:
    """(whose number it is, whether there are words that do not say so): 13800138000(儿子) is a child's."""
    words = re.sub(r"[\d\s\-+()（）:：.]", "", part.casefold())
    if words in OWN:
        return "self", False
    found = RELATION_WORDS.get(words)
    return (found or "self"), found is None


def relation_of(text: str) -> str:
    return RELATION_WORDS.get(plain(text).casefold(), "other")


def payments_of(text: str) -> tuple[str, ...]:
    """Codes where the words are known; other words stand as they are."""
    words = [word.strip() for word in re.split(r"[、,，;；/+]", plain(text)) if word.strip()]
    return tuple(dict.fromkeys(PAYMENT_WORDS.get(word.casefold(), word.replace(",", " ")[:60]) for word in words))


def occupation_of(text: str) -> str:
    told = plain(text)
    return OCCUPATION_WORDS.get(told.casefold(), told[:60])


def _numbers(part: str) -> list[str]:
    """The stretches of digits of a part; blanks part them only where each side could be a number by itself."""
    return [number for found in _DIGITS.finditer(part) for number in _apart(found.group())]


def _apart(stretch: str) -> list[str]:
    words = re.sub(r"[()]", " ", stretch).split()
    if len(words) > 1 and all(7 <= sum(c.isdigit() for c in word) for word in words):
        return words
    digits = re.sub(r"\D", "", stretch)
    if len(digits) == 22 and digits[0] == digits[11] == "1":
        return [digits[:11], digits[11:]]
    return ["".join(words)]


def language_of(text: str) -> str:
    told = plain(text).casefold()
    if told in ("zh", "中文", "汉语", "普通话", "国语", "chinese", "mandarin"):
        return "zh"
    return "en" if told in ("en", "英文", "英语", "english") else ""


def number_of(text: str) -> str:
    """A number of the list's own, as its cards show it: no blanks, small letters large."""
    told = re.sub(r"\s+", "", plain(text)).upper()
    return re.sub(r"\.0+$", "", told)[:60]


def person_of(text: str) -> str:
    """A member of staff as a list writes them, without title: 林文清主任 → 林文清, Dr. Carter → carter."""
    told = re.sub(r"\s+", " ", re.sub(r"^(dr|prof)\.?\s+", "", plain(text).casefold()))
    told = told if re.search(r"[a-z]", told) else told.replace(" ", "")
    return _TITLES.sub("", told) or told
