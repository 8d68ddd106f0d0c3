"""What the timeline tells of measured values: the event kinds and their sentences."""

from app.clinic import catalogue
from app.core import events
from app.core.words import N_, _

RECORDED = N_("Recorded %(values)s")
FILED = N_("Filed %(n)s results of %(day)s from %(source)s")
FILED_OUT = N_("Filed %(n)s results of %(day)s from %(source)s, %(out)s out of range: %(names)s")
CORRECTED = N_("Corrected %(name)s of %(day)s: %(was)s became %(now)s (%(reason)s)")
STRUCK = N_("Struck out %(name)s of %(day)s, %(was)s (%(reason)s)")
REJUDGED = N_("Judged %(n)s earlier results anew, because sex or birth date was corrected")
WITHDRAWN = N_("Withdrew %(n)s results of %(day)s (%(reason)s)")


def _tell_recorded(details: dict) -> str:
    told = [f"{catalogue.name_of(code)} {shown}" for code, shown in details["values"]]
    return _(RECORDED, values=_(", ").join(told))


def _tell_filed(details: dict) -> str:
    names = _(", ").join(catalogue.name_of(code) for code in details["abnormal"])
    sentence = FILED_OUT if details["abnormal"] else FILED
    return _(sentence, n=details["n"], day=details["taken_at"][:10], source=details["source"], names=names,
             out=len(details["abnormal"]))


def _tell_corrected(details: dict) -> str:
    sentence = CORRECTED if details["now"] is not None else STRUCK
    now = f"{catalogue.name_of(details['became'])} {details['now']}" if "became" in details else details["now"]
    return _(sentence, **{**details, "now": now, "name": catalogue.name_of(details["code"]), "day": details["taken_at"][:10]})


events.declare("observation.recorded", RECORDED, clinical=True, describe=_tell_recorded)
events.declare("report.filed", FILED, clinical=True, describe=_tell_filed)
events.declare("observation.corrected", CORRECTED, clinical=True, describe=_tell_corrected)
events.declare("report.withdrawn", WITHDRAWN, clinical=True)
events.declare("observation.rejudged", REJUDGED, clinical=True)
