"""Companies, people and places: literal stretches, and what only looks like one."""

import pytest

from bot.understanding.lexicon import Lexicon
from bot.understanding.names import names_of
from bot.understanding.segment import prepare
from bot.understanding.slots import slots_of
from bot.understanding.types import Intent

COMPANIES = {
    "我公司是大冶样板铸造有限公司，要电": "大冶样板铸造有限公司",
    "示例新材料（大冶）有限公司，签了出让合同": "示例新材料(大冶)有限公司",
    "公司叫叮叮当机械，要装电": "叮叮当机械",
    "厂名叫千层彩印，要网": "千层彩印",
    "单位：虚构县小石子建材厂，电话再报": "虚构县小石子建材厂",
    "周口假想面业要拉专线": "周口假想面业",
    "我们是项城样例制药，要用气": "项城样例制药",
    "淮阳某某纸箱厂，约踏勘": "淮阳某某纸箱厂",
    "查下（大冶市会跑的铅笔厂）的进度": "大冶市会跑的铅笔厂",
    "木棉九号饲料有限公司要报水": "木棉九号饲料有限公司",
    "金牛镇样板砂石有限公司，要接电": "金牛镇样板砂石有限公司",
    "申请单位是灵乡镇样板选矿有限公司": "灵乡镇样板选矿有限公司",
    "我是还地桥樣板食品有限公司的": "还地桥樣板食品有限公司",
    "我们保安镇样板塑料有限公司要装电": "保安镇样板塑料有限公司",
    "大冶 灵乡镇样板选矿厂，要接电": "灵乡镇样板选矿厂",
    "大冶市灵乡镇样板选矿有限公司报装": "大冶市灵乡镇样板选矿有限公司",
    "厂在灵乡镇样板选矿有限公司": "样板选矿有限公司",
    "陈贵镇的样板饲料有限公司": "样板饲料有限公司",
    "地址是灵乡镇样板选矿有限公司": "样板选矿有限公司",
}
NO_COMPANIES = [
    "让我又交一遍材料",
    "我就埋根电缆",
    "我们公司要接电",
    "供电公司电话多少",
    "隔壁厂办得快",
    "我开了个面粉厂",
    "新公司还没成立",
    "个体户升级成有限公司",
    "找燃气公司还是找你们",
    "分公司可以报吗",
    "农村合作社算不算企业",
    "大冶的公司都能办吗",
    "物业公司说不管",
    "听说周口是零材料",
]
PERSONS = {
    "联系人张小样，要电": "张小样",
    "有事找孙工": "孙工",
    "打李经理电话没人接": "李经理",
    "现场找周师傅": "周师傅",
    "负责人：王某": "王某",
    "供水公司小刘到了": "小刘",
    "找行政部钱七 13800000427": "钱七",
    "我叫陆小满，手机13800004472": "陆小满",
    "联系人换成赵六 13800002255": "赵六",
    "联系人常工，别打错": "常工",
    "找老崔就行": "老崔",
    "钮女士，0714-8700012": "钮女士",
}
NO_PERSONS = [
    "户头还是老公司名字",
    "施工队到了没",
    "叫师傅来量一下",
    "找工作人员",
    "电工说要换表",
    "小区能不能办",
    "老厂要增容",
    "甲方经理不在",
    "联系方式写错了",
    "总经理出差",
    "谢谢老师",
    "应该是13800003344",
]
PLACES = {
    "地址不对，改成大箕铺镇大道东8号": "大箕铺镇大道东8号",
    "请到刘仁八镇样例路口的厂房来看": "刘仁八镇样例路口的厂房",
    "还地桥镇样板湖西岸那块空地先登记": "还地桥镇样板湖西岸那块空地",
    "沈丘县虚构镇假想饭庄要接气": "沈丘县虚构镇",
    "装在样板路与示例路交叉口东南角": "样板路与示例路交叉口东南角",
    "到样板街道冷库了": "样板街道冷库",
    "地址写错村了，是东假庄": "东假庄",
    "我们在还地桥镇工业园": "还地桥镇工业园",
    "厂在灵乡镇老矿区，来看看": "灵乡镇老矿区",
    "罗家桥街道这边要电": "罗家桥街道",
    "沈丘县这边要三相电": "沈丘县",
    "大箕铺镇小学斜对面": "大箕铺镇小学斜对面",
    "川汇区样例路与虚构街交叉口停电": "川汇区样例路与虚构街交叉口",
    "保安镇农贸市场对面水管爆了": "保安镇农贸市场对面",
    "金湖街道望月路6号，要电": "金湖街道望月路6号",
    "茗山乡政府门口电线杆倒了": "茗山乡政府门口",
    "陈贵镇矿山路口往里两百米": "陈贵镇矿山路口往里两百米",
    "扶沟县虚构镇的地": "扶沟县虚构镇",
    "殷祖镇政府往东200米路北": "殷祖镇政府往东200米路北",
    "七一路和样例大道交叉口停水": "七一路和样例大道交叉口",
    "东岳路街道星光广场一楼": "东岳路街道星光广场一楼",
}
NO_PLACES = ["大冶能报暖气吗", "周口的企业", "过马路埋管", "我在厂里等", "挖路要批吗", "网上填的"]


