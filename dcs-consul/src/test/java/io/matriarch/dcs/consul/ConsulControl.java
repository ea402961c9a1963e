package io.matriarch.dcs.consul;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the kit can do to {@link ConsulServers}, whose clients all use one agent. */
final class ConsulControl implements StoreControl {
    private static final Pattern ID = Pattern.compile("\"ID\":");

    private final ConsulServers consul;
    private final Section badCredentials;

    /**
     * @param badCredentials a section with a token that a server with ACLs does not know
     */
    ConsulControl(ConsulServers consul, Section badCredentials) {
        this.consul = consul;
        this.badCredentials = badCredentials;
    }

    static Section section(ConsulServers consul) {
        return new Section("consul", Map.of("host", consul.host(consul.agent())));
    }

    /** Consul has no history that a watch resumes from, so none can be dropped. */
    @Override
    public Set<Ability> abilities() {
        Set<Ability> abilities = EnumSet.allOf(Ability.class);
        abilities.remove(Ability.FORGET_HISTORY);
        if (consul.size() < 3) {
            abilities.remove(Ability.QUORUM);
        }
        return abilities;
    }

    private void each(IntConsumer action) {
        IntStream.range(0, consul.size()).forEach(action);
    }

    @Override
    public void stop() {
        each(consul::kill);
    }

    @Override
    public void start() {
        each(consul::launchAgain);
        consul.awaitServing();
    }

    @Override
    public void freeze() {
        each(consul::freeze);
    }

    @Override
    public void thaw() {
        each(consul::thaw);
        consul.awaitServing();
    }

    @Override
    public void loseQuorum() {
        List.of(0, 1).forEach(consul::kill);
    }

    @Override
    public void regainQuorum() {
        List.of(0, 1).forEach(consul::launchAgain);
        consul.awaitServing();
    }

    @Override
    public Link link() {
        return Link.through(new ConsulProvider(), section(consul)).orElseThrow();
    }

    @Override
    public void endSession(String session) {
        consul.api("PUT", "/v1/session/destroy/" + session, "");
    }

    @Override
    public int countSessions() {
        String sessions = consul.api("GET", "/v1/session/list", "");
        return (int) ID.matcher(sessions).results().count();
    }

    @Override
    public void plant(Scope scope, String key, String text) {
        consul.api("PUT", "/v1/kv" + scope.path() + "/" + key, text);
    }

    @Override
    public Section badCredentials() {
        return badCredentials;
    }
}
