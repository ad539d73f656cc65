"""What charts say in words."""

from decimal import Decimal

import pytest

from alignment.rules.charts import Bullet, Spark
from alignment.rules.formatting import MoneyFormat

USD = MoneyFormat("USD", "en-US")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_000_000, "1,000,000"),
        (Decimal("1250000.5"), "1,250,000"),
        (0.5, "0.5"),
        (6.5, "6.5"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_a_measure_is_never_a_power_of_ten(value, text):
    spark = Spark((1, value), target=value)
    assert (spark.last, spark.aim) == (text, text)


def test_a_bar_does_not_call_two_amounts_the_same():
    bar = Bullet(Decimal(1_996_000), Decimal(2_000_000), Decimal(2_000_000), height=12)
    assert bar.describe(USD) == "Actual $1,996,000, goal to date $2,000,000, goal $2,000,000"
