package io.matriarch.dcs.kubernetes;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.EnumSet;
import java.util.Set;

/** What the kit can do to an {@link ApiCluster}. Sessions are unknown to Kubernetes. */
final class ApiControl implements StoreControl {
    private final ApiCluster cluster;
    private final TenantProvider provider;
    private final boolean endpoints;

    ApiControl(ApiCluster cluster, TenantProvider provider, boolean endpoints) {
        this.cluster = cluster;
        this.provider = provider;
        this.endpoints = endpoints;
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.complementOf(EnumSet.of(Ability.END_SESSION, Ability.COUNT_SESSIONS));
    }

    @Override
    public void stop() {
        cluster.each(cluster::kill);
    }

    @Override
    public void start() {
        cluster.each(cluster::restart);
        cluster.awaitServing();
    }

    @Override
    public void freeze() {
        cluster.each(cluster::freeze);
    }

    @Override
    public void thaw() {
        cluster.each(cluster::thaw);
        cluster.awaitServing();
    }

    /** API servers without their store take requests and can answer none. */
    @Override
    public void loseQuorum() {
        cluster.killStore();
    }

    @Override
    public void regainQuorum() {
        cluster.startStore();
        cluster.awaitServing();
    }

    @Override
    public Link link() {
        return Link.through(provider, provider.section(cluster.address(0))).orElseThrow();
    }

    /** As an object of the scope that no kind uses. */
    @Override
    public void plant(Scope scope, String key, String text) {
        var object = Json.object();
        object.put("apiVersion", "v1").put("kind", endpoints ? "Endpoints" : "ConfigMap");
        var metadata = object.putObject("metadata");
        metadata.put("name", scope.name() + "-" + key.replace('/', '-'));
        metadata.putObject("labels")
                .put("application", "patroni")
                .put("cluster-name", scope.name());
        metadata.putObject("annotations").put("value", text);
        cluster.admin()
                .create(
                        provider.tenant(scope.namespace())
                                .path(endpoints ? "endpoints" : "configmaps"),
                        object);
    }

    /** A restarted API server knows no change from before its start. */
    @Override
    public void forgetHistory() {
        stop();
        start();
    }

    @Override
    public Section badCredentials() {
        return provider.badCredentials();
    }
}
