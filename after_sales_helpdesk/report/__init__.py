from . import after_sales_scorecard
