"""An old Excel list as clinics keep them, invented and always the same: 2,000 lines, and which of them are one person."""

import io
from datetime import date, datetime, timedelta
from random import Random

import msgspec
import openpyxl

from app.clinic import patients

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
MEN, WOMEN = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯", "芳娜敏静丽艳娟霞秀英玲桂红梅琴云洁琳雪兰珍莉"
DOCTORS = ("林文清主任", "林文清", "安医生", "赵退休医生")
HEADINGS = [
    "序号", "会员卡号", "姓 名", "性别", "出生日期", "身份证号码", "联系电话", "家庭住址", "责任医生", "紧急联系人", "与联系人关系",
    "紧急联系人电话", "医保类型", "备注", "推荐人",
]
TODAY = date(2026, 11, 23)


class Invented(msgspec.Struct):
    """twin: the serial of the person this one is again. hard: nobody can say for sure without asking."""

    serial: int
    name: str
    sex: str
    birth: date
    document: str
    phone: str
    card: str
    address: str
    twin: int | None = None
    hard: bool = False


class PeopleList(msgspec.Struct):
    people: list[Invented]
    rows: list[list]

    @property
    def distinct(self) -> int:
        return sum(one.twin is None for one in self.people)

    def xlsx(self) -> bytes:
        book, content = openpyxl.Workbook(), io.BytesIO()
        book.active.append(["和平里诊所老会员名单"])
        for row in [HEADINGS, *self.rows]:
            book.active.append(row)
        book.save(content)
        return content.getvalue()


def people_list(lines: int = 2000, seed: int = 7, twins: float = 0.12) -> PeopleList:
    """lines of which a share are people who stand there already, written as somebody writes them the second time."""
    random, people, rows = Random(seed), [], []
    for serial in range(lines):
        again = serial > 20 and random.random() < twins
        first = random.choice([one for one in people if one.twin is None]) if again else None
        one = _again(random, serial, first) if first else _somebody(random, serial)
        people.append(one)
        rows.append(_row(random, one))
    return PeopleList(people, rows)


def _somebody(random: Random, serial: int) -> Invented:
    sex = random.choice(("male", "female"))
    given = "".join(random.sample(MEN if sex == "male" else WOMEN, random.choice((1, 2, 2))))
    birth = date(1935, 1, 1) + timedelta(days=random.randrange(29_000))
    order = serial % 500 * 2 + (sex == "male")
    digits = f"{random.choice(('110105', '370102', '370103'))}{birth:%Y%m%d}{order:03d}"
    return Invented(
        serial, random.choice(SURNAMES) + given, sex, birth, digits + patients.check_character(digits), f"139{serial:04d}{random.randrange(10_000):04d}",
        f"HK{serial:05d}", f"幸福路 {random.randrange(1, 300)} 号 {random.randrange(1, 20)} 单元",
    )


def _again(random: Random, serial: int, first: Invented) -> Invented:
    """The same person a second time: with the ID number, without it, with another phone, with a slip of the pen."""
    again = msgspec.structs.replace(first, serial=serial, twin=first.serial, card=f"HK{serial:05d}")
    how = random.randrange(5)
    if how == 1:
        return msgspec.structs.replace(again, document="", hard=True)
    if how == 2:
        return msgspec.structs.replace(again, document="", phone=f"137{serial:04d}0000", hard=True)
    if how == 3:
        return msgspec.structs.replace(again, card=first.card)
    return again


def _row(random: Random, one: Invented) -> list:
    name = one.name if random.random() > 0.1 or len(one.name) > 2 else f"{one.name[0]}　{one.name[1]}"
    sex = {"male": random.choice(("男", "男", "男性")), "female": random.choice(("女", "女", "女性"))}[one.sex]
    return [
        one.serial + 1, one.card, name, sex, _birth(random, one.birth), _document(random, one.document), _phones(random, one.phone),
        one.address, random.choice(DOCTORS), "", "", "", random.choice(("城镇职工医保", "居民医保", "自费", "新农合")),
        random.choice(("", "", "", "高血压，服药中", "糖尿病 3 年")), random.choice(("", "朋友")),
    ]


def _birth(random: Random, birth: date):
    return random.choice((
        datetime(birth.year, birth.month, birth.day), birth.isoformat(), f"{birth.year}.{birth.month}.{birth.day}",
        f"{birth.year}年{birth.month}月{birth.day}日", f"{birth:%Y%m%d}", (birth - date(1899, 12, 30)).days if birth.year > 1930 else birth.isoformat(),
        f"{birth.year}/{birth.month}/{birth.day} 0:00:00",
    ))


def _document(random: Random, number: str) -> str:
    return random.choice((number, number, number, number.lower(), f" {number[:6]} {number[6:14]} {number[14:]}", f"'{number}"))


def _phones(random: Random, phone: str):
    return random.choice((
        phone, phone, int(phone), f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", f"{phone} 0531-8555{phone[-4:]}", f"{phone}/136{phone[3:]}(女儿)", f"+86 {phone}",
    ))
