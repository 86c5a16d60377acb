import { registry } from "@web/core/registry";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

/** Says what speaks against the moment that a visit was dragged to, as the timeline does. */
export class AfterSalesCalendarModel extends CalendarModel {
    async updateRecord(record, options) {
        await super.updateRecord(record, options);
        const { planning_warning: warning, name } = this.data.records[record.id]?.rawRecord || {};
        if (warning) {
            this.notification.add(warning, { type: "warning", title: name });
        }
    }
}

registry.category("views").add("after_sales_calendar", { ...calendarView, Model: AfterSalesCalendarModel });