def literal(lexicon: Lexicon, text: str, kind: str) -> list[str]:
    prepared = prepare(text, lexicon)
    found = getattr(names_of(prepared, lexicon), kind)
    return [prepared.text[start:end] for start, end in found]


@pytest.mark.parametrize("text", COMPANIES)
def test_companies(lexicon: Lexicon, text: str) -> None:
    assert literal(lexicon, text, "companies") == [COMPANIES[text]]


@pytest.mark.parametrize("text", NO_COMPANIES)
def test_no_companies(lexicon: Lexicon, text: str) -> None:
    assert literal(lexicon, text, "companies") == []


@pytest.mark.parametrize("text", PERSONS)
def test_persons(lexicon: Lexicon, text: str) -> None:
    assert literal(lexicon, text, "persons")[:1] == [PERSONS[text]]


@pytest.mark.parametrize("text", NO_PERSONS)
def test_no_persons(lexicon: Lexicon, text: str) -> None:
    assert literal(lexicon, text, "persons") == []


@pytest.mark.parametrize("text", PLACES)
def test_places(lexicon: Lexicon, text: str) -> None:
    assert literal(lexicon, text, "places")[:1] == [PLACES[text]]


@pytest.mark.parametrize("text", NO_PLACES)
def test_no_places(lexicon: Lexicon, text: str) -> None:
    assert literal(lexicon, text, "places") == []


def test_the_new_name_of_a_company(lexicon: Lexicon) -> None:
    for text in (
        "原来叫大冶样板铸件厂，现在是大冶样板智造有限公司",
        "从大冶样板铸件厂改成大冶样板智造有限公司",
        "户名由“大冶样板铸件厂”变更为“大冶样板智造有限公司”",
    ):
        slots = slots_of(prepare(text, lexicon), Intent.RENAME_TRANSFER, lexicon)
        assert slots.company == "大冶样板智造有限公司", text


def test_the_place_told_as_the_address(lexicon: Lexicon) -> None:
    for text in (
        "金山店镇样板矿业有限公司，地址金湖街道样板大道12号",
        "我们在陈贵镇有老厂，新厂址是金湖街道样板大道12号",
    ):
        slots = slots_of(prepare(text, lexicon), Intent.APPLY, lexicon)
        assert slots.address == "金湖街道样板大道12号", text


def test_the_corrected_contact(lexicon: Lexicon) -> None:
    text = "联系人由小柳变更为傅主任"
    assert slots_of(prepare(text, lexicon), Intent.MODIFY_APPLICATION, lexicon).person == "傅主任"


def test_traditional_names_stay_as_typed(lexicon: Lexicon) -> None:
    text = "公司叫大冶市雲朵食品有限公司，聯繫人陳小樣"
    slots = slots_of(prepare(text, lexicon), Intent.APPLY, lexicon)
    assert (slots.company, slots.person) == ("大冶市雲朵食品有限公司", "陳小樣")
