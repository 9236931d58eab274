"""What was reached and what is planned."""

from __future__ import annotations

import pytest

REVIEW, PLAN = "一、2023年工作回顾\n", "二、2024年工作安排\n"


@pytest.mark.parametrize(
    ("marked", "kinds"),
    [
        (REVIEW + "[I书屋][V3][U座]。", "actual"),
        (REVIEW + "力争[I书屋]达[V3][U座]，[I茶亭]已有[V4][U座]。", "target actual"),
        (REVIEW + "[I书屋]有望突破[V3][U座]；[I茶亭][V4][U座]。", "target actual"),
        (REVIEW + "计划投资[V3][U亿元]的[I书屋]开工。", "target"),
        (REVIEW + "[V165][U个][I项目]完成年度计划投资的[V132][U%]。", "actual actual"),
        (PLAN + "改造已查出的[V110][U公里][I老管道]。", "target"),
        (REVIEW + "[I计划任务][V3][U项]。", "actual"),
        (PLAN + "[I书屋][V3][U座]。", "target"),
        (PLAN + "目前[I书屋]有[V3][U座]。", "actual"),
        (PLAN + "[Y去年][I书屋]新添[V3][U座]，[Y今年]再添[V4][U座]。", "actual target"),
        (PLAN + "[I书屋]已有[V3][U座]，确保达到[V4][U座]。", "actual target"),
        (PLAN + "[V3][U座][I书屋]已开工，[I茶亭]很多。", "actual"),
        (PLAN + "[I书屋]比去年[G增长5%]，[I茶客]较上年[G增长6%]。", "target target"),
        (PLAN + "解决已知的[V3][U处][I漏点]。", "target"),
        (PLAN + "目前进展顺利。[I书屋][V3][U座]。", "target"),
        ("[I书屋][V3][U座]。", "actual"),
        # a word that holds a cue is none
        (PLAN + "推进项目前期工作，新添[V3][U座][I书屋]。", "target"),
        (PLAN + "推动现有茶企扩产，新添[V3][U座][I书屋]。", "target"),
        (PLAN + "创建[V10][U个]以上年收入过百万的[I示范村]。", "target"),
        # the year that is named decides
        (PLAN + "[Y2022年][I书屋][V3][U座]，[Y三年来][I茶亭][V4][U座]。", "actual actual"),
        (PLAN + "[Y2024年][I书屋][V3][U座]，[Y到2026年][I茶亭][V4][U座]。", "target target"),
        (PLAN + "[Y这两年]茶市向好，力争[I茶客]达[V4][U万人]。", "target"),
        (REVIEW + "[Y2023年][I书屋][V3][U座]，[Y到2026年][I茶亭][V4][U座]。", "actual target"),
    ],
)
def test_the_kind_of_each_quantity(records, marked, kinds):
    assert " ".join(record.kind for record in records(marked)) == kinds
