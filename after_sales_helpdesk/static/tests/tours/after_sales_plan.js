import { registry } from "@web/core/registry";

const ROW = ".o_after_sales_row[data-technician='Tour Technician']";

/** As a mouse does it: the tour's own drag has no data transfer. */
function dragOnto(card, track) {
    const dataTransfer = new DataTransfer();
    const { left, top, width, height } = track.getBoundingClientRect();
    const place = { clientX: left + width / 2, clientY: top + height / 2 };
    const drag = (target, type) =>
        target.dispatchEvent(
            new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer, ...place })
        );
    drag(card, "dragstart");
    if (drag(track, "dragover")) {
        throw new Error("the row takes no drop");
    }
    drag(track, "drop");
    drag(card, "dragend");
}

registry.category("web_tour.tours").add("after_sales_plan", {
    steps: () => [
        {
            content: "What waits for a date",
            trigger: ".o_after_sales_to_plan input[type=search]",
            run: "edit Tour Customer",
        },
        {
            content: "is dragged onto the day of who goes",
            trigger: ".o_after_sales_card:only-child:contains(Tour Customer)",
            run: ({ anchor }) => dragOnto(anchor, document.querySelector(`${ROW} .o_after_sales_track`)),
        },
        {
            content: "and stands there",
            trigger: `${ROW} .o_after_sales_block:contains(Tour Customer)`,
        },
        {
            content: "Nothing else waits for him",
            trigger: ".o_after_sales_to_plan:contains(Nothing waits for a date)",
        },
        {
            content: "A day is looked at closely",
            trigger: "button:contains(/^Day$/)",
            run: "click",
        },
        {
            trigger: ".o_after_sales_head .o_after_sales_hour",
        },
    ],
});
