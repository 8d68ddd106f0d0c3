"""What is said of the whole questionnaire: its name, who fills it in, its licence, and how sure its texts and scores are."""

import copy
from typing import Any

from app.clinic.questionnaires.building import acting, extending, wording
from app.clinic.questionnaires.building.typed import Typed, clean
from app.core.words import N_

TEXT_STATUS, SCORING_STATUS, USE = (f"{extending.OURS}{name}" for name in ("text-status", "scoring-status", "use"))
USES = {"patient": N_("The person, or staff with them"), "staff": N_("Staff only"), "consultation": N_("The doctor, in a consultation")}


def opened(resource: dict) -> dict[str, Any]:
    own = wording.own(resource)
    raw: dict[str, Any] = {f"title_{one}": wording.said(resource, "title", own, one) for one in wording.LANGUAGES}
    raw |= {f"description_{one}": wording.said(resource, "description", own, one) for one in wording.LANGUAGES}
    return raw | {
        "use": str(extending.value(resource, USE) or "patient"), "copyright": extending.shown(resource.get("copyright")),
        "text_status": str(extending.value(resource, TEXT_STATUS) or ""), "scoring_status": str(extending.value(resource, SCORING_STATUS) or ""),
    }


def write(resource: dict, typed: Typed) -> dict[str, str]:
    own = wording.own(resource)
    was = opened(resource)
    for one in wording.LANGUAGES:
        for name in ("title", "description"):
            if f"{name}_{one}" in typed:
                wording.say(resource, name, own, one, typed.text(f"{name}_{one}"))
    if "copyright" in typed and typed.text("copyright") != was["copyright"]:
        resource.pop("copyright", None)
        resource |= {"copyright": typed.text("copyright")} if typed.text("copyright") else {}
    for name, url, allowed in (("use", USE, USES), ("text_status", TEXT_STATUS, acting.STATUSES), ("scoring_status", SCORING_STATUS, acting.STATUSES)):
        if name in typed and typed.text(name) != was[name] and (typed.text(name) in allowed or not typed.text(name)):
            extending.put(resource, url, "valueCode", typed.text(name))
    return {}


def own_copy(resource: dict) -> dict[str, Any]:
    """The clinic's own of another's: under a name of its own, and saying which one it was made from."""
    copied = {name: said for name, said in copy.deepcopy(resource).items() if name not in ("id", "url", "version", "identifier", "name", "date")}
    if resource.get("url"):
        copied["derivedFrom"] = [resource["url"]]
    extending.drop(copied, f"{extending.OURS}held-back")
    for language, mark in (("zh", "（本诊所）"), ("en", " (our clinic)")):
        if title := wording.said(copied, "title", wording.own(copied), language):
            wording.say(copied, "title", wording.own(copied), language, title + mark)
    return copied
