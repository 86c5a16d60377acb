import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate, serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const { DateTime } = luxon;

/** Hours of a day that are shown when no visit lies outside of them. */
const HOURS = [7, 19];
/** Height of a lane, in px. */
const LANE = 30;
/** Snap of a drop, in minutes, by the number of days shown. */
const STEPS = { 1: 15, 7: 30, 14: 30 };

export class AfterSalesTimeline extends Component {
    static template = "after_sales_helpdesk.Timeline";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.keepLast = new KeepLast();
        this.LANE = LANE;
        const kept = this.props.state || {};
        this.state = useState({
            days: kept.days || (this.ui.isSmall ? 1 : 14),
            first: kept.first ? DateTime.fromISO(kept.first) : DateTime.local().startOf("day"),
            query: kept.query || "",
            filter: kept.filter || "",
            data: { rows: [], offs: {}, visits: {}, to_plan: [] },
            picked: null,
        });
        useSetupAction({
            getLocalState: () => ({
                days: this.state.days,
                first: this.state.first.toISODate(),
                query: this.state.query,
                filter: this.state.filter,
            }),
        });
        this.searchToPlan = useDebounced(() => this.load(), 300);
        onWillStart(() => this.load());
    }

    async load() {
        const data = await this.keepLast.add(
            this.orm.call("after.sales.intervention", "get_timeline", [
                serializeDate(this.state.first),
                this.state.days,
                this.state.query,
            ])
        );
        for (const visit of Object.values(data.visits)) {
            visit.from = deserializeDateTime(visit.start);
            visit.to = deserializeDateTime(visit.stop);
        }
        this.hours = this.getHours(Object.values(data.visits));
        for (const key of Object.keys(data.offs)) {
            data.offs[key] = this.getBars(data.offs[key]);
        }
        for (const row of data.rows) {
            row.leaves = this.getBars(row.leaves);
            row.height = Math.max(1, ...row.visits.map((block) => block.lane + 1)) * LANE + 6;
            for (const block of row.visits) {
                Object.assign(block, { visit: data.visits[block.id] });
                block.bar = this.getBar(block.visit.from, block.visit.to);
            }
        }
        this.state.data = data;
    }

    // Geometry -------------------------------------------------------------------------------------------------------

    /** The hours of the day to show: more than usual when a visit lies outside of them. */
    getHours(visits) {
        let [from, to] = HOURS;
        for (const visit of visits) {
            if (!visit.from.hasSame(visit.to, "day")) {
                return [0, 24];
            }
            from = Math.min(from, visit.from.hour);
            to = Math.max(to, visit.to.hour + (visit.to.minute ? 1 : 0));
        }
        return [from, to];
    }

    /** Where a moment lies on the track, in percent of its width. */
    getPosition(moment) {
        const [from, to] = this.hours;
        const day = Math.round(moment.startOf("day").diff(this.state.first, "days").days);
        const hour = moment.hour + moment.minute / 60;
        const inside = Math.min(Math.max((hour - from) / (to - from), 0), 1);
        return (Math.min(Math.max(day + inside, 0), this.state.days) / this.state.days) * 100;
    }

    getBar(start, stop) {
        const left = this.getPosition(start);
        return { left, width: Math.max(this.getPosition(stop) - left, 0) };
    }

    getBars(stretches) {
        return stretches
            .map(([start, stop]) => this.getBar(deserializeDateTime(start), deserializeDateTime(stop)))
            .filter((bar) => bar.width > 0.01);
    }

    /** The moment under a point of the track, by the step of the zoom. */
    getMoment(ev, track, offset = 0) {
        const box = track.getBoundingClientRect();
        const share = Math.min(Math.max((ev.clientX - box.left - offset) / box.width, 0), 0.9999);
        const [from, to] = this.hours;
        const place = share * this.state.days;
        const step = STEPS[this.state.days] || 30;
        const minutes = Math.round((from * 60 + (place % 1) * (to - from) * 60) / step) * step;
        // By the clock of that day: on some days an hour is missing or comes twice.
        return this.state.first
            .plus({ days: Math.floor(place) })
            .set({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
    }

    // What is shown --------------------------------------------------------------------------------------------------

    get columns() {
        const today = DateTime.local().startOf("day");
        return Array.from({ length: this.state.days }, (_, index) => {
            const day = this.state.first.plus({ days: index });
            return {
                key: day.toISODate(),
                label: this.state.days === 1 ? day.toFormat("cccc d LLLL") : day.toFormat("ccc d LLL"),
                isToday: day.hasSame(today, "day"),
                isWeekend: day.weekday > 5,
            };
        });
    }

    /** Lines of the hours, in percent of the track; in the view of one day only. */
    get ticks() {
        if (this.state.days > 1) {
            return [];
        }
        const [from, to] = this.hours;
        return Array.from({ length: to - from }, (_, index) => ({
            label: from + index,
            left: (index / (to - from)) * 100,
        }));
    }

    get now() {
        const now = DateTime.local();
        const last = this.state.first.plus({ days: this.state.days });
        const [from, to] = this.hours;
        const shown = now >= this.state.first && now < last && now.hour >= from && now.hour < to;
        return shown ? this.getPosition(now) : null;
    }

    get rows() {
        const text = this.state.filter.trim().toLowerCase();
        return this.state.data.rows.filter((row) => `${row.name} ${row.skills}`.toLowerCase().includes(text));
    }

    get range() {
        const last = this.state.first.plus({ days: this.state.days - 1 });
        return this.state.days === 1
            ? formatDate(this.state.first)
            : `${formatDate(this.state.first)} – ${formatDate(last)}`;
    }

    /** A technician without a skill that the picked or dragged work needs. */
    lacksSkill(row) {
        const needed = this.state.picked?.skill_ids || [];
        return needed.some((id) => !row.skill_ids.includes(id));
    }

    getTitle({ visit, clash }) {
        const times = `${visit.from.toFormat("HH:mm")} – ${visit.to.toFormat("HH:mm")}`;
        const clashes = {
            visit: _t("Another visit at that time"),
            off: _t("Not at work at that time"),
        };
        return [visit.name, visit.customer, visit.city, visit.service, times, clashes[clash]]
            .filter(Boolean)
            .join("\n");
    }

    /** What fits into a block of an hour or two in the view of two weeks: the initials of the customer. */
    getShortLabel({ visit }) {
        const words = visit.customer.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
        const initials = words.slice(0, 2).map((word) => [...word][0].toUpperCase());
        return initials.join("") || visit.name.split("/").at(-1).replace(/^0+/, "");
    }

    getDeadline(item) {
        return item.deadline ? formatDate(deserializeDateTime(item.deadline)) : "";
    }

    isLate(item) {
        return item.deadline && deserializeDateTime(item.deadline) < DateTime.local();
    }

    // Moving about ---------------------------------------------------------------------------------------------------

    async show(first, days = this.state.days) {
        Object.assign(this.state, { first: first.startOf("day"), days });
        await this.load();
    }

    onToday() {
        return this.show(DateTime.local());
    }

    onShift(direction) {
        return this.show(this.state.first.plus({ days: direction * this.state.days }));
    }

    onDays(days) {
        return this.show(this.state.first, days);
    }

    onPickDate(ev) {
        const day = DateTime.fromISO(ev.target.value);
        return day.isValid ? this.show(day) : undefined;
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    // Planning -------------------------------------------------------------------------------------------------------

    /** Pick what waits for a date, to place it by a tap on a row: fingers do not drag. */
    onPick(item) {
        const same = this.state.picked?.model === item.model && this.state.picked?.id === item.id;
        this.state.picked = same ? null : { ...item, offset: 0 };
    }

    onDragStart(ev, item, from = false) {
        const box = ev.currentTarget.getBoundingClientRect();
        ev.dataTransfer.effectAllowed = "move";
        ev.dataTransfer.setData("text/plain", item.name);
        this.state.picked = { ...item, from, offset: from ? ev.clientX - box.left : 0 };
    }

    onDragEnd() {
        this.state.picked = null;
    }

    onDragOver(ev) {
        if (this.state.picked) {
            ev.preventDefault();
            ev.dataTransfer.dropEffect = "move";
        }
    }

    async onDrop(ev, row) {
        if (this.state.picked) {
            ev.preventDefault();
            await this.plan(row, this.getMoment(ev, ev.currentTarget, this.state.picked.offset));
        }
    }

    async onTapTrack(ev, row) {
        if (this.state.picked) {
            await this.plan(row, this.getMoment(ev, ev.currentTarget));
        }
    }

    async plan(row, moment) {
        const { model, id, from } = this.state.picked;
        this.state.picked = null;
        try {
            const planned = await this.orm.call("after.sales.intervention", "plan_on_timeline", [
                model || "after.sales.intervention",
                id,
                row.id,
                serializeDateTime(moment),
                from || false,
            ]);
            if (planned.warning) {
                this.notification.add(planned.warning, { type: "warning", title: planned.name });
            }
        } finally {
            await this.load();
        }
    }
}

registry.category("actions").add("after_sales_helpdesk.timeline", AfterSalesTimeline);
