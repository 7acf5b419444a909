"""A third city with a utility nobody knew: one file, no code."""

import shutil
from pathlib import Path

from config.cities import CITIES

OWN = """
[utilities.steam]
label = "用汽报装"
short = "汽"
use = "用汽"
provider = "某某热电公司"
section = "steam"
[utilities.steam.kinds]
new = { label = "新装" }
temporary = { label = "临时用汽", temporary = true }
transfer = { label = "过户", account_change = true }

[fields."steam.flow"]
label = "用汽量"
type = "decimal"
unit = "吨/小时"
min = 0.1
max = 500
decimals = 1
for_kind = "supply"

[fields."steam.pressure"]
label = "用汽压力"
type = "enum"
for_kind = "supply"
[fields."steam.pressure".options]
low = "低压"
middle = "中压"

[sections.steam]
label = "用汽报装资料(选填)"
fields = ["steam.flow", "steam.pressure"]
rows = [
  [{ fields = ["steam.kind"], span = 6, inline = true }],
  [
    { fields = ["steam.flow"], span = 3, inline = true },
    { fields = ["steam.pressure"], span = 3, inline = true },
  ],
]
"""


def folder_with_third(tmp_path: Path) -> Path:
    """All cities and one more, 某某市, which also offers steam."""
    folder = tmp_path / "cities"
    shutil.copytree(CITIES, folder)
    text = (folder / "daye.toml").read_text("utf-8")
    text = text.replace('code = "daye"', 'code = "moumou"', 1).replace("大冶市", "某某市", 1)
    (folder / "moumou.toml").write_text(text + OWN, "utf-8")
    return folder
