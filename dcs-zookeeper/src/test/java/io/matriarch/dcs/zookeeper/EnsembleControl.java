package io.matriarch.dcs.zookeeper;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What the kit can do to an {@link Ensemble}. Sessions are counted as far as something is bound to
 * them: a connection without a session does not exist in ZooKeeper.
 */
final class EnsembleControl implements StoreControl {
    private static final Pattern BOUND = Pattern.compile("Sessions with Ephemerals \\((\\d+)\\)");

    private final Ensemble ensemble;
    private final Optional<Section> badCredentials;
    private final UnaryOperator<Set<Ability>> offered;

    /**
     * @param offered what is left of the abilities in the present test
     */
    EnsembleControl(
            Ensemble ensemble,
            Optional<Section> badCredentials,
            UnaryOperator<Set<Ability>> offered) {
        this.ensemble = ensemble;
        this.badCredentials = badCredentials;
        this.offered = offered;
    }

    static Section section(String hosts) {
        return new Section("zookeeper", Map.of("hosts", hosts));
    }

    @Override
    public Set<Ability> abilities() {
        Set<Ability> abilities = EnumSet.allOf(Ability.class);
        // Watches of ZooKeeper do not resume from a history that could be dropped.
        abilities.remove(Ability.FORGET_HISTORY);
        if (badCredentials.isEmpty()) {
            abilities.remove(Ability.BAD_CREDENTIALS);
        }
        if (ensemble.size() < 3) {
            abilities.remove(Ability.QUORUM);
        }
        return offered.apply(abilities);
    }

    @Override
    public void stop() {
        each(ensemble::kill);
    }

    @Override
    public void start() {
        each(ensemble::launchAgain);
        ensemble.awaitServing();
    }

    @Override
    public void freeze() {
        each(ensemble::freeze);
    }

    @Override
    public void thaw() {
        each(ensemble::thaw);
        ensemble.awaitServing();
    }

    @Override
    public void loseQuorum() {
        ensemble.kill(0);
        ensemble.kill(1);
    }

    @Override
    public void regainQuorum() {
        ensemble.launchAgain(0);
        ensemble.launchAgain(1);
        ensemble.awaitServing();
    }

    private void each(IntConsumer action) {
        IntStream.range(0, ensemble.size()).forEach(action);
    }

    @Override
    public Link link() {
        return Link.through(new ZooKeeperProvider(), section(ensemble.hosts())).orElseThrow();
    }

    @Override
    public void endSession(String session) {
        Operator.at(ensemble.hosts()).endSession(Long.parseUnsignedLong(session, 16));
    }

    @Override
    public int countSessions() {
        return IntStream.range(0, ensemble.size())
                .map(server -> bound(ensemble.ask(server, "dump")))
                .max()
                .orElse(0);
    }

    private static int bound(String dump) {
        Matcher matcher = BOUND.matcher(dump);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** A member record is bound to a session, and so it can have no znode below it. */
    @Override
    public void plant(Scope scope, String key, String text) {
        if (key.startsWith("members/") && key.indexOf('/', "members/".length()) > 0) {
            return;
        }
        Operator.at(ensemble.hosts()).put(scope.path() + "/" + key, text);
    }

    @Override
    public Section badCredentials() {
        return badCredentials.orElseThrow();
    }
}
