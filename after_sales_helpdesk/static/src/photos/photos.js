import { Component, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The longest side of what is sent, in px: a phone takes much larger pictures than a report can use. */
const LONGEST = 1920;

/** Adds any number of photos at once to a visit, from the camera or the files of a phone. */
export class AfterSalesPhotos extends Component {
    static template = "after_sales_helpdesk.Photos";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.state = useState({ busy: false });
    }

    /** The picture as base64, not larger than needed; as it is when the browser cannot draw it. */
    async read(file) {
        try {
            const image = await createImageBitmap(file);
            const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
            const canvas = document.createElement("canvas");
            canvas.width = Math.round(image.width * scale);
            canvas.height = Math.round(image.height * scale);
            canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
            return canvas.toDataURL("image/jpeg", 0.85).split(",")[1];
        } catch {
            return (await getDataURLFromFile(file)).split(",")[1];
        }
    }

    async onChange(ev) {
        const files = [...ev.target.files];
        const record = this.props.record;
        if (!files.length || !(await record.save())) {
            return;
        }
        this.state.busy = true;
        try {
            for (const file of files) {
                await this.orm.create("after.sales.intervention.photo", [
                    { intervention_id: record.resId, image: await this.read(file) },
                ]);
            }
        } finally {
            this.state.busy = false;
            ev.target.value = "";
            await record.load();
        }
    }
}

registry.category("view_widgets").add("after_sales_photos", { component: AfterSalesPhotos });
