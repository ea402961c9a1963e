package io.matriarch.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.StoreControl.Ability;
import java.util.Optional;

/**
 * Clients from which the store can be taken away so that connections fail: by stopping it or, where
 * that is not offered, by cutting their link.
 */
final class Severable {
    private final Bench bench;
    private final Optional<Link> link;

    Severable(Bench bench) {
        boolean stoppable = bench.offers(Ability.STOP);
        assumeTrue(
                stoppable || bench.offers(Ability.LINK),
                "not tested: the StoreControl offers neither STOP nor LINK");
        this.bench = bench;
        this.link = stoppable ? Optional.empty() : Optional.of(bench.link());
    }

    Client member(String name) {
        return link.map(way -> bench.member(name, way)).orElseGet(() -> bench.member(name));
    }

    /** From here on the store cannot be reached. */
    void sever() {
        link.ifPresentOrElse(Link::cut, bench::stop);
    }
}
