"""Invented people: names that fit their age, and numbers that belong to nobody.

Phone numbers begin with 100, which no network gives out; documents use the region 999999, which no place has.
"""

from datetime import date, timedelta
from random import Random

import msgspec

from app.clinic.patients import check_character

# Surnames by how common they are, and a few that search must find under both readings.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗" * 4
    + "郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    + "单仇查解区朴盖翟"
)
DOUBLE_SURNAMES = ("欧阳", "尉迟", "上官", "司徒")
GIVEN = {
    ("female", "old"): ("秀英", "桂兰", "淑珍", "玉兰", "秀兰", "凤英", "桂英", "素珍", "玉珍", "翠兰", "淑华", "秀珍", "月娥", "春梅", "爱华", "惠芳"),
    ("female", "middle"): ("丽", "敏", "静", "艳", "红梅", "丽娟", "晓燕", "海燕", "雪梅", "玲", "芳", "文静", "慧敏", "志红", "婷", "丽华", "岚", "冬梅"),
    ("female", "young"): ("欣怡", "梓涵", "诗涵", "雨桐", "佳怡", "思琪", "雅婷", "语嫣", "若曦", "可馨", "晨曦", "梦洁", "艺", "宁"),
    ("male", "old"): ("建国", "德明", "国强", "志明", "永福", "玉山", "长林", "树林", "福生", "振华", "金生", "保国", "守信", "文清", "庆祥", "有才"),
    ("male", "middle"): ("伟", "强", "磊", "军", "勇", "杰", "涛", "志强", "海峰", "建军", "晓东", "文斌", "明", "宏伟", "立新", "卫东", "超", "鹏"),
    ("male", "young"): ("浩然", "子轩", "宇航", "俊杰", "博文", "天佑", "思远", "一鸣", "嘉豪", "泽宇", "明轩", "睿", "晨", "逸飞"),
}  # fmt: skip
ENGLISH = {
    "female": ("Anna", "Mary", "Ruth", "Helen", "Grace", "Nora", "Clara", "Julia"),
    "male": ("John", "Peter", "David", "Oliver", "Martin", "Samuel", "Henry", "Paul"),
}
ENGLISH_SURNAMES = ("Baker", "Carter", "Ellis", "Foster", "Hughes", "Keller", "Marsh", "Novak", "Palmer", "Reed", "Stone", "Wells")
STREETS = ("和平里", "青年路", "文化东街", "解放路", "槐树胡同", "泉城路", "建设二路", "柳荫街")


class Person(msgspec.Struct, frozen=True):
    """An invented person. born: None for the few whose birth date nobody knows."""

    name: str
    sex: str
    born: date
    language: str
    phone: str
    document: str | None
    address: str


def person(random: Random, serial: int, today: date, age: int | None = None, sex: str | None = None) -> Person:
    """serial: unlike anybody else's; phone and document number are made from it."""
    sex = sex or random.choice(("female", "male"))
    age = _age(random) if age is None else age
    born = today - timedelta(days=int(age * 365.2425) + random.randrange(1, 360))
    foreign = random.random() < 0.06
    return Person(
        _english(random, sex) if foreign else _chinese(random, sex, age), sex, born, "en" if foreign else "zh",
        f"100{serial:08d}", None if foreign else _document(serial, born, sex),
        f"{random.choice(STREETS)} {random.randrange(1, 200)} 号 {random.randrange(1, 7)}-{random.randrange(101, 699)}",
    )


def _age(random: Random) -> int:
    """A clinic's patients: mostly older, a few children."""
    return min(94, max(6, round(random.gauss(58, 17))))


def _chinese(random: Random, sex: str, age: int) -> str:
    surname = random.choice(DOUBLE_SURNAMES) if random.random() < 0.01 else random.choice(SURNAMES)
    era = "old" if age >= 58 else "middle" if age >= 32 else "young"
    return surname + random.choice(GIVEN[sex, era])


def _english(random: Random, sex: str) -> str:
    return f"{random.choice(ENGLISH[sex])} {random.choice(ENGLISH_SURNAMES)}"


def _document(serial: int, born: date, sex: str) -> str:
    """The sequence has three digits: serials a thousand apart are told apart by birth date or region."""
    sequence = serial * 2 % 1000 + (sex == "male")
    first17 = f"{999999 - serial // 500 % 1000:06d}{born:%Y%m%d}{sequence:03d}"
    return first17 + check_character(first17)
