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
            content: "and stands there: a short block has room for the initials, all is in its title",
            trigger: `${ROW} .o_after_sales_block[title*='Tour Customer'] .o_after_sales_short:visible:contains(TC)`,
        },
        {
            content: "Nothing else waits for him",
            trigger: ".o_after_sales_to_plan:contains(Nothing waits for a date)",
        },
        {
            content: "What was done before and not written down",
            trigger: ".o_after_sales_to_plan input[type=search]",
            run: "edit Late Customer",
        },
        {
            trigger: ".o_after_sales_card:only-child:contains(Late Customer)",
        },
        {
            trigger: "button[aria-label=Earlier]",
            run: "click",
        },
        {
            trigger: `${ROW}:not(:has(.o_after_sales_block))`,
        },
        {
            trigger: ".o_after_sales_card:only-child:contains(Late Customer)",
            run: ({ anchor }) => dragOnto(anchor, document.querySelector(`${ROW} .o_after_sales_track`)),
        },
        {
            content: "is planned in the past, and the planner is told",
            trigger: ".o_notification:contains(This moment is past)",
        },
        {
            trigger: `${ROW} .o_after_sales_block[title*='Late Customer']`,
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

/** As a mouse does it: the calendar follows the pointer, it has no data transfer. */
async function dragDown(block, pixels) {
    const { left, top, width } = block.getBoundingClientRect();
    const [clientX, clientY] = [left + width / 2, top + 5];
    const send = (target, type, down) =>
        target.dispatchEvent(
            new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, clientX, clientY: clientY + down })
        );
    const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
    send(block, "mousedown", 0);
    for (const part of [0.2, 0.6, 1]) {
        await pause();
        send(document, "mousemove", pixels * part);
    }
    await pause();
    send(document, "mouseup", pixels);
}

registry.category("web_tour.tours").add("after_sales_calendar", {
    steps: () => [
        {
            content: "A visit is dragged on the calendar",
            trigger: ".o_calendar_view .fc-event:contains(Calendar Customer)",
            run: ({ anchor }) => dragDown(anchor, 60),
        },
        {
            content: "and what speaks against that moment is told",
            trigger: ".o_notification:contains(does not work at that time)",
        },
    ],
});
