"""Near-duplicates are found by their runs, in the same way in every process."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from zhibiao.likeness import GRAM, NEAR, bare, containment, grams, sketch

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=GRAM, max_size=80)


def numbered(name, count):
    """A text whose runs differ from one another and from those of other names."""
    return "".join(f"{name}新增{number * 7919 % 100003}项" for number in range(count))


def test_width_blanks_and_punctuation_make_no_difference():
    assert bare("ＧＤＰ 增长 ８.５％，") == "GDP增长85"
    assert sketch("全年，实现 产值３６.５ 亿元" * 9) == sketch("全年实现产值36.5亿元" * 9)


@given(HAN)
def test_each_run_is_one_gram(text):
    runs = {text[at : at + GRAM] for at in range(len(text) - GRAM + 1)}
    assert len(grams(text)) == len(runs)


@given(HAN, HAN)
def test_grams_are_shared_exactly_where_runs_are(one, other):
    runs = [{t[at : at + GRAM] for at in range(len(t) - GRAM + 1)} for t in (one, other)]
    assert len(grams(one) & grams(other)) == len(runs[0] & runs[1])


def test_a_short_text_is_its_own_gram():
    assert len(grams("棠湾区")) == 1
    assert grams("") == frozenset()
    assert containment(grams(""), grams("棠湾区")) == 0


def test_a_sketch_estimates_what_the_grams_say():
    whole, half = numbered("甲", 1500), numbered("甲", 750) + numbered("乙", 750)
    exact = containment(grams(bare(whole)), grams(bare(half)))
    assert 0.4 < exact < 0.6
    assert abs(containment(sketch(whole), sketch(half)) - exact) < 0.1
    assert containment(sketch(whole), sketch(numbered("乙", 1500))) < NEAR / 2


def test_sketches_are_the_same_in_another_process():
    code = "from zhibiao.likeness import sketch; print(sorted(sketch('棠湾区新增停车位三百二十个' * 5)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(sorted(sketch("棠湾区新增停车位三百二十个" * 5)))
