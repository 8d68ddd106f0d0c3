"""What is asked about somebody besides who they are: work, payment, how they came, who belongs to them, how to reach them.

Occupations and ways of paying are those of the resident health file's personal form (National Basic Public Health
Services Specification, third edition, 2017: 职业, 医疗费用支付方式), so that the form can be filled in from here.
"""

from app.core.words import N_, _

OCCUPATIONS = {
    "leader": N_("Head of an office, company or institution"), "professional": N_("Professional or technician"),
    "clerk": N_("Office work"), "trade": N_("Trade or services"), "farmer": N_("Farming, forestry, fishing, water works"),
    "worker": N_("Production or transport worker"), "soldier": N_("Soldier"), "unclassified": N_("Other work"),
    "none": N_("No occupation"),
}  # fmt: skip
PAYMENTS = {
    "employee": N_("Employees' medical insurance"), "resident": N_("Residents' medical insurance"),
    "rural": N_("Rural cooperative medical scheme"), "poverty": N_("Poverty relief"), "commercial": N_("Commercial insurance"),
    "public": N_("Paid by the state"), "self": N_("Pays everything"), "other": N_("Paid in another way"),
}  # fmt: skip
SOURCES = {
    "walk_in": N_("Came by themselves"), "friend": N_("Family or friends told them"), "referral": N_("Sent by a doctor"),
    "examination": N_("After an examination"), "event": N_("A talk or a free clinic"), "employer": N_("Through their employer"),
    "online": N_("Found us online"), "list": N_("From an older list"), "other": N_("Another way"),
}  # fmt: skip
RELATIONS = {
    "spouse": N_("Husband or wife"), "child": N_("Son or daughter"), "parent": N_("Father or mother"),
    "sibling": N_("Brother or sister"), "grandchild": N_("Grandchild"), "grandparent": N_("Grandparent"),
    "relative": N_("Another relative"), "friend": N_("Friend or neighbour"), "carer": N_("Carer"), "other": N_("Somebody else"),
}  # fmt: skip
PHONE_RELATIONS = {"self": N_("Their own"), **RELATIONS, "workplace": N_("At work")}
KINDS = {"emergency": N_("Emergency contact"), "guardian": N_("Guardian")}
CHANNELS = {
    "phone": N_("Phone calls"), "sms": N_("Text messages"), "wechat": N_("WeChat"), "visit": N_("Home visits"),
    "post": N_("Letters"),
}  # fmt: skip


def told(names: dict[str, str], code: str) -> str:
    """In the reader's language; what an old list wrote instead of a code stands as it is."""
    return _(names[code]) if code in names else code
