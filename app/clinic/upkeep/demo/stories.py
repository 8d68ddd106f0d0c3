"""What happened to the invented people: a dozen stories, told in the person's own language."""

from random import Random

import msgspec

from app.clinic.upkeep.demo.bodies import Body


class Told(msgspec.Struct, frozen=True):
    zh: str
    en: str

    def to(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Illness(msgspec.Struct, frozen=True):
    """years: known for so long before today."""

    code: str
    text: Told
    years: int


class Medicine(msgspec.Struct, frozen=True):
    drug: Told
    dose: str
    often: Told
    why: Told
    years: int


class Intolerance(msgspec.Struct, frozen=True):
    substance: Told
    reaction: Told
    severity: str


class Story(msgspec.Struct, frozen=True):
    """shift: what sets the body apart. last_visit: days before today. extra: further visits for blood pressure."""

    ages: tuple[int, int]
    shift: dict[str, float]
    illnesses: tuple[Illness, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    intolerances: tuple[Intolerance, ...] = ()
    notes: tuple[Told, ...] = ()
    last_visit: tuple[int, int] = (3, 150)
    extra: int = 0

    def body(self, random: Random, usual: Body) -> Body:
        return msgspec.structs.replace(usual, **{name: value * random.uniform(0.85, 1.15) for name, value in self.shift.items()})


DAILY = Told("每日一次，早上", "once a day, mornings")
TWICE = Told("每日两次，随餐", "twice a day, with meals")
NIGHT = Told("每晚一次", "once a day, evenings")
PRESSURE = Illness("I10", Told("原发性高血压", "Essential hypertension"), 4)
DIABETES = Illness("E11.9", Told("2 型糖尿病", "Type 2 diabetes"), 3)
LIPIDS = Illness("E78.2", Told("混合型高脂血症", "Mixed hyperlipidaemia"), 2)
AMLODIPINE = Medicine(Told("氨氯地平片", "Amlodipine"), "5 mg", DAILY, Told("降压", "blood pressure"), 3)
LOSARTAN = Medicine(Told("氯沙坦钾片", "Losartan"), "50 mg", DAILY, Told("降压", "blood pressure"), 2)
METFORMIN = Medicine(Told("二甲双胍片", "Metformin"), "500 mg", TWICE, Told("降糖", "blood sugar"), 3)
STATIN = Medicine(Told("阿托伐他汀钙片", "Atorvastatin"), "20 mg", NIGHT, Told("调脂", "blood lipids"), 2)
PENICILLIN = Intolerance(Told("青霉素", "Penicillin"), Told("全身皮疹、呼吸困难", "Rash all over, short of breath"), "severe")
SULFA = Intolerance(Told("磺胺类", "Sulfonamides"), Told("皮疹", "Rash"), "moderate")
SEAFOOD = Intolerance(Told("虾、蟹", "Shrimp and crab"), Told("口唇肿", "Swollen lips"), "mild")

STORIES = (
    Story((52, 74), {"pressure": 26, "bmi": 27.5}, (PRESSURE,), (AMLODIPINE,), (PENICILLIN,),
          (Told("独居，女儿周末来。药盒按星期分好，常忘记晚上那格。", "Lives alone, daughter comes at weekends. Pill box by weekday; the evening one is often forgotten."),),
          (2, 12), 4),
    Story((48, 70), {"pressure": 22, "treated_from": 1.0, "sugar": 2.9, "bmi": 28.0}, (PRESSURE, DIABETES), (LOSARTAN, METFORMIN, STATIN), (),
          (Told("愿意少吃主食，不愿意打针。太太一起来，能监督。", "Willing to eat less rice, does not want injections. Comes with his wife, who keeps an eye on it."),),
          (20, 90), 3),
    Story((35, 55), {"sugar": 2.5, "bmi": 26.5}, (), (), (),
          (Told("体检发现空腹血糖高，没有口渴、多尿。父亲有糖尿病。", "Raised fasting glucose at a check-up, no thirst. Father had diabetes."),), (3, 13)),
    Story((30, 60), {"bmi": 30.0, "lipids": 1.1, "liver": 30}, (LIPIDS,), (STATIN,), (SEAFOOD,),
          (Told("夜班多，吃饭不规律。想先试三个月饮食和走路。", "Works nights, eats irregularly. Wants to try three months of diet and walking first."),), (5, 120)),
    Story((66, 86), {"kidney_slope": 0.07, "pressure": 15}, (PRESSURE, Illness("N18.3", Told("慢性肾脏病 3 期", "Chronic kidney disease, stage 3"), 1)),
          (AMLODIPINE,), (SULFA,), (Told("听力不好，请说慢一点。儿子接电话。", "Hard of hearing: please speak slowly. The son answers the phone."),), (4, 80), 2),
    Story((22, 40), {}, (), (), (), (), (10, 330)),
    Story((30, 62), {"uric": 150, "bmi": 27.0}, (Illness("M10.9", Told("痛风", "Gout"), 2),),
          (Medicine(Told("非布司他片", "Febuxostat"), "40 mg", DAILY, Told("降尿酸", "uric acid"), 1),), (),
          (Told("去年大脚趾痛过两次。聚餐多，少不了啤酒。", "Two attacks in the big toe last year. Eats out a lot, with beer."),), (6, 100)),
    Story((24, 45), {"blood": -34}, (Illness("D50.9", Told("缺铁性贫血", "Iron-deficiency anaemia"), 1),),
          (Medicine(Told("琥珀酸亚铁片", "Ferrous succinate"), "100 mg", TWICE, Told("补铁", "iron"), 1),), (),
          (Told("月经量多，已建议看妇科。", "Heavy periods; advised to see gynaecology."),), (5, 60)),
    Story((40, 68), {"pressure": 14}, (), (), (PENICILLIN,),
          (Told("只在诊所量时高？请带家里的血压记录来。", "High only here? Asked to bring home readings."),), (3, 16), 1),
    Story((45, 78), {"pressure": 20, "treated_from": 0.5}, (PRESSURE,), (LOSARTAN,), (),
          (Told("血压已稳定。喜欢打太极。", "Blood pressure steady. Enjoys tai chi."),), (15, 85), 4),
    Story((9, 16), {}, (), (), (SEAFOOD,), (Told("家长陪同。青少年的结果不套用成人范围。", "Comes with a parent. Adult ranges do not apply."),), (20, 200)),
    Story((28, 70), {"lipids": 1.4}, (), (), (), (Told("母亲 52 岁心梗。担心自己，愿意查。", "Mother had a heart attack at 52. Worried, glad to be tested."),), (4, 40)),
)
