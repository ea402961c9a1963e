package io.matriarch.benchmark;

import java.util.OptionalLong;

/** What is done to the primary. The key is for machines, the title for people. */
enum Fault {
    SWITCHOVER("switchover", "switchover to a candidate", OptionalLong.of(800)),
    POSTMASTER_KILLED("postmaster_killed", "postmaster killed", OptionalLong.of(1000)),
    NODE_LOST("node_lost", "node lost", OptionalLong.empty());

    private final String key;
    private final String title;
    private final OptionalLong markMillis;

    Fault(String key, String title, OptionalLong markMillis) {
        this.key = key;
        this.title = title;
        this.markMillis = markMillis;
    }

    String key() {
        return key;
    }

    String title() {
        return title;
    }

    /** What the median outage of Matriarch must not exceed; empty if only the peer is the mark. */
    OptionalLong markMillis() {
        return markMillis;
    }
}
