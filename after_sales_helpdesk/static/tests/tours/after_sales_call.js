import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_call", {
    steps: () => [
        {
            content: "The customer is on the phone",
            trigger: ".o_field_widget[name=subject] input",
            run: "edit No hot water",
        },
        {
            content: "His number, as the display shows it",
            trigger: ".o_field_widget[name=contact_phone] input",
            run: "edit 02/5550.4711 && press Tab",
        },
        {
            content: "finds who he is",
            trigger: ".o_field_widget[name=partner_id] input:value(Tour Customer)",
        },
        {
            content: "He reads out the serial number",
            trigger: ".o_field_widget[name=serial] input",
            run: "edit TOUR-0001 && press Tab",
        },
        {
            content: "which finds the unit and its warranty",
            trigger: ".o_field_widget[name=warranty_state]:contains(In warranty)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            content: "Who pays what?",
            trigger: "button[name=action_check_coverage]:contains(Check Coverage)",
            run: "click",
        },
        {
            content: "Agree with the customer on what the warranty does not pay",
            trigger: ".o_field_widget[name=authorise_reason] input",
            run: "edit Agreed on the phone",
        },
        {
            trigger: "button[name=action_authorise]",
            run: "click",
        },
        {
            content: "Send somebody",
            trigger: "button[name=action_plan]:contains(Plan an Intervention)",
            run: "click",
        },
        {
            content: "A visit that knows the unit and the customer",
            trigger: ".o_field_widget[name=technician_ids] input",
            run: "edit Tour Technician",
        },
        {
            trigger: ".ui-menu-item > a:contains(Tour Technician)",
            run: "click",
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
