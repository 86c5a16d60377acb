from . import after_sales_scorecard
from . import after_sales_history
