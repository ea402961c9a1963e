package io.matriarch.conformance.containers;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import java.util.EnumSet;
import java.util.Set;

/**
 * What can be done to any server in a container.
 *
 * @param links whether its plug-in can be led through proxies
 */
record ContainerControl(StoreContainer store, boolean links) implements StoreControl {
    @Override
    public Set<Ability> abilities() {
        Set<Ability> abilities = EnumSet.of(Ability.STOP, Ability.FREEZE);
        if (links) {
            abilities.add(Ability.LINK);
        }
        return abilities;
    }

    @Override
    public void stop() {
        store.stop();
    }

    @Override
    public void start() {
        store.start();
    }

    @Override
    public void freeze() {
        store.freeze();
    }

    @Override
    public void thaw() {
        store.thaw();
    }

    @Override
    public Link link() {
        return Link.through(store.provider(), store.section()).orElseThrow();
    }
}
