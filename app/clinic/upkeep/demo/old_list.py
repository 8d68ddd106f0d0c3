"""An old members' list that waits to be taken over: some of its people are here already, some stand in it twice."""

import csv
import io

from app.clinic import patients, rosters
from app.clinic.upkeep.demo.house import Crew
from app.core.access import Role
from app.core.db import Database
from app.core.files import Files

HEADINGS = ("会员号", "姓名", "性别", "出生日期", "身份证号", "电话", "住址", "责任医生", "备注")
NEW = (
    ("M0101", "贺秋月", "女", "1956年5月2日", "", "10055500101", "槐树胡同 9 号", "林文清主任", "喜欢下午来"),
    ("M0102", "龚 磊", "男", "1971/8/19", "", "100 5550 0102、100 5550 0103(妻子)", "青年路 21 号", "赵医生", ""),
    ("M0103", "贺秋月", "女", "19560502", "", "10055500104", "", "", "和前面是同一个人？"),
    ("M0104", "万春梅", "女", "农历1949年腊月初三", "", "10055500105", "柳荫街 3 号", "", ""),
    ("M0105", "郝志明", "男", "1963.11.30", "999999196311300000", "1005550", "", "林文清", ""),
    ("", "合计 9 人", "", "", "", "", "", "", ""),
)


def bring(db: Database, crew: Crew) -> None:
    """Uploaded, its columns settled, everybody looked up; nobody is registered."""
    files, nurse = Files(db.path.parent / "files"), crew.one(Role.NURSE)
    id = rosters.upload(db, nurse, files, "老会员名单.csv", _written(db, sorted(crew.patients.values())[:3]), "老会员名单")
    rosters.settle_columns(db, nurse, files, id, [], {})
    if claimed := rosters.claim(db, id):
        rosters.compare(db, files, *claimed)


def _written(db: Database, known: list[int]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for n, one in enumerate(patients.get_many(db, known).values(), 1):
        phones = patients.phones(db, one.id)
        sex = {"female": "女", "male": "男"}.get(one.sex, "")
        writer.writerow((f"M000{n}", one.name, sex, one.born_told, "", phones[0] if phones and n != 2 else "", "", "", ""))
    writer.writerows(NEW)
    return text.getvalue().encode()
