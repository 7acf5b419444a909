"""What argparse says of a mistake, in the reader's language."""

import re

_TOLD = (
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<known>.+)\)",
        "{name} 不能是 {value}，可选：{known}",
    ),
    (r"the following arguments are required: (?P<name>.+)", "缺少 {name}"),
    (r"unrecognized arguments: (?P<value>.+)", "不认识的参数：{value}"),
    (r"argument (?P<name>.+?): expected (?:one|at least one) argument", "{name} 后面缺少内容"),
    (r"argument (?P<name>.+?): expected [0-9]+ arguments?", "{name} 后面的内容个数不对"),
    (r"argument (?P<name>.+?): invalid .+ value: (?P<value>.+)", "{name} 不能是 {value}"),
    (
        r"argument (?P<name>.+?): ignored explicit argument (?P<value>.+)",
        "{name} 后面不能带 {value}",
    ),
    (
        r"argument (?P<name>.+?): not allowed with argument (?P<value>.+)",
        "{name} 不能与 {value} 同用",
    ),
    (r"ambiguous option: (?P<name>.+) could match (?P<known>.+)", "{name} 不明确，可能是：{known}"),
)


def mistake(message: str) -> str:
    """One sentence without a full stop; words argparse has that we do not know stay as they are."""
    for pattern, words in _TOLD:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            parts = found.groupdict()
            for listed in parts.keys() & {"known", "name"}:
                parts[listed] = parts[listed].replace("'", "").replace(", ", "、")
            return words.format(**parts)
    return message
