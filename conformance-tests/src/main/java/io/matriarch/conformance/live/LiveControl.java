package io.matriarch.conformance.live;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody else's store: only the way to it can be spoiled.
 *
 * @param section of the store, to which the plug-in can be led through proxies
 */
record LiveControl(DcsProvider provider, Section section) implements StoreControl {
    /** Nothing can be done unless the plug-in can be led through proxies. */
    static StoreControl of(DcsProvider provider, Section section) {
        Optional<Link> trial = Link.through(provider, section);
        trial.ifPresent(Link::close);
        return trial.isPresent() ? new LiveControl(provider, section) : StoreControl.none();
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.LINK);
    }

    @Override
    public Link link() {
        return Link.through(provider, section).orElseThrow();
    }
}
