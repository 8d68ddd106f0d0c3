"""What can be chosen, in the order of the resident health file (居民健康档案 个人基本信息表 and 健康体检表, 国家基本公共卫生服务规范).

Values are words of ours, so that a file stays readable; their order is the form's, so that its numbers are their places.
"""

from app.core.words import N_

Options = dict[str, str]

SOURCES = {
    "patient": N_("The person said so"), "family": N_("The family said so"), "clinic": N_("Found here"),
    "elsewhere": N_("From another clinic's papers"),
}  # fmt: skip
CHECKS = {"papers": N_("Papers were seen"), "asked": N_("Asked again"), "examined": N_("Examined or measured")}

STATUSES = {"active": N_("Present"), "resolved": N_("Over")}
CERTAINTIES = {"confirmed": N_("Confirmed"), "suspected": N_("Suspected")}
SEVERITIES = {
    "unknown": N_("Severity not known"), "mild": N_("Mild"), "moderate": N_("Moderate"), "severe": N_("Severe"),
}  # fmt: skip
RELATIVES = {
    "father": N_("Father"), "mother": N_("Mother"), "sibling": N_("Brother or sister"), "child": N_("Child"),
    "grandparent": N_("Grandparent"), "other": N_("Another relative"),
}  # fmt: skip
DISABILITIES = {
    "vision": N_("Sight"), "hearing": N_("Hearing"), "speech": N_("Speech"), "limb": N_("Limbs"),
    "intellectual": N_("Intellectual"), "mental": N_("Mental"), "other": N_("Another disability"),
}  # fmt: skip
GRADES = {"1": N_("Grade 1"), "2": N_("Grade 2"), "3": N_("Grade 3"), "4": N_("Grade 4")}
NEEDS = {
    "social": N_("Social"), "psychological": N_("Psychological"), "money": N_("Money"), "care": N_("Care at home"),
    "other": N_("Another need"),
}  # fmt: skip
OPEN = {"open": N_("Help is needed"), "met": N_("Is taken care of")}

SMOKING = {"never": N_("Never smoked"), "former": N_("Stopped smoking"), "current": N_("Smokes")}
DRINKING = {"never": N_("Never drank"), "former": N_("Stopped drinking"), "current": N_("Drinks")}
DRINKS = {
    "baijiu": N_("Baijiu"), "beer": N_("Beer"), "wine": N_("Wine"), "huangjiu": N_("Yellow wine"), "other": N_("Another drink"),
}  # fmt: skip
EXERCISE = {
    "daily": N_("Every day"), "weekly": N_("More than once a week"), "seldom": N_("Now and then"), "never": N_("No exercise"),
}  # fmt: skip
HABITS = {
    "balanced": N_("Meat and vegetables in balance"), "meat": N_("Mostly meat"), "plants": N_("Mostly plants"),
    "salty": N_("Likes it salty"), "oily": N_("Likes it oily"), "sweet": N_("Likes it sweet"),
}  # fmt: skip
QUALITY = {"good": N_("Sleeps well"), "fair": N_("Sleeps fairly"), "poor": N_("Sleeps badly")}
YES_NO = {"yes": N_("Yes"), "no": N_("No")}

KITCHENS = {"none": N_("No ventilation"), "hood": N_("Range hood"), "fan": N_("Extractor fan"), "chimney": N_("Chimney")}
FUELS = {
    "lpg": N_("Bottled gas"), "coal": N_("Coal"), "gas": N_("Natural gas"), "biogas": N_("Biogas"), "wood": N_("Firewood"),
    "other": N_("Another fuel"),
}  # fmt: skip
WATERS = {
    "tap": N_("Tap water"), "filtered": N_("Filtered water"), "well": N_("Well water"), "river": N_("River or lake water"),
    "pond": N_("Pond water"), "other": N_("Other water"),
}  # fmt: skip
TOILETS = {
    "sanitary": N_("Sanitary toilet"), "pit": N_("Pit of one or two chambers"), "bucket": N_("Bucket"),
    "open": N_("Open pit"), "shed": N_("Simple shed"),
}  # fmt: skip
ANIMALS = {
    "none": N_("No animals kept"), "separate": N_("Kept apart"), "indoors": N_("Kept indoors"), "outdoors": N_("Kept outdoors"),
}  # fmt: skip

EDUCATIONS = {
    "postgraduate": N_("Postgraduate"), "university": N_("University"), "college": N_("Junior college"),
    "secondary_vocational": N_("Secondary vocational school"), "technical_school": N_("Technical school"),
    "senior_high": N_("Senior high school"), "junior_high": N_("Junior high school"), "primary": N_("Primary school"),
    "illiterate": N_("Little or no reading"), "unknown": N_("Schooling not known"),
}  # fmt: skip
MARITAL = {
    "single": N_("Never married"), "married": N_("Married"), "widowed": N_("Widowed"), "divorced": N_("Divorced"),
    "unsaid": N_("Not said"),
}  # fmt: skip
BLOOD = {"A": "A", "B": "B", "O": "O", "AB": "AB", "unknown": N_("Blood group not known")}
RH = {"negative": N_("Rh negative"), "positive": N_("Rh positive"), "unknown": N_("Rh not known")}
RESIDENCES = {"registered": N_("Registered here"), "not_registered": N_("Registered elsewhere")}
AREAS = {"urban": N_("Town"), "rural": N_("Country")}
EXPOSURES = {"none": N_("No exposure"), "chemicals": N_("Chemicals"), "poisons": N_("Poisons"), "radiation": N_("Radiation")}
HEREDITARY = {"none": N_("No hereditary disease"), "yes": N_("Has a hereditary disease")}
