"""方案不满意怎么办: who does not agree to the plan is told how to have it changed."""

import re
from uuid import UUID

from bot.dialogue import links
from bot.dialogue.lately import case_of_late
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.offers import offer
from bot.understanding.types import Understood
from config.texts.chat import chat

_LONGEST = 24
_AGAINST = (
    "(?:不(?:太|怎么|是很)?(?:满意|同意|认可|接受|合理|合适|行|好|对)|有(?:意见|问题|异议)"
    "|要?(?:修改|改一?[下改]|重做|重新做|调整)|想改|要改|能改|能不能改|太贵|不想要)"
)
_PLAN = "(?:接入|供[水电气]|施工)?方案"
_WISH = re.compile(
    f"{_PLAN}(?:我们?|做得|做的|里面?|也|都|还|,)*[^,，。;；]{{0,4}}{_AGAINST}"
    f"|(?:不(?:太)?(?:满意|同意|认可|接受)|修改|调整|重做|重新做|请求修改|要求修改|改一?下)[^,，。;；]{{0,6}}{_PLAN}"
)


def asked(talk: Talk, said: Understood) -> Step | None:
    """Point to where a change of the plan is asked for; None for anything else."""
    text = said.text.strip()
    if len(text) > _LONGEST or not _WISH.search(text) or "投诉" in text:
        return None
    return _told(talk.to(misses=0).aside(), case_of_late(talk))


def _told(talk: Talk, case: UUID | None) -> Step:
    page = links.case(talk.facts, case)
    return offer(talk, chat("plan.change"), ("query_status", "human_agent"), page).end()
