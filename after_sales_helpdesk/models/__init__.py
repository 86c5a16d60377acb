# A: calls
from . import resource_calendar
from . import ir_ui_menu
from . import mail_thread
from . import res_partner
from . import after_sales_team
from . import after_sales_team_assignment
from . import after_sales_service
from . import after_sales_service_requirement
from . import after_sales_service_level
from . import after_sales_service_level_alert
from . import after_sales_service_level_rule
from . import after_sales_skill
from . import after_sales_training
from . import after_sales_guidance
from . import after_sales_ticket_template
from . import after_sales_stage
from . import after_sales_ticket
from . import after_sales_ticket_intake
from . import after_sales_ticket_entitlement
from . import after_sales_ticket_flow
from . import after_sales_ticket_visit
from . import after_sales_ticket_quotation
from . import after_sales_ticket_service_level
from . import after_sales_ticket_policy
from . import after_sales_ticket_mail
from . import after_sales_ticket_gateway
from . import after_sales_ticket_after
from . import after_sales_ticket_merge
from . import after_sales_ticket_help
from . import after_sales_ticket_portal
from . import after_sales_ticket_clock
from . import after_sales_ticket_clock_alert
from . import after_sales_ticket_pause
from . import after_sales_ticket_coverage
from . import after_sales_unit
from . import after_sales_claim
from . import after_sales_campaign_unit
from . import after_sales_contract
from . import after_sales_contract_profit
from . import sale_order
from . import sale_order_line
from . import stock_picking

# B: interventions
from . import res_company
from . import resource_resource
from . import stock_move
from . import after_sales_service_check
from . import after_sales_return_mixin
from . import after_sales_goods_mixin
from . import after_sales_billable_mixin
from . import after_sales_call_mixin
from . import after_sales_intervention
from . import after_sales_intervention_planning
from . import after_sales_intervention_work
from . import after_sales_intervention_timeline
from . import after_sales_intervention_flow
from . import after_sales_intervention_signature
from . import after_sales_intervention_charge
from . import after_sales_intervention_report
from . import after_sales_intervention_check
from . import after_sales_intervention_part
from . import after_sales_intervention_part_supply
from . import after_sales_intervention_part_serial
from . import after_sales_intervention_scan
from . import after_sales_intervention_spares
from . import product_template
from . import after_sales_intervention_photo
from . import after_sales_intervention_follow_up
from . import after_sales_intervention_supply
from . import after_sales_intervention_collect
from . import after_sales_intervention_expense
from . import after_sales_session
from . import after_sales_charge
from . import after_sales_charge_cost
from . import after_sales_charge_making
from . import after_sales_charge_pricing
from . import after_sales_charge_allocation
from . import after_sales_ticket_charge
from . import after_sales_ticket_hours

# C: returns and workshop
from . import res_company_workshop
from . import stock_location
from . import after_sales_return_policy
from . import after_sales_return
from . import after_sales_return_flow
from . import after_sales_return_line
from . import after_sales_return_receipt
from . import after_sales_return_workshop
from . import after_sales_return_outcome
from . import after_sales_return_line_report
from . import after_sales_goods_transfer
from . import after_sales_handout
from . import after_sales_loan
from . import after_sales_loan_goods
from . import after_sales_loan_reminder
from . import repair_order
from . import repair_order_charge
from . import after_sales_ticket_return

# D: planned visits and kinds of service
from . import after_sales_contract_visit_plan
from . import after_sales_contract_visit
from . import after_sales_intervention_visit
from . import after_sales_intervention_service

# E: quotations
from . import after_sales_regime
from . import after_sales_ticket_agreement
from . import after_sales_charge_agreement

# F: subcontractors
from . import resource_resource_subcontractor
from . import after_sales_subcontract
from . import after_sales_subcontract_portal
from . import after_sales_intervention_subcontract
