import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_billing_run", {
    steps: () => [
        {
            content: "What would be billed?",
            trigger: "button[name=action_preview]:contains(Preview)",
            run: "click",
        },
        {
            content: "The work of the visit, the part under warranty not among it",
            trigger: ".o_field_widget[name=line_ids] td:contains(Labour)",
        },
        {
            trigger: "button[name=action_bill]",
            run: "click",
        },
        {
            content: "An invoice for each customer",
            trigger: ".o_list_view .o_data_row:contains(Rossi Srl)",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Bianchi Spa)",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Done)",
        },
    ],
});
