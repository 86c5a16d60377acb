import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_index", {
    steps: () => [
        {
            content: "What is there is read as month and year",
            trigger: ".o_field_widget[name=value_ids] td:contains('11/2025')",
        },
        {
            trigger: ".o_field_widget[name=value_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "A month of no year",
            trigger: ".o_selected_row [name=month] input",
            run: "edit 3",
        },
        {
            trigger: ".o_selected_row [name=value] input",
            run: "edit 101.5",
        },
        {
            trigger: ".o_selected_row [name=month].o_field_invalid input",
            run: "edit 3/2026",
        },
        {
            trigger: ".o_selected_row [name=value] input",
            run: "click",
        },
        {
            trigger: ".o_selected_row:not(:has(.o_field_invalid))",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            content: "Months between them are missed",
            trigger: ".alert:visible:contains('12/2025, 01/2026, 02/2026')",
        },
    ],
});
