"""Pure rules of service contracts: no ORM here, so that they can be read, doctested and property-tested alone."""

from . import bands, periods, plan, pools, profit, tariff
from . import adjust, bands, batch, periods, plan, renewal, tariff
