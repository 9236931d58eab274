"""The checks: each takes what is known of a place and gives the contradictions that it
finds, and a None for each comparison that came out well."""

from collections.abc import Callable, Iterator

from zhibiao.audit.checks.duplicates import check_duplicates
from zhibiao.audit.checks.growth import check_growth
from zhibiao.audit.checks.means import check_means
from zhibiao.audit.checks.parts import check_parts
from zhibiao.audit.checks.shares import check_shares
from zhibiao.audit.checks.signs import check_signs
from zhibiao.audit.checks.slips import check_slips
from zhibiao.audit.checks.targets import check_targets
from zhibiao.audit.findings import Check, Finding
from zhibiao.audit.ledger import Ledger

__all__ = ["CHECKS"]

Comparisons = Callable[[Ledger], Iterator[Finding | None]]

CHECKS: tuple[tuple[Check, Comparisons], ...] = (
    (Check.UNIT_SLIP, check_slips),
    (Check.DUPLICATE, check_duplicates),
    (Check.GROWTH, check_growth),
    (Check.GROWTH, check_means),
    (Check.PARTS, check_parts),
    (Check.SHARE, check_shares),
    (Check.SIGN, check_signs),
    (Check.TARGET, check_targets),
)
