import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_unit", {
    steps: () => [
        {
            content: "A machine sold before the company worked with this",
            trigger: ".o_field_widget[name=product_id] input",
            run: "edit Machine",
        },
        {
            trigger: ".ui-menu-item > a:contains(Machine)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=serial] input",
            run: "edit TOUR-0002",
        },
        {
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Carla Consumer",
        },
        {
            trigger: ".ui-menu-item > a:contains(Carla Consumer)",
            run: "click",
        },
        {
            content: "Delivered today",
            trigger: ".o_field_widget[name=delivery_date] .o_input, .o_field_widget[name=delivery_date] button",
            run: "click",
        },
        {
            trigger: ".o_date_picker .o_today",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "has its warranty",
            trigger: ".o_field_widget[name=warranty_state]:contains(In warranty)",
        },
        {
            trigger: ".o_field_widget[name=warranty_ids] td:contains(Two years)",
        },
        {
            content: "The customer says that it is broken",
            trigger: ".o_statusbar_buttons button:contains(New Claim)",
            run: "click",
        },
        {
            content: "The claim knows the unit",
            trigger: ".o_field_widget[name=unit_id] input:value(TOUR-0002)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
