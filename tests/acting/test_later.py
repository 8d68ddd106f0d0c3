"""Who answered before the rule was there gets it soon after, once."""

import types

from app.clinic import tags
from app.tasks import nightly, sweep
from tests.acting.conftest import RARE, TOLERABLE, tiredness


def test_answers_of_before_are_looked_at_once(db, publish, wang, reply, codes, monkeypatch) -> None:
    version = publish(tiredness(RARE))
    reply(wang, version, a="often", b="often")
    publish(tiredness(TOLERABLE), version.questionnaire_id)
    assert "q.tired.total.often" not in codes(wang.id)
    asked, now = [], nightly.run_rules.call_local
    monkeypatch.setattr(sweep, "state", types.SimpleNamespace(db=db))
    monkeypatch.setattr(nightly, "run_rules", lambda name, claimed: (asked.append(name), now(name, claimed)))
    nightly.look_at_rules(sweep.state)
    nightly.look_at_rules(sweep.state)
    assert "q.tired.total.often" in codes(wang.id) and asked == [f"rules {tags.newest(db)[0]}"]
