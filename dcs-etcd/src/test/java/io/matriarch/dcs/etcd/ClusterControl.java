package io.matriarch.dcs.etcd;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.Scope;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The control of a cluster that may have a member in trouble. What concerns all servers is offered
 * only while all are well.
 */
record ClusterControl(EtcdControl all, BooleanSupplier well) implements StoreControl {
    @Override
    public Set<Ability> abilities() {
        Set<Ability> abilities = EnumSet.copyOf(all.abilities());
        abilities.remove(Ability.BAD_CREDENTIALS);
        if (!well.getAsBoolean()) {
            abilities.removeAll(Set.of(Ability.STOP, Ability.FREEZE, Ability.QUORUM));
        }
        return abilities;
    }

    @Override
    public void stop() {
        all.stop();
    }

    @Override
    public void start() {
        all.start();
    }

    @Override
    public void freeze() {
        all.freeze();
    }

    @Override
    public void thaw() {
        all.thaw();
    }

    @Override
    public void loseQuorum() {
        all.loseQuorum();
    }

    @Override
    public void regainQuorum() {
        all.regainQuorum();
    }

    @Override
    public Link link() {
        return all.link();
    }

    @Override
    public void endSession(String session) {
        all.endSession(session);
    }

    @Override
    public int countSessions() {
        return all.countSessions();
    }

    @Override
    public void plant(Scope scope, String key, String text) {
        all.plant(scope, key, text);
    }

    @Override
    public void forgetHistory() {
        all.forgetHistory();
    }
}
