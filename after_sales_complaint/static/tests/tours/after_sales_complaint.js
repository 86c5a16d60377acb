import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_complaint", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=subject] input",
            run: "edit Two days late",
        },
        {
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Maria Rossi",
        },
        {
            trigger: ".ui-menu-item > a:contains(Maria Rossi)",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name=action_acknowledge_by_hand]",
            run: "click",
        },
        {
            content: "What was the cause?",
            trigger: "a.nav-link:contains(Assessment)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=cause_id] input",
            run: "edit Late or missed",
        },
        {
            trigger: ".ui-menu-item > a:contains(Late or missed visit)",
            run: "click",
        },
        {
            trigger: "button[name=action_assess]",
            run: "click",
        },
        {
            trigger: "button[name=action_decide]:contains(Decide)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=outcome] label:contains(Granted):first",
            run: "click",
        },
        {
            trigger: ".modal .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=remedy_id] input",
            run: "edit Apology",
        },
        {
            trigger: ".ui-menu-item > a:contains(Apology)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] .odoo-editor-editable, .modal .o_field_widget[name=reason] textarea",
            run: "editor We were late and are sorry.",
        },
        {
            trigger: ".modal button[name=action_submit]",
            run: "click",
        },
        {
            content: "The decision is in force and can be sent",
            trigger: "button[name=action_send_decision]",
        },
    ],
});
