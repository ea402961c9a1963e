package io.matriarch.cli;

/** The values of {@code --format}, and the tree of {@code topology}, which is no value of it. */
enum Format {
    PRETTY,
    TSV,
    JSON,
    YAML,
    YML,
    TOPOLOGY;

    /** Drawn as a box with title and footer. */
    boolean isBox() {
        return this == PRETTY || this == TOPOLOGY;
    }
}
