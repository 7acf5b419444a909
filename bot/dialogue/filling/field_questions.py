"""Questions about the form's own fields: 什么是信用代码, 这个必须填吗, 为什么要填联系人.

They are answered from the field's definition (the form it stands on, whether it has to be filled
in, its help), and what was asked is asked again. Where the very words do not tell, nothing is
taken for such a question: all that is said must be known here.
"""

import re

from bot.dialogue.filling.names import named_fields, role_of, words_of
from bot.dialogue.talk import Step, Talk
from config.cities import FieldType
from config.texts.chat import chat
from rules.forms import Form, FormField

_LONGEST = 26
_MARK = "〇"
_THIS = re.compile("(?:这|那)一?(?:个|项|栏|条|空|题|格|东西|玩意)|这里|这儿|这")
_WHAT = "(?:什么|啥)"
_HOW = "(?:怎么|咋|如何)"
_WRITE = "(?:填写?|写|选|留|提供)"
_CAN = "(?:能不能|可不可以|可以|能|允许)"
_MEANS = (
    f"是?{_WHAT}(?:意思|东西|玩意)|{_HOW}{_WRITE}|{_WRITE}(?:谁|{_WHAT}|哪一?个|哪种|多少|全称)"
)
_OF_NAMED = re.compile(
    f"{_WHAT}[是叫]|{_MEANS}|是(?:个?{_WHAT}|谁|哪个)|指(?:的是)?(?:{_WHAT}|哪个)|{_HOW}(?:理解|看|找|查|弄)"
    f"|(?:在|去|到|从|上)?(?:哪里?|哪儿|{_WHAT}地方)|按(?:{_WHAT}|哪个)"
)
"""What is asked of a field that is named."""
_OF_ANY = re.compile(
    f"{_MEANS}|必须|必填|必要|非[要得]|一定要?|强制|{_CAN}先?(?:不|空着?|留空|跳过|晚点|后面|以后)"
    f"|[不没](?:{_WRITE}|有)(?:可以|行|要紧|有?影响|有?关系|会{_HOW}样|{_HOW}[办弄])"
    f"|(?:要不要|需不需要|用不用)(?={_WRITE}|有|{_MARK})|为什么|为啥|为何|凭什么"
    f"|(?:是|用来|拿来)?(?:干嘛|干吗|[干做]{_WHAT})|有?{_WHAT}用(?:处|途)?"
)
"""What is asked of the field in hand as well, without a word of which."""
_LACKS = re.compile(
    "没有?(?:办|拿|批|下)?(?:好|到|下来)?|不知道|不记得|不晓得|忘了?|记不[住得清]|找不[到着]"
)
_BESIDE = re.compile(
    "请问|不好意思|你们?|您|我们?|咱们?|俺们?|公司|单位|企业|营业执照|执照|证照|上面|里面?|想问|问一?下"
    "|那么|到底|究竟|具体|来着|东西|号码|懂|明白|全称|刚注册|现在|目前|暂时|手头|手上|身边|必须|一定|知道"
    "|可以|需要|应该|提供|填写?|下来|怎么办?|咋[办整]?|什么|哪个"
    "|[那又都也还就先是有要得该需能会行不写选看找查弄给留用拿办非可项的啥到着在上]"
    "|[呀啊呢吗嘛么吧了哦哎诶嗯,，。.?？!！ ]"
)
"""Words that say nothing more."""


def asked(talk: Talk, form: Form, pending: FormField, text: str) -> Step | None:
    """The answer to a question about a field, and the pending question again; None for all else."""
    words = text.strip()
    if not 2 <= len(words) <= _LONGEST:
        return None
    field, marked = _field(form, pending, words)
    told = _told(form, field, marked, pending=field is pending)
    return talk.to(misses=0).again(told).end() if told else None


def _field(form: Form, pending: FormField, text: str) -> tuple[FormField, str]:
    """The field asked about, and the text with a mark where one is named: the pending one, where
    it is called 这个 or not at all.
    """
    named = named_fields(form.fields, text)
    near = [each for each in named if each.utility == pending.utility]
    field = pending if pending in named or not named else (near or named)[0]
    for each in named:
        for word in sorted(words_of(each), key=len, reverse=True):
            text = text.replace(word, _MARK)
    return field, _THIS.sub(_MARK, text)


def _told(form: Form, field: FormField, marked: str, *, pending: bool) -> str:
    """What is said of a field; empty where nothing is asked about it."""
    if _OF_ANY.search(marked):
        return "" if _left(marked, _OF_ANY) else about(form, field)
    if _MARK not in marked:
        return ""
    lacks = _LACKS.search(marked)
    if lacks and not _left(marked, _LACKS):
        return _lacking(form, field, lacks[0])
    known = (pending or field.help) and not _elsewhere(field, marked)
    asks = known and _OF_NAMED.search(marked) and not _left(marked, _OF_NAMED)
    return about(form, field) if asks else ""


def _lacking(form: Form, field: FormField, words: str) -> str:
    """How to go on without what a field asks for; what may be left out is passed over elsewhere."""
    if field.required:
        help_ = chat("field.help", help=field.help) if field.help else ""
        return chat("field.lacking", label=field.label, help=help_)
    return "" if words.startswith("没") else about(form, field)


def _left(marked: str, cues: re.Pattern[str]) -> str:
    """What is said besides the question itself."""
    return _BESIDE.sub("", cues.sub("", marked).replace(_MARK, ""))


def _elsewhere(field: FormField, marked: str) -> bool:
    """Whether rather something else is asked: where the window is, what a survey is."""
    if field.type in (FieldType.DATE, FieldType.DATETIME) or field.options:
        return True
    return role_of(field.key) == "address" and re.search("填|写|看|查", marked) is None


def about(form: Form, field: FormField) -> str:
    """A field in words: what it is, where it stands, whether it has to be filled in."""
    need = chat("field.required" if field.required else "field.optional")
    help_ = chat("field.help", help=field.help) if field.help else ""
    return chat("field.about", label=field.label, help=help_, title=form.title, need=need)
