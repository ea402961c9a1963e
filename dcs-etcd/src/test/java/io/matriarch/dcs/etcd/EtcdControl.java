package io.matriarch.dcs.etcd;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the kit can do to an {@link EtcdCluster}. */
final class EtcdControl implements StoreControl {
    private static final Pattern REVISION = Pattern.compile("\"revision\":(\\d+)");
    private static final Pattern LEASES = Pattern.compile("found (\\d+) leases");

    private final EtcdCluster etcd;
    private final Optional<Section> badCredentials;
    private final UnaryOperator<Set<Ability>> offered;
    private final List<Integer> lost = new ArrayList<>();

    /**
     * @param badCredentials a section with a wrong password for a server that has users
     * @param offered what is left of the abilities in the present test
     */
    EtcdControl(
            EtcdCluster etcd,
            Optional<Section> badCredentials,
            UnaryOperator<Set<Ability>> offered) {
        this.etcd = etcd;
        this.badCredentials = badCredentials;
        this.offered = offered;
    }

    static Section section(String hosts) {
        return new Section("etcd3", Map.of("hosts", hosts));
    }

    @Override
    public Set<Ability> abilities() {
        Set<Ability> abilities = EnumSet.allOf(Ability.class);
        if (badCredentials.isEmpty()) {
            abilities.remove(Ability.BAD_CREDENTIALS);
        }
        if (etcd.size() < 3) {
            abilities.remove(Ability.QUORUM);
        }
        return offered.apply(abilities);
    }

    @Override
    public void stop() {
        each(etcd::kill);
    }

    @Override
    public void start() {
        each(etcd::launchAgain);
        etcd.awaitQuorum();
    }

    @Override
    public void freeze() {
        each(etcd::freeze);
    }

    @Override
    public void thaw() {
        each(etcd::thaw);
        etcd.awaitQuorum();
    }

    private void each(java.util.function.IntConsumer action) {
        IntStream.range(0, etcd.size()).forEach(action);
    }

    @Override
    public void loseQuorum() {
        lost.addAll(List.of(0, 1));
        lost.forEach(etcd::kill);
    }

    @Override
    public void regainQuorum() {
        lost.forEach(etcd::launchAgain);
        lost.clear();
        etcd.awaitQuorum();
    }

    @Override
    public Link link() {
        return Link.through(new EtcdProvider(), section(etcd.hosts())).orElseThrow();
    }

    @Override
    public void endSession(String session) {
        etcd.ctl("lease", "revoke", session);
    }

    @Override
    public int countSessions() {
        Matcher matcher = LEASES.matcher(etcd.ctl("lease", "list"));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    @Override
    public void plant(Scope scope, String key, String text) {
        etcd.put(scope.path() + "/" + key, text);
    }

    @Override
    public void forgetHistory() {
        Matcher matcher = REVISION.matcher(etcd.ctl("get", "x", "--write-out=json"));
        if (!matcher.find()) {
            throw new IllegalStateException("etcdctl shows no revision");
        }
        etcd.ctl("compact", matcher.group(1));
    }

    @Override
    public Section badCredentials() {
        return badCredentials.orElseThrow();
    }
}
