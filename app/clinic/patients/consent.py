"""The text people agree to when the clinic keeps their data. Plain and neutral; the clinic replaces it by its own.

A text is never changed, only followed by another: what somebody agreed to must stay readable.
"""

from typing import Literal

import msgspec

from app.core.words import N_, pick

Way = Literal["signed", "spoken", "guardian"]
WAYS = {
    "signed": N_("Signed on paper"),
    "spoken": N_("Said yes at the desk"),
    "guardian": N_("A parent or guardian agreed"),
}


class ConsentText(msgspec.Struct, frozen=True):
    version: str
    zh: str
    en: str

    @property
    def text(self) -> str:
        return pick(self.zh, self.en)


TEXTS = (
    ConsentText(
        version="1",
        zh=(
            "本诊所为您建立健康档案，记录您的身份信息、联系方式、检查结果、诊断、用药和随访情况，"
            "只用于您的诊疗、健康管理和与您联系。这些信息保存在诊所自己的电脑里，"
            "只有为您服务的工作人员能看到，每次查看都有记录；未经您同意不提供给他人，法律另有规定的除外。"
            "您可以随时查看、更正自己的信息，也可以收回这份同意。"
        ),
        en=(
            "The clinic keeps a health record for you: who you are, how to reach you, results, diagnoses, medicines "
            "and follow-up. It is used only for your care and to contact you. It stays on the clinic's own computer; "
            "only staff who look after you can see it, and every look is recorded. It is given to nobody else "
            "without your consent, except where the law requires it. You may see and correct it at any time, "
            "and you may withdraw this consent."
        ),
    ),
)


def current() -> ConsentText:
    return TEXTS[-1]


def text_of(version: str) -> ConsentText | None:
    return next((one for one in TEXTS if one.version == version), None)
