import { registry } from "@web/core/registry";

/** What is wider than the screen is cut off, or makes the page slide under the thumb. */
function fitsTheScreen() {
    const wide = [document.documentElement, ...document.querySelectorAll(".o_form_renderer, .o_form_sheet")];
    for (const element of wide.filter((el) => el.scrollWidth > el.clientWidth)) {
        throw new Error(`${element.className}: ${element.scrollWidth} px wide on ${element.clientWidth}`);
    }
}

/** A word over two lines is hard to read: what the customer signs breaks between words only. */
function wordsAreWhole(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
        for (const { 0: word, index } of walker.currentNode.data.matchAll(/[\p{L}\d]+/gu)) {
            range.setStart(walker.currentNode, index);
            range.setEnd(walker.currentNode, index + word.length);
            if (new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size > 1) {
                throw new Error(`${word} is cut: ${element.textContent}`);
            }
        }
    }
}

function drawWithAFinger(canvas) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const touch = (target, type, part, buttons) =>
        target.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                isPrimary: true,
                pointerId: 1,
                buttons,
                clientX: left + width * part,
                clientY: top + height * part,
            })
        );
    touch(canvas, "pointerdown", 0.2, 1);
    for (const part of [0.3, 0.5, 0.7]) {
        touch(canvas, "pointermove", part, 1);
    }
    touch(canvas, "pointerup", 0.8, 0);
}

registry.category("web_tour.tours").add("after_sales_visit", {
    steps: () => [
        {
            content: "My visits are cards, one below the other",
            trigger: ".o_kanban_ungrouped .o_kanban_record:contains(Tour Customer)",
            run: ({ anchor }) => {
                fitsTheScreen();
                anchor.click();
            },
        },
        {
            content: "I leave",
            trigger: "button[name=action_travel]",
            run: ({ anchor }) => {
                fitsTheScreen();
                anchor.click();
            },
        },
        {
            content: "and arrive",
            trigger: ".o_field_widget[name=running_kind]:contains(Travel)",
        },
        {
            trigger: "button[name=action_work]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=running_kind]:contains(Work)",
        },
        {
            content: "A part, by its barcode",
            trigger: ".o_notebook .nav-link[name=parts]",
            run: "click",
        },
        {
            trigger: ".o_after_sales_scan input",
            run: "edit TOUR-PART && press Enter",
        },
        {
            content: "is a card of the parts",
            trigger: ".o_field_widget[name=part_ids] .o_kanban_record:contains(Tour Part)",
            run: fitsTheScreen,
        },
        {
            content: "How it ended",
            trigger: ".o_notebook .nav-link[name=work]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=outcome] .o_select_menu_toggler",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Solved)",
            run: "click",
        },
        {
            content: "I am done",
            trigger: "button[name=action_stop]",
            run: "click",
        },
        {
            content: "Nothing is signed that does not say what was wrong",
            trigger: "button[name=action_sign]",
            run: "click",
        },
        {
            trigger: ".modal:contains(lacks the defect) .modal-footer .btn-primary",
            run: ({ anchor }) => {
                fitsTheScreen();
                anchor.click();
            },
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name=defect] textarea",
            run: "edit Pump seized",
        },
        {
            content: "and what was done",
            trigger: ".o_field_widget[name=work_done] textarea",
            run: "edit Pump changed",
        },
        {
            content: "The customer signs on the screen",
            trigger: "button[name=action_sign]",
            run: "click",
        },
        {
            content: "the pad speaks his language",
            trigger: ".modal .o_field_widget[name=signature] .o_signature p:contains(Firma)",
            run: "click",
        },
        {
            content: "after he has read who pays what",
            trigger: ".modal .o_after_sales_signed table td",
            run: () => wordsAreWhole(document.querySelector(".modal .o_after_sales_signed")),
        },
        {
            content: "with his finger",
            trigger: ".modal .o_web_sign_draw_button.active",
            run: () => drawWithAFinger(document.querySelector(".modal canvas.o_web_sign_signature")),
        },
        {
            trigger: ".modal:contains(Adopt) .btn-primary:enabled",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=signature] img.o_signature",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "and has his report",
            trigger: "button[name=action_done]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=state]:contains(Done)",
            run: fitsTheScreen,
        },
    ],
});
