"""Inline gold: a report with its spans marked in the running text, and back.

An inline file is TOML front matter between two `+++` lines, then the report. A mark is `{HEAD:text}`;
HEAD is one of the letters `I V U G Y` (indicator, value, unit, growth, year), then keys, then attributes
after a blank:

    {Y:全年}{I:粮食产量}{V:3.2}{U:万吨}，{G:增长4.1%}，
    {I:茶园面积}由{V 2019:800}{U:亩}增加到{V 余:1100}余{U:亩}。

*Records.* The marks of a sentence fill one record until a slot would repeat or a value follow a growth;
then the next begins. An indicator after its quantity joins it only where no comma stands between. A record
without an indicator of its own takes the last one before it in the sentence. Where that is not what is
meant, keys say it: `{I1:投资}、{I2:消费}分别{G1:增长5%}、{G2:6%}`, or `{V1,2:100}`. Digit keys live for a
sentence, keys that begin with a lower-case letter (`{Ir7:…}`) for the file.

*Years.* A `Y` dates every later quantity to the end of its paragraph (`Y.` of its sentence, `Y;` of its
clause group; with keys: those records only); the nearest wins, and a quantity with another year of its own
is left alone. Its year is that of the section unless given: `{Y 2019:2019年}`.

*Attributes* of a quantity: `2019` its year, `t` or `a` target or actual, `-` no YEAR span, `r=-4.2` the
growth rate; anything else is the qualifier and must stand in the sentence. `{@2025 t}` sets year and kind
from there on; a file begins with the front matter's `report_year` and actual. A backslash escapes `{`, `}`
and itself.
"""

from annotation.inline.render import render
from annotation.inline.report import parse, parse_file

__all__ = ["parse", "parse_file", "render"]
