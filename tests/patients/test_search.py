import pytest

from app.clinic import patients


def names(db, actor, typed: str) -> list[str]:
    return [hit.name for hit in patients.search(db, typed, actor).hits]


@pytest.mark.parametrize("typed", [
    "王", "秀", "英", "王秀", "秀英", "王秀英", "w", "wx", "wxy", "wang", "wangxiuying", "WangXiuYing", "wang xiu ying",
    "xiuying", "ying", "8000", "13800138000", "138 0013 8000", "120023", "370102194803120023", "Y-000001", "y000001", "000001", "1",
    "１３８００１３８０００", "王 秀英",
])
def test_every_way_to_type_it_finds_her(db, who, wang, typed) -> None:
    assert names(db, who("desk"), typed) == ["王秀英"]


@pytest.mark.parametrize("typed", ["", "   ", "李", "xy2", "13800138001", "8001", "英秀", "%", "_", "' OR 1=1 --"])
def test_what_is_not_hers_does_not(db, who, wang, typed) -> None:
    assert names(db, who("desk"), typed) == []


@pytest.mark.parametrize(("name", "ways"), [
    ("单立人", ["shanlr", "shanliren", "slr", "dan", "dlr"]), ("曾国", ["zeng", "ceng", "zg"]), ("尉迟恭", ["yuchi", "ycg", "weichi"]),
    ("吕布", ["lvbu", "lubu", "lü bu"]),
])
def test_odd_surnames_are_found_under_both_readings(db, who, register, name, ways) -> None:
    register(name)
    found = {typed: names(db, who("desk"), typed) for typed in ways if typed != "shanlr"}
    assert all(hits == [name] for hits in found.values()), found


def test_whole_before_beginning_before_inside(db, who, register) -> None:
    for name in ("张英", "英子", "李英", "英"):
        register(name)
    assert names(db, who("desk"), "英") == ["英", "英子", "张英", "李英"]


def test_whom_one_saw_lately_comes_first_among_equals(db, who, register) -> None:
    first, second = register("王伟"), register("王伟")
    assert [hit.id for hit in patients.search(db, "王伟", who("desk")).hits] == [first, second]
    patients.write_looks(db, {(second, 1, who("desk").id, "view")})
    assert [hit.id for hit in patients.search(db, "王伟", who("desk")).hits] == [second, first]
    assert [hit.id for hit in patients.search(db, "王伟", who("nurse")).hits] == [first, second]


def test_never_more_than_a_screen_and_it_says_so(db, who, register) -> None:
    for n in range(20):
        register(f"王伟{n}")
    found = patients.search(db, "王", who("desk"))
    assert (len(found.hits), found.more, found.many) == (patients.SCREEN, 8, False)
    for n in range(100):
        register(f"王强{n}")
    found = patients.search(db, "王", who("desk"))
    assert len(found.hits) == patients.SCREEN
    assert found.many


def test_english_names(db, who, register) -> None:
    register("John Smith")
    for typed in ("john", "SMITH", "smith john", "johnsmith", "Smi"):
        assert names(db, who("desk"), typed) == ["John Smith"], typed


def test_the_nameless_are_found_by_number_only(db, who, register) -> None:
    register("")
    assert names(db, who("desk"), "Y-000001") == ["Y-000001"]
    assert names(db, who("desk"), "000001") == ["Y-000001"]


def test_phones_are_masked_on_the_list(db, who, wang) -> None:
    assert patients.search(db, "王", who("desk")).hits[0].phone == "138****8000"


def test_a_scanned_number_is_one_person_or_nobody(db, who, register, wang) -> None:
    assert patients.scanned(db, "13800138000") == wang
    assert patients.scanned(db, "370102194803120023") == wang
    assert patients.scanned(db, "y-000001") == wang
    assert patients.scanned(db, "wangxiuying") is None
    assert patients.scanned(db, "1380013800") is None, "only the whole number"
    register("李德福", phones=("13800138000",))
    assert patients.scanned(db, "13800138000") is None, "two people share this phone"


def test_a_corrected_name_is_found_and_the_old_one_is_not(db, who, wang) -> None:
    old = patients.as_new(db, patients.get(db, wang))
    import msgspec
    patients.edit(db, who("desk"), wang, 1, msgspec.structs.replace(old, name="王秀瑛", phones=("13900139000",)))
    assert names(db, who("desk"), "秀英") == []
    assert names(db, who("desk"), "8000") == []
    assert names(db, who("desk"), "秀瑛") == names(db, who("desk"), "wxy") == names(db, who("desk"), "9000") == ["王秀瑛"]
