import { registry } from "@web/core/registry";
import { SignatureField, signatureField } from "@web/views/fields/signature/signature_field";

/**
 * A signature field that asks for the signature by its own label: that comes with the view, in the language of who
 * signs, while the client speaks the language of the user.
 */
export class SignerSignatureField extends SignatureField {
    static template = "after_sales_helpdesk.SignerSignatureField";

    get label() {
        return this.props.record.fields[this.props.name].string;
    }
}

registry.category("fields").add("after_sales_signature", { ...signatureField, component: SignerSignatureField });
