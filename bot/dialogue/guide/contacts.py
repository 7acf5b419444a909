"""Where the window is, when it is open, and which numbers are known."""

import re

from bot.dialogue.cities import towns_in
from bot.dialogue.guide.cited import Asked, Cited, of_guide, whom_to_ask
from config.cities import City
from config.texts.chat import chat
from rules.calendar import SHANGHAI

_PHONE = re.compile("电话|号码|座机|热线|联系方式|打给")
_OPEN = re.compile(
    "开门|上班|营业|开不开|在不在|休息|有人|上不上|周末|星期[六天日]|周[六日]|礼拜[六天日]"
)
_FLOOR = re.compile("几楼|哪层|怎么走|咋走|路线|停车|公交|地址")
_WEEKEND = re.compile("周末|双休|(?:星期|周|礼拜)[六日天]|节假日|放假")


def contacts(asked: Asked) -> tuple[Cited, ...]:
    """What was asked about first, then place, hours and numbers."""
    city, text = asked.city, asked.text
    lines: list[Cited] = []
    if asked.slots.utilities and _PHONE.search(text):
        numbers = [_number_of(city, utility) for utility in asked.slots.utilities]
        return (*numbers, whom_to_ask(city))
    if _OPEN.search(text):
        lines += _open_on(asked)
    if own := [t for t in towns_in(city, text) if city.town(t).own_window]:
        names = "、".join(city.town(code).label for code in own)
        lines.append(Cited(chat("guide.town_window", towns=names)))
    if _FLOOR.search(text):
        lines.append(Cited(chat("guide.no_floor")))
    return (*lines, *_without_mark(city, of_guide(city.guide["contacts"])))


def _without_mark(city: City, lines: tuple[Cited, ...]) -> tuple[Cited, ...]:
    """Numbers of the whole country are nobody's arrangement."""
    numbers = [each.number for each in city.hotlines]
    return tuple(
        Cited(each.text) if each.ours and any(n in each.text for n in numbers) else each
        for each in lines
    )


def _number_of(city: City, utility: str) -> Cited:
    """A utility's own number, where the city's file states one."""
    found = city.utilities.get(utility)
    use = found.use if found else chat("cases.other")
    numbers = [each for each in city.hotlines if each.utility == utility]
    if not numbers:
        return Cited(chat("guide.unstated_about", about=chat("guide.number_of", use=use)))
    return Cited("；".join(f"{each.label}{each.number}" for each in numbers) + "。")


def _open_on(asked: Asked) -> list[Cited]:
    """Whether the window is open on the day asked about; now, where none was named."""
    if _WEEKEND.search(asked.text):
        return [Cited(chat("guide.weekend"), ours=True)]
    if asked.calendar is None or not re.search("现在|这会|今天", asked.text):
        return []
    open_now = asked.calendar.is_working_time(asked.now)
    if open_now:
        return [Cited(chat("guide.open_now"), ours=True)]
    again = asked.calendar.next_working_time(asked.now).astimezone(SHANGHAI)
    when = f"{again.month}月{again.day}日{again.hour}:{again.minute:02}"
    return [Cited(chat("guide.closed_now", when=when), ours=True)]
