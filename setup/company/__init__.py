"""The company of the demo database: three years in the life of an Italian service company.

Run inside an Odoo shell on a database that holds the six addons, and Italy with its transport documents. For the last
six months the company works with the suite: everything is made by the flows a person uses (confirm an order, validate a
delivery, close a visit, run the billing), at the date it would have happened. What it sold earlier was brought
over on the first day. One fixed seed: two runs on the same day give the same company.
"""
