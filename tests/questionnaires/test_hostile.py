"""Files made to hurt: findings and exit 1, never a traceback, in bounded time and memory."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
SECONDS = 60  # on a busy machine
MEMORY = 1_500 * 2**20  # room for what an interpreter reserves; a child works out expressions beside it
HEAD = '{"resourceType":"Questionnaire","language":"en","status":"draft","title":"T","item":['


def item(n: int, extra: str = "") -> str:
    return f'{{"linkId":"q{n}","type":"string","text":"?"{extra}}}'


def form(*items: str) -> str:
    return f"{HEAD}{','.join(items)}]}}"


def expression(text: str) -> str:
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
    return f',"extension":[{{"url":"{url}","valueExpression":{{"language":"text/fhirpath","expression":{json.dumps(text)}}}}}]'


def nested(deep: int) -> str:
    return HEAD + '{"linkId":"g","type":"group","item":[' * deep + "]}" * deep + "]}"


def ring(n: int) -> str:
    when = ',"enableWhen":[{{"question":"q{}","operator":"exists","answerBoolean":true}}]'
    return form(*(item(k, when.format((k + 1) % n)) for k in range(n)))


HOSTILE = {
    "nothing": b"",
    "blanks": b" \n\t",
    "binary": bytes(range(256)) * 100,
    "utf16": form(item(1)).encode("utf-16"),
    "zeros": b"\0" * 100_000,
    "half": form(item(1)).encode()[:50],
    "huge": form(item(1)).encode() + b" " * 30_000_000,
    "brackets": b"[" * 4_900_000,
    "braces": b'{"a":' * 900_000,
    "open quotes": b'"' + b'\\"' * 2_400_000,
    "lone quotes": b'"' * 4_900_001,
    "empty lists": b"[" + b"[]," * 1_600_000 + b"[]]",
    "deep items": nested(2_000).encode(),
    "deep enough": nested(60).encode(),
    "ring": ring(4_000).encode(),
    "many items": form(*(item(n) for n in range(40_000))).encode(),
    "long number": form(item(1, ',"maxLength":' + "9" * 100_000)).encode(),
    "large exponent": form(item(1, ',"maxLength":1e999999999')).encode(),
    "NaN": form(item(1, ',"maxLength":NaN')).encode(),
    "Infinity": form(item(1, ',"maxLength":-Infinity')).encode(),
    "twice": form(item(1, ',"type":"integer"')).encode(),
    "half a character": form(item(1, ',"prefix":"\\ud800"')).encode(),
    "name of half a character": form(item(1, ',"\\udfff":1')).encode(),
    "escapes": form(item(1, ',"prefix":"\\u001b[31m\\u0000"')).encode(),
    "wrong kinds": b'{"resourceType":"Questionnaire","status":[{}],"title":{"a":1},"item":[1,null,"x",[],{"linkId":7,"type":{},"enableWhen":{},'
                   b'"answerOption":[3,{"valueCoding":"x"},{"valueCoding":null}],"extension":{"url":[]},"initial":[{"valueCoding":[]}]}],"contained":[1,{"id":{}}]}',
    "kinds of extensions": (HEAD + '{"linkId":"a","type":"decimal","extension":[{"url":{}},{"url":[],"valueCode":1},{"url":"urn:yihe:band","extension":7},'
                            '{"url":"urn:yihe:band","extension":[{"url":"low","valueDecimal":"x"},{"url":"high","valueDecimal":{}},{"url":"code","valueCode":[]}]},'
                            '{"url":"urn:yihe:alarm","extension":[null]},{"url":"urn:yihe:record","valueCode":{}},{"url":"urn:yihe:indicator","valueCode":[]},'
                            '{"url":"urn:yihe:use","valueCode":{}}]}]}').encode(),
    "numbers for texts": b'{"resourceType":"Questionnaire","language":5,"subjectType":[{"a":[]}],"item":[{"linkId":"a","type":"choice","text":9,'
                         b'"answerValueSet":{"#":1},"enableBehavior":[],"repeats":"x"}]}',
    "a list": b"[]",
    "a number": b"7",
    "another resource": b'{"resourceType":"Bundle","entry":[]}',
    "a strange resource": b'{"resourceType":{"a":1}}',
    "deep expression": form(item(1, expression("(" * 9_000 + "1" + ")" * 9_000))).encode(),
    "long expression": form(item(1, expression("a" * 4_000_000))).encode(),
    "broken expressions": form(*(item(n, expression(f"((({n}.where(")) for n in range(300))).encode(),
    "one list for many": (form(*(f'{{"linkId":"q{n}","type":"choice","text":"?","answerValueSet":"#v","enableWhen":[{{"question":"q{n - 1}",'
                                 '"operator":"=","answerCoding":{"code":"z"}}]}' for n in range(3_000)))[:-1] + ',"contained":[{"resourceType":"ValueSet","id":"v","compose":{"include":[{"concept":['
                          + ",".join(f'{{"code":"c{n}","display":"word {n}"}}' for n in range(30_000)) + "]}]}}]}").encode(),
    "many conditions": form(item(0), item(1, ',"enableBehavior":"all","enableWhen":[' + ",".join(
        f'{{"question":"q0","operator":"{"<>"[n % 2]}","answerInteger":{n}}}' for n in range(40_000)) + "]")).encode(),
    "variables in a row": form(item(0, ',"extension":[' + ",".join(
        f'{{"url":"http://hl7.org/fhir/StructureDefinition/variable","valueExpression":{{"language":"text/fhirpath","name":"v{n}","expression":"%v{n + 1}"}}}}'
        for n in range(3_000)) + "]")).encode(),
    "open string": form(item(1, expression("'" + "\\'" * 9_000))).encode(),
}  # fmt: skip


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess]:
    folder = tmp_path_factory.mktemp("hostile")

    def run(*contents: bytes, arguments: tuple[str, ...] = ("--json",)) -> subprocess.CompletedProcess:
        paths = []
        for n, content in enumerate(contents):
            paths.append(folder / f"{n}.json")
            paths[-1].write_bytes(content)
        return command(*arguments, *map(str, paths))

    return run


def command(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "run.py", "questionnaire", "check", *arguments], cwd=HOUSE, capture_output=True, timeout=SECONDS, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)), env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_gets_findings_and_exit_1(name: str, check: Callable[..., subprocess.CompletedProcess]) -> None:
    begun = time.monotonic()
    done = check(HOSTILE[name])
    assert not done.stderr
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert set(told) == {"file", "ok", "errors", "warnings", "unsupported"}
    assert told["ok"] is False and told["errors"]
    assert all(set(one) == {"code", "path", "message"} for kind in ("errors", "warnings", "unsupported") for one in told[kind])
    assert time.monotonic() - begun < 30


def test_one_line_for_each_file_and_the_worst_decides(check: Callable[..., subprocess.CompletedProcess]) -> None:
    sound = form(item(1)).encode()
    done = check(sound, b"x", sound)
    assert [json.loads(line)["ok"] for line in done.stdout.splitlines()] == [True, False, True]
    assert done.returncode == 1 and check(sound).returncode == 0


def test_what_people_read_has_no_commands_for_a_terminal(check: Callable[..., subprocess.CompletedProcess]) -> None:
    done = check(form('{"linkId":"a\\u001b[2J","type":"\\u001b[31m"}').encode(), arguments=())
    assert done.returncode == 1 and b"\x1b" not in done.stdout


def test_what_is_no_file_is_a_finding(tmp_path: Path) -> None:
    done = command("--json", str(tmp_path), str(tmp_path / "missing"), "/dev/zero")
    assert done.returncode == 1 and not done.stderr
    assert [json.loads(line)["errors"][0]["code"] for line in done.stdout.splitlines()] == ["unopened"] * 3


def test_what_was_read_is_kept_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every save of a large draft is another text, and what is read of it is a dozen times as large."""
    from app.clinic.questionnaires import reading

    text = json.dumps({"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "a", "type": "string", "text": "x" * 1000}]})
    monkeypatch.setattr(reading, "MOST_KEPT", 5 * len(text))
    kept = [reading.read(text + " " * n) for n in range(20)]
    assert reading.read(text + " " * 19) is kept[19], "the newest is there"
    assert reading.read(text) is not kept[0], "the oldest is read again"
    assert sum(map(len, reading._kept)) <= 5 * len(text)
