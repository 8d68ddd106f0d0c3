"""How lists call relations, ways of paying and occupations. What is not here stands in the person's record as the list wrote it."""

OWN = {"", "本人", "自己", "手机", "电话", "移动", "家", "家里", "宅", "宅电", "住宅", "座机", "固话", "mobile", "cell", "home", "tel", "own", "self"}
_RELATIONS = {
    "spouse": "配偶 丈夫 妻子 老公 老婆 爱人 太太 先生 夫 妻 夫妻 husband wife spouse",
    "child": "儿子 女儿 子女 子 女 儿 长子 次子 长女 次女 孩子 儿媳 女婿 son daughter child",
    "parent": "父亲 母亲 父母 父 母 爸爸 妈妈 爸 妈 家长 father mother parent mum mom dad",
    "sibling": "兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 brother sister sibling",
    "grandchild": "孙子 孙女 外孙 外孙女 孙 grandson granddaughter grandchild",
    "grandparent": "爷爷 奶奶 外公 外婆 姥姥 姥爷 祖父 祖母 grandfather grandmother grandparent",
    "relative": "亲戚 亲属 家属 relative", "friend": "朋友 邻居 同事 friend neighbour neighbor",
    "carer": "保姆 护工 阿姨 carer caregiver", "workplace": "单位 公司 办公室 办 work office",
}
_PAYMENTS = {
    "employee": "职工医保 城镇职工 城镇职工基本医疗保险 城镇职工医保 职工 职工基本医疗保险", "rural": "新农合 新型农村合作医疗 农合",
    "resident": "居民医保 城镇居民 城镇居民基本医疗保险 城乡居民 城乡居民医保 城乡居民基本医疗保险 居民",
    "poverty": "贫困救助", "commercial": "商业医疗保险 商业保险 商保", "public": "全公费 公费 公费医疗", "self": "全自费 自费 自费医疗",
    "other": "其他方式 其他",
}
_OCCUPATIONS = {"farmer": "农民 务农 渔民", "worker": "工人", "soldier": "军人", "none": "无职业 无业 待业 学龄前儿童"}


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: code for code, words in table.items() for word in words.split()}


RELATION_WORDS, PAYMENT_WORDS, OCCUPATION_WORDS = _by_word(_RELATIONS), _by_word(_PAYMENTS), _by_word(_OCCUPATIONS)
