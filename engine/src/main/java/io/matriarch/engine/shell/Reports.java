package io.matriarch.engine.shell;

import io.matriarch.engine.port.MemberReport;

/** Copies of a report. */
final class Reports {
    private Reports() {}

    static MemberReport withoutLease(MemberReport r) {
        return new MemberReport(
                r.name(),
                r.scope(),
                r.local(),
                false,
                r.view(),
                r.lastView(),
                r.settings(),
                r.tags(),
                r.action(),
                r.rule(),
                r.message(),
                r.dcsLastSeen(),
                r.scheduledRestart(),
                r.nextRun());
    }
}
