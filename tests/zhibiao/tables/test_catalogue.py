"""The indicator catalogue: which names get a code, which must not, and what a broken table says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.errors import ConfigError
from zhibiao.tables.catalogue import (
    indicator_code,
    indicators,
    load_catalogue,
    read_catalogue,
    unit_contradicts,
)

WORDING = Path(__file__).parents[3] / "zhibiao" / "tables" / "indicator_wording.toml"
CODES = {
    "地区生产总值": "gdp",
    "GDP": "gdp",
    "ＧＤＰ": "gdp",
    "全市生产总值": "gdp",
    "2031年全市实现地区生产总值": "gdp",
    "人均GDP": "gdp_per_capita",
    "规模以上工业增加值": "industrial_value_added_above_scale",
    "规上工业增加值": "industrial_value_added_above_scale",
    "工业增加值": "industrial_value_added",
    "高技术产业增加值": "high_tech_industry_value_added",
    "高新技术产业增加值": "new_high_tech_value_added",
    "数字经济核心产业增加值": "digital_core_value_added",
    "一般公共预算收入": "general_public_budget_revenue",
    "区一般公共预算收入": "general_public_budget_revenue",
    "地方一般公共预算收入": "general_public_budget_revenue",
    "财政总收入": "total_fiscal_revenue",
    "固定资产投资": "fixed_asset_investment",
    "固定资产投资（不含农户）": "fixed_asset_investment",
    "民间投资": "private_investment",
    "社零总额": "retail_sales",
    "限额以上社会消费品零售总额": "retail_sales_above_threshold",
    "外贸进出口总值": "goods_trade",
    "实际利用外资": "utilised_foreign_capital",
    "合同外资": "contracted_foreign_capital",
    "农村居民人均可支配收入": "rural_disposable_income",
    "城镇和农村居民人均可支配收入": "urban_and_rural_disposable_income",
    "R&D经费支出": "rd_expenditure",
    "研究与试验发展（R＆D）经费支出": "rd_expenditure",
    "R&D经费支出占GDP的比重": "rd_intensity",
    "全社会研发投入强度": "rd_intensity",
    "“新三样”产品出口": "new_three_exports",
    "地区生产总值增速": "gdp",
}
NO_CODE = (
    "投资",
    "收入",
    "产值",
    "民营工业和规上服务业增加值",
    "市属工业增加值",
    "市本级一般公共预算收入",
    "人均固定资产投资",
    "总投资",
    "减负",
    "输出和吸纳技术合同成交额",
    "新增固定资产投资",
    "占地区生产总值比重",
    "一般公共预算收入占比",
    "沙洲集团利润总额",
    "高新技术企业",
    "市场",
    "全市",
    "",
)


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_known_names_get_their_code(name: str, code: str) -> None:
    assert indicator_code(name) == code


@pytest.mark.parametrize("name", NO_CODE)
def test_names_that_say_something_else_get_none(name: str) -> None:
    assert indicator_code(name) is None


@pytest.mark.parametrize(
    ("name", "unit", "code"),
    [
        ("地区生产总值", "亿元", "gdp"),
        ("地区生产总值", "亿", "gdp"),
        ("地区生产总值", "亿美元", "gdp"),
        ("地区生产总值", "%", None),
        ("地区生产总值", "家", None),
        ("地区生产总值增速", "%", None),
        ("城镇调查失业率", "%", "urban_unemployment_rate_surveyed"),
        ("城镇调查失业率", "万人", None),
        ("全社会用电量", "亿千瓦时", "electricity_consumption"),
        ("全社会用电量", "万千瓦", None),
        ("粮食产量", "亿斤", "grain_output"),
        ("接待游客", "万人次", "tourist_arrivals"),
        ("总投资", "亿元", "project_planned_total_investment"),
        ("总投资", "家", None),
        ("完成总投资", "亿元", None),
        ("月最低工资标准", "元", "minimum_wage"),
        ("月最低工资标准", "元/月", "minimum_wage"),
        ("单位GDP能耗", "吨标准煤/万元", "energy_intensity"),
        ("地区生产总值", "亿元/平方公里", None),
    ],
)
def test_a_contradicting_unit_takes_the_code_away(name: str, unit: str, code: str | None) -> None:
    assert indicator_code(name, unit=unit) == code


@pytest.mark.parametrize(
    ("unit", "base", "contradicts"),
    [
        (None, "元", False),
        ("万", "人", False),
        ("万", "%", True),
        ("万千瓦", "千瓦", False),
        ("千瓦时", "千瓦", True),
        ("个百分点", "%", False),
        ("成", "%", False),
        ("吨标准煤/万元", "吨标准煤/元", False),
        ("吨标准煤", "吨标准煤/元", False),
        ("元/人·月", "元/月", False),
        ("亿", "倍", True),
        ("小时", "元", True),
        ("不存在", "元", True),
    ],
)
def test_unit_contradicts(unit: str | None, base: str, contradicts: bool) -> None:
    assert unit_contradicts(unit, base) is contradicts


def test_the_catalogue_is_large_and_every_alias_finds_its_own_entry() -> None:
    catalogue = load_catalogue()
    assert len(indicators()) >= 220
    for entry in indicators():
        assert entry.aliases[0] == entry.name
        assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.slug)
        assert {indicator_code(alias, unit=entry.unit) for alias in entry.aliases} == {entry.slug}
        assert {indicator_code(name, unit=entry.unit) for name in entry.only_with_unit} <= {entry.slug}
        assert not unit_contradicts(entry.unit, entry.unit)
    assert len({entry.slug for entry in indicators()}) == len(indicators())
    assert {entry.domain for entry in catalogue.indicators} >= {"economy", "fiscal", "trade", "environment"}


def test_taking_a_prefix_off_an_alias_never_leads_to_another_entry() -> None:
    """`市场主体总量` must not become `场主体总量`, nor `省外到位资金` the `外到位资金` of somebody else."""
    catalogue = load_catalogue()
    for entry in indicators():
        for alias in entry.aliases:
            rest = catalogue.wording.normalise(alias)
            match = catalogue.wording.prefix.match(rest)
            if match is not None:
                assert catalogue.find(rest[match.end() :]) in (None, entry), alias


@given(st.text(), st.none() | st.text())
def test_any_text_is_answered(name: str, unit: str | None) -> None:
    code = indicator_code(name, unit=unit)
    assert code is None or code in {entry.slug for entry in indicators()}


@given(st.sampled_from([(alias, entry.slug) for entry in indicators() for alias in entry.aliases]), st.data())
def test_width_quotes_and_owners_do_not_matter(named: tuple[str, str], data: st.DataObject) -> None:
    alias, slug = named
    owner = data.draw(st.sampled_from(["", "全市", "我区", "全省累计", "2031年全县实现"]))
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and data.draw(st.booleans()) else c for c in alias)
    assert indicator_code(f"{owner}“{wide}”") == slug


BROKEN = {
    "unknown key": ('[gdp]\nname = "甲"\nunit = "元"\nunits = "元"\n', r"\[gdp\].*unknown keys \['units'\]"),
    "no unit": ('[gdp]\nname = "甲"\n', r"\[gdp\] needs unit"),
    "unknown unit": ('[gdp]\nname = "甲"\nunit = "贝壳"\n', r"\[gdp\] unit '贝壳': .* in no family"),
    "bad slug": ('[GDP]\nname = "甲"\nunit = "元"\n', r"\[GDP\] must be a table"),
    "not a table": ('gdp = "甲"\n', r"\[gdp\] must be a table"),
    "aliases no list": ('[a]\nname = "甲"\nunit = "元"\naliases = "乙"\n', r"\[a\] aliases needs a list"),
    "alias twice": (
        '[a]\nname = "甲"\nunit = "元"\naliases = ["乙", "乙"]\n',
        r"\[a\] aliases lists \['乙'\] twice",
    ),
    "alias taken": (
        '[a]\nname = "甲"\nunit = "元"\n[b]\nname = "乙"\nunit = "元"\naliases = ["“甲”"]\n',
        r"\[b\] name '甲' already belongs to \[a\] in shells",
    ),
    "short name taken": (
        '[a]\nname = "甲"\nunit = "元"\n[b]\nname = "乙"\nunit = "元"\nonly_with_unit = ["甲"]\n',
        r"\[b\] name '甲' already belongs to \[a\] in shells",
    ),
    "alias is a short name": (
        '[a]\nname = "甲"\nunit = "元"\nonly_with_unit = ["丙"]\n[b]\nname = "丙"\nunit = "元"\n',
        r"\[b\] name '丙' already belongs to \[a\] in shells",
    ),
    "nested brackets": (
        '[a]\nname = "甲"\nunit = "元"\naliases = ["[乙[丙]]"]\n',
        r"\[a\] aliases .* not nested",
    ),
    "empty alias": (
        '[a]\nname = "甲"\nunit = "元"\naliases = ["[乙]"]\n',
        r"\[a\] aliases \['\[乙\]'\] may be empty",
    ),
    "slug twice": ('[a]\nname = "甲"\nunit = "元"\n[a]\nname = "乙"\nunit = "元"\n', "not valid TOML"),
    "not TOML": ("甲乙", "not valid TOML"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_table_names_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "shells.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"shells\.toml: {message}"):
        read_catalogue(tmp_path, WORDING)


def test_a_slug_in_two_files_is_refused(tmp_path: Path) -> None:
    for stem, name in (("one", "甲"), ("two", "乙")):
        (tmp_path / f"{stem}.toml").write_text(f'[a]\nname = "{name}"\nunit = "元"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"two\.toml: \[a\] stands in one\.toml too"):
        read_catalogue(tmp_path, WORDING)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("owners =", "owner =", "expected exactly the keys"),
        ('"R&D" = "研发"', '"R&D" = 1', "needs a string"),
        ('area = ["area"', 'area = [1, "area"', r"\[unit_families\] area needs a list"),
        ('area = ["area"', 'area = ["aera"', r"\[unit_families\] area: 'aera' is neither a theme nor a unit"),
    ],
)
def test_a_broken_wording_file_names_the_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = WORDING.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "wording.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"wording\.toml: .*{message}"):
        read_catalogue(tmp_path / "none", broken)
