import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useInputField } from "@web/views/fields/input_field_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** Month and year, as 3/2026 or 2026-03; one without the other is no month. */
const WRITTEN = [/^(?<month>\d{1,2})[/.-](?<year>\d{4})$/, /^(?<year>\d{4})-(?<month>\d{1,2})$/];

/** A date that stands for its month: shown and entered as month and year, kept as the first day. */
export class AfterSalesMonth extends Component {
    static template = "after_sales_contract.Month";
    static props = { ...standardFieldProps };

    setup() {
        useInputField({ getValue: () => this.text, parse: (text) => this.parse(text.trim()) });
    }

    get text() {
        const day = this.props.record.data[this.props.name];
        return day ? day.toFormat("MM/yyyy") : "";
    }

    parse(text) {
        if (!text) {
            return false;
        }
        const written = WRITTEN.map((pattern) => text.match(pattern)).find(Boolean);
        const day = written && DateTime.local(Number(written.groups.year), Number(written.groups.month), 1);
        if (!day?.isValid) {
            throw new Error(`no month: ${text}`);
        }
        return day;
    }
}

registry.category("fields").add("after_sales_month", { component: AfterSalesMonth, supportedTypes: ["date"] });
