import { Component, useRef, useState } from "@odoo/owl";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Adds a part to a visit by its barcode, from a scanner that types or from the camera of a phone. */
export class AfterSalesScan extends Component {
    static template = "after_sales_helpdesk.Scan";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.input = useRef("input");
        this.hasCamera = isBarcodeScannerSupported();
        this.state = useState({ busy: false });
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            return this.add(ev.target.value);
        }
    }

    async onCamera() {
        const code = await scanBarcode(this.env);
        if (code) {
            await this.add(code);
        }
    }

    async add(code) {
        const record = this.props.record;
        if (!code.trim() || this.state.busy || !(await record.save())) {
            return;
        }
        this.state.busy = true;
        try {
            const added = await this.orm.call(record.resModel, "scan_part", [[record.resId], code]);
            this.notification.add(added, { type: "success" });
            await record.load();
        } finally {
            this.state.busy = false;
            if (this.input.el) {
                this.input.el.value = "";
                this.input.el.focus();
            }
        }
    }
}

registry.category("view_widgets").add("after_sales_scan", { component: AfterSalesScan });
