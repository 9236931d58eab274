"""A fictional report of ours: what the description shows, the page fills in, the predictor warms up on."""

from __future__ import annotations

__all__ = ["EXAMPLE"]

EXAMPLE = (
    "棠湾区2024年政府工作报告\n\n"
    "一、2024年工作回顾\n"
    "全年实现规上工业增加值超36.5亿元，同比增长8.2%；新增城镇就业1.26万人，建成口袋公园12个。\n\n"
    "二、2025年工作安排\n"
    "力争一般公共预算收入增长6%左右，新建改建农村公路80公里。\n"
)
