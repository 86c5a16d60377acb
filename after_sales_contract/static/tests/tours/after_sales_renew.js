import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_renew", {
    steps: () => [
        {
            content: "A letter came: what would follow?",
            trigger: "button[name=action_notice]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=effects]:contains('Last day under contract')",
        },
        {
            content: "It was another contract's",
            trigger: ".modal button[special=cancel], .modal .o_form_button_cancel",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_renew]",
            run: "click",
        },
        {
            content: "A look at the run, and back",
            trigger: ".o_field_widget[name=contract_ids] .o_tag",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: "button[name=action_renew]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=contract_ids] .o_tag",
        },
        {
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            content: "The new price is there",
            trigger: ".o_field_widget[name=line_ids] td[name=new_value]:contains('1,200.00')",
        },
    ],
});
