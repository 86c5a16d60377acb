import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("after_sales_dashboard", {
    steps: () => [
        {
            content: "The figures are drawn",
            trigger: ".o-spreadsheet .o-figure canvas, .o-spreadsheet .o-figure .o-scorecard",
        },
    ],
});
