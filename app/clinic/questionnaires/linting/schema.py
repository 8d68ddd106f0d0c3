"""The members of FHIR R4's Questionnaire and of the types in it: name, type, `*` for a list, `!` for one that must be there."""

from typing import NamedTuple


class Member(NamedTuple):
    type: str
    many: bool
    must: bool


def _members(written: str) -> dict[str, Member]:
    found = (one.partition(":") for one in f"id:string extension:Extension* {written}".split())
    return {name: Member(kind.rstrip("*!"), "*" in kind, "!" in kind) for name, _colon, kind in found}


ELEMENTS = {
    "Questionnaire": _members(
        "resourceType:code! id:id meta:Meta implicitRules:uri language:code text:Narrative contained:Resource* "
        "modifierExtension:Extension* url:uri identifier:Identifier* version:string name:string title:string derivedFrom:canonical* "
        "status:code! experimental:boolean subjectType:code* date:dateTime publisher:string contact:ContactDetail* description:markdown "
        "useContext:UsageContext* jurisdiction:CodeableConcept* purpose:markdown copyright:markdown approvalDate:date "
        "lastReviewDate:date effectivePeriod:Period code:Coding* item:Item*"
    ),
    "Item": _members(
        "modifierExtension:Extension* linkId:string! definition:uri code:Coding* prefix:string text:string type:code! "
        "enableWhen:EnableWhen* enableBehavior:code required:boolean repeats:boolean readOnly:boolean maxLength:integer "
        "answerValueSet:canonical answerOption:AnswerOption* initial:Initial* item:Item*"
    ),
    "EnableWhen": _members(
        "modifierExtension:Extension* question:string! operator:code! answerBoolean:boolean answerDecimal:decimal answerInteger:integer "
        "answerDate:date answerDateTime:dateTime answerTime:time answerString:string answerCoding:Coding answerQuantity:Quantity "
        "answerReference:Reference"
    ),
    "AnswerOption": _members(
        "modifierExtension:Extension* valueInteger:integer valueDate:date valueTime:time valueString:string valueCoding:Coding "
        "valueReference:Reference initialSelected:boolean"
    ),
    "Initial": _members(
        "modifierExtension:Extension* valueBoolean:boolean valueDecimal:decimal valueInteger:integer valueDate:date valueDateTime:dateTime "
        "valueTime:time valueString:string valueUri:uri valueAttachment:Attachment valueCoding:Coding valueQuantity:Quantity "
        "valueReference:Reference"
    ),
    "Element": _members(""),
    "Extension": _members("url:uri!"),  # and one value[x]
    "Coding": _members("system:uri version:string code:code display:string userSelected:boolean"),
    "Quantity": _members("value:decimal comparator:code unit:string system:uri code:code"),
    "Attachment": _members(
        "contentType:code language:code data:base64Binary url:url size:unsignedInt hash:base64Binary title:string creation:dateTime"
    ),
    "Reference": _members("reference:string type:uri identifier:Identifier display:string"),
    "Identifier": _members("use:code type:CodeableConcept system:uri value:string period:Period assigner:Reference"),
    "Period": _members("start:dateTime end:dateTime"),
    "CodeableConcept": _members("coding:Coding* text:string"),
    "ContactDetail": _members("name:string telecom:ContactPoint*"),
    "ContactPoint": _members("system:code value:string use:code rank:positiveInt period:Period"),
    "UsageContext": _members(
        "code:Coding! valueCodeableConcept:CodeableConcept valueQuantity:Quantity valueRange:Range valueReference:Reference"
    ),
    "Meta": _members("versionId:id lastUpdated:instant source:uri profile:canonical* security:Coding* tag:Coding*"),
    "Narrative": _members("status:code! div:xhtml!"),
    "Expression": _members("description:string name:code language:code! expression:string reference:uri"),
    "Range": _members("low:Quantity high:Quantity"),
    # Lists of answers in the file itself; what else is contained is passed on.
    "ValueSet": _members(
        "resourceType:code! meta:Meta implicitRules:uri language:code text:Narrative contained:Resource* modifierExtension:Extension* url:uri "
        "identifier:Identifier* version:string name:string title:string status:code experimental:boolean date:dateTime publisher:string "
        "contact:ContactDetail* description:markdown useContext:UsageContext* jurisdiction:CodeableConcept* immutable:boolean "
        "purpose:markdown copyright:markdown compose:Compose expansion:Expansion"
    ),
    "Compose": _members("lockedDate:date inactive:boolean include:Include* exclude:Include*"),
    "Include": _members("system:uri version:string concept:Concept* filter:Filter* valueSet:canonical*"),
    "Concept": _members("code:code! display:string designation:Designation*"),
    "Designation": _members("language:code use:Coding value:string!"),
    "Filter": _members("property:code! op:code! value:string!"),
    "Expansion": _members(
        "identifier:uri timestamp:dateTime total:integer offset:integer parameter:Parameter* contains:Contains*"
    ),
    "Parameter": _members(
        "name:string! valueString:string valueBoolean:boolean valueInteger:integer valueDecimal:decimal valueUri:uri valueCode:code valueDateTime:dateTime"
    ),
    "Contains": _members(
        "system:uri abstract:boolean inactive:boolean version:string code:code display:string designation:Designation* contains:Contains*"
    ),
}
ELEMENTS |= {name: ELEMENTS["Quantity"] for name in ("Duration", "Age", "Count", "Distance")}

# Types an extension may have that are passed on without being looked into.
OTHER_TYPES = set(
    "Address Annotation Contributor DataRequirement Dosage HumanName Money ParameterDefinition Ratio RelatedArtifact "
    "SampledData Signature Timing TriggerDefinition Resource".split()
)
CHOICES = {"EnableWhen": "answer", "AnswerOption": "value", "Initial": "value", "UsageContext": "value"}

CODES = {
    ("Questionnaire", "status"): "draft active retired unknown".split(),
    ("Item", "type"): (
        "group display boolean decimal integer date dateTime time string text url choice open-choice attachment reference quantity"
    ).split(),
    ("Item", "enableBehavior"): ["all", "any"],
    ("EnableWhen", "operator"): "exists = != > < >= <=".split(),
    ("Narrative", "status"): "generated extensions additional empty".split(),
}
