"""Printed cells against a transcription of the annexes (forms.md), cell by cell."""

from datetime import date

import pytest

from config.cities import CITIES, CityBook
from rules.forms import Cell, form_of

BOOK = CityBook.load(CITIES)


def shown(cell: Cell) -> str:
    """``label(span)``, ``[field](span)``; boxes as □, caption before, unit after."""
    text = cell.text
    if cell.fields:
        blank = "".join(f"□{option.label}" for option in cell.boxes) or (
            cell.blank or f"[{'+'.join(cell.fields)}]"
        )
        text = (f"{cell.caption}:" if cell.caption else "") + blank + cell.unit
    return text + (f"({cell.span})" if cell.span > 1 else "") + ("v" if cell.rowspan == 2 else "")


FORM_A = """
申请单位 | [enterprise.name] | 信用代码 | [enterprise.credit_code]
联系人 | [contact.name] | 联系电话 | [contact.phone]
{town} | [site.town](3)
计划投入使用时间 | 年 月 日(3)
报装意向 | □用水报装 | □用电报装 | {boxes}
其他情况 | [other.text](3)
"""
FORM_B = """
申请单位 | [enterprise.name](3) | 信用代码 | [enterprise.credit_code]
申请地址 | 镇(街道) 路 号(5)
预约踏勘时间 | 年 月 日 时(5)
联系人 | [contact.name](3) | 联系电话 | [contact.phone]
项目代码 | [project.code](5)
申请联合报装内容 | □用水报装□用电报装{boxes}(5)
用水报装资料(选填)(6)
业务类型:□新开户□扩容□临时用水{change}(6)
供水需求:[water.daily_amount]吨/日(3) | 是否需要双路供水:□是□否(3)
用电报装资料(选填)(6)
业务类型:□新装□增容□临时用电{change}(6)
主供容量:[electricity.main_capacity]{kva}(3) | 备供容量:[electricity.backup_capacity]{kva}(3)
用天然气设备名称资料(选填)(6)
{gas}设备名称v | 数量v | 燃烧器口径v | 用气压力(KPA)(2) | 天然气负荷(方/小时)
工作 | 设备 | 正常工作
{devices}
{rest}
"""
DEVICE = " | ".join(
    f"[gas.devices.{{0}}.{name}]"
    for name in ("name", "count", "burner_calibre", "working_pressure", "device_pressure", "load")
)
DEVICES = "\n".join(DEVICE.format(at) for at in range(3))
NETWORK = "带宽需求:[network.bandwidth]MB(3) | 固定电话安装数量:[network.lines]门(3)"
CHANGE = "□更名□过户"
KVA = "千伏安(千瓦)"
ZHOUKOU_REST = f"""用暖报装资料(选填)(6)
业务类型:□新装□增容{CHANGE}(6)
供暖面积:[heat.area]平方米(3) | 热负荷:[heat.load]千瓦(3)
用热方式:□散热器□地面辐射□风机盘管□生产工艺用热□生活热水(6)
用讯报装资料(选填)(6)
业务类型:□新装{CHANGE}(6)
{NETWORK}"""
EXPECTED = {
    ("daye", "A"): FORM_A.format(town="所属镇街", boxes="□天然气报装□网络报装"),
    ("zhoukou", "A"): FORM_A.format(town="所属县(市、区)", boxes="□天然气报装□用暖报装□用讯报装"),
    ("daye", "B"): FORM_B.format(
        boxes="□天然气报装□网络报装",
        kva=KVA,
        change="",
        gas="",
        devices=DEVICES,
        rest=f"网络报装资料(选填)(6)\n{NETWORK}",
    ),
    ("zhoukou", "B"): FORM_B.format(
        boxes="□天然气报装□用暖报装□用讯报装",
        kva=KVA,
        change=CHANGE,
        gas=f"业务类型:□新装{CHANGE}(6)\n",
        devices=DEVICES,
        rest=ZHOUKOU_REST,
    ),
}


@pytest.mark.parametrize(("code", "form_code"), list(EXPECTED))
def test_cells(code: str, form_code: str) -> None:
    form = form_of(BOOK.on(code, date(2026, 11, 20)), "A" if form_code == "A" else "B")
    rows = [" | ".join(shown(cell) for cell in row) for row in form.rows]
    assert rows == EXPECTED[code, form_code].strip().split("\n")
    assert form.columns == {"A": 4, "B": 6}[form_code]


@pytest.mark.parametrize(("code", "form_code"), list(EXPECTED))
def test_every_row_fills_its_columns(code: str, form_code: str) -> None:
    form = form_of(BOOK.on(code, date(2026, 11, 20)), "A" if form_code == "A" else "B")
    hanging = 0
    for row in form.rows:
        assert sum(cell.span for cell in row) + hanging == form.columns
        hanging = sum(cell.span for cell in row if cell.rowspan == 2)


def test_the_deviation_is_noted() -> None:
    assert "网络报装" in form_of(BOOK.on("daye", date(2026, 11, 20)), "A").note
