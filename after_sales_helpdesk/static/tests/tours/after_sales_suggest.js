import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_suggest", {
    steps: () => [
        {
            content: "Who can go?",
            trigger: "button[name=action_suggest_technician]",
            run: "click",
        },
        {
            content: "Somebody can be planned at once",
            trigger: ".modal .o_data_row:contains(Tour Technician) button[name=action_choose]",
        },
        {
            content: "Longer than usual",
            trigger: ".modal .o_field_widget[name=hours] input",
            run: "edit 03:00 && press Tab",
        },
        {
            content: "What was found for another time is gone",
            trigger: ".modal .o_field_widget[name=line_ids]:not(:has(.o_data_row:contains(Tour Technician)))",
        },
        {
            trigger: ".modal button[name=action_search]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains(Tour Technician) button[name=action_choose]",
            run: "click",
        },
        {
            content: "A visit of who was chosen",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=technician_ids]:contains(Tour Technician)",
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
