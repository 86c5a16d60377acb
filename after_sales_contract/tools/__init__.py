"""Pure rules of service contracts: no ORM here, so that they can be read, doctested and property-tested alone."""

from . import adjust, bands, batch, credit, periods, plan, pools, profit, renewal, tariff
