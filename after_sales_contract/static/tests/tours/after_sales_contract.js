import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_contract", {
    steps: () => [
        {
            content: "Who is it for?",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Carla Consumer",
        },
        {
            trigger: ".ui-menu-item > a:contains(Carla Consumer)",
            run: "click",
        },
        {
            content: "A template says the rest",
            trigger: ".o_field_widget[name=template_id] input",
            run: "edit Tour Care",
        },
        {
            trigger: ".ui-menu-item > a:contains(Tour Care)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=line_ids] td:contains(Yearly fee)",
        },
        {
            content: "From today",
            trigger: ".o_field_widget[name=date_start] .o_input, .o_field_widget[name=date_start] button",
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
            trigger: ".o_form_saved",
        },
        {
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            content: "Four instalments are planned",
            trigger: "button[name=action_view_instalments]:contains(4)",
            run: "click",
        },
        {
            trigger: ".o_list_view td:contains(300.00)",
        },
    ],
});
