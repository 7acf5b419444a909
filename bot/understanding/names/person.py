"""People: 李经理, 孙工, 小刘, 王某, 联系人张三, 钱七 13800000427."""

import re
from collections.abc import Iterator
from functools import cache

from bot.understanding.lexicon import Lexicon
from bot.understanding.names.words import EDGE, PHONE_VEIL, apart, either, names

COMMON = 60
"""Words seen more often than this are words, not names."""
_HAN = "[\u4e00-\u9fff]"
_COMPOUND = "欧阳|司马|上官|诸葛|尉迟|皇甫|令狐|慕容|司徒|夏侯|东方|公孙|宇文|长孙|端木"
_PARTICLES = "吗呢吧么了的不啊呀嘛着过哈错对"
"""No name ends with one."""
_NO_NAME = "方[式案法便向面形圆]"
_NOT_AFTER = {
    "工": "(?![程地作厂具期业资人序伤种艺棚装会商况匠龄农])",
    "总": "(?![共公是体结量部得会算管局])",
}
_GOES_ON = (
    "的|在|来|说|电话|联系|他|她|接|到|做|负责|也|对接|签|服务|态度|把|是|就|约|师傅|和|跟|那"
    "|让|给|带|报|去|去了|刚|收|号码|手机"
)


class _Patterns:
    """Patterns of people, made of the word lists."""

    def __init__(self) -> None:
        words = names()["person"]
        surnames = "".join(words["surnames"].split())
        given = "".join(c for c in surnames if c not in words["only_before_title"])
        titled = "".join(c for c in surnames if c not in words["never_before_title"])
        titles = "|".join(
            re.escape(title) + _NOT_AFTER.get(title, "")
            for title in sorted(set(words["titles"]), key=lambda w: (-len(w), w))
        )
        not_worker = f"(?![{words['not_a_worker']}]工)"
        surname = (
            f"(?:{_COMPOUND}|(?<![工甲乙对我双三])方|(?<!谢)谢|(?<![前现上主责一二两三四五六几])任"
            f"|[{''.join(c for c in titled if c not in '方谢任')}])"
        )
        self.not_nick = frozenset(words["not_a_nickname"])
        given_name = f"{_HAN}{{1,2}}(?<![{_PARTICLES}])"
        self.full = f"(?!{_NO_NAME})(?:{_COMPOUND}|[{given}]){given_name}"
        self.titled = re.compile(f"{not_worker}小?{surname}(?:{titles})")
        self.nick = re.compile(
            f"(?:小[{surnames}]|(?<![得好到那么壁])老[{surnames}]|阿{_HAN})(?=(?:{EDGE}"
            f"|{_GOES_ON}))"
            f"|[{given}]某{{1,2}}(?![路公企单旅厂酒饭])"
        )
        self.cued = re.compile(
            f"(?:{either(words['cues'])})(?:姓名|名字)?(?:就?[是为叫找写]|换成|换为|改成|改为"
            "|更正为|变更为|[:, ]){0,6}"
            f"(?P<name>[{surnames}](?:{titles})"
            f"|(?!{_NO_NAME}|[{words['never_a_name']}])[{surnames}]{given_name})"
            f"(?={EDGE}|的?电话|的?手机|收)"
        )
        self.said = re.compile(
            f"(?:{either(words['said'])})[:, ]?(?P<name>{self.full})(?={EDGE}|的?电话|的?手机|收)"
        )
        self.related = re.compile(
            f"(?:{either(words['relations'])})(?<!老公(?=司))(?P<name>{self.full})"
            f"(?={EDGE}|的?电话|的?手机|收|师傅)"
        )
        self.from_where = re.compile(f"我是[^,。;]{{2,24}}?的(?P<name>{self.full})(?={EDGE})")
        self.worker = re.compile(f"(?P<name>{self.full})(?=师傅)")
        self.called = re.compile(
            f"(?:^|[,。;、: /部科处的])(?P<name>{self.full})(?:[,: ]|(?:联系)?电话|手机号?|号码"
            f"|是){{0,4}}(?={PHONE_VEIL})"
        )


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def persons(veiled: str, lexicon: Lexicon, *, most: int) -> list[tuple[int, int]]:
    """Where people are named, the surest first."""
    return apart(_all(veiled, lexicon), most)


def _all(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    patterns = _patterns()
    for match in patterns.cued.finditer(text):
        yield match.span("name")
    for match in patterns.called.finditer(text):
        if not lexicon.common(match["name"], COMMON):
            yield match.span("name")
    for match in patterns.titled.finditer(text):
        yield match.span()
    for match in patterns.said.finditer(text):
        if not lexicon.common(match["name"], COMMON):
            yield match.span("name")
    for pattern in (patterns.related, patterns.from_where, patterns.worker):
        for match in pattern.finditer(text):
            if not lexicon.common(match["name"], COMMON):
                yield match.span("name")
    for match in patterns.nick.finditer(text):
        if match[0] not in patterns.not_nick:
            yield match.span()
