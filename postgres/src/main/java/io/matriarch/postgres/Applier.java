package io.matriarch.postgres;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.Settings;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the instance to what the dynamic configuration and the cluster ask for. */
final class Applier {
    private static final Logger log = LoggerFactory.getLogger(Applier.class);

    private final Instance instance;
    private final Executor lane;
    private final Reloader reloader;
    private final Callbacks callbacks;
    private final SlotKeeper slots;
    private final BooleanSupplier busy;
    private final AtomicReference<Optional<Wish>> wish = new AtomicReference<>(Optional.empty());
    private Optional<PostgresConfig> loaded = Optional.empty();
    private Optional<ServerProcess> loadedBy = Optional.empty();
    private Optional<Role> loadedAs = Optional.empty();
    private Map<String, Object> cached = Map.of();
    private volatile Map<String, Object> configuredBy = Map.of();

    Applier(
            Instance instance,
            Executor lane,
            Reloader reloader,
            Callbacks callbacks,
            BooleanSupplier busy) {
        this.instance = instance;
        this.lane = lane;
        this.reloader = reloader;
        this.callbacks = callbacks;
        this.slots = new SlotKeeper(instance);
        this.busy = busy;
    }

    private record Wish(Settings settings, Optional<ClusterView> view) {}

    /**
     * Only the newest wish counts. The configuration itself is taken at once, so that an action
     * that is started next already has it.
     */
    void apply(Settings settings, Optional<ClusterView> view) {
        if (!busy.getAsBoolean() && !settings.document().equals(configuredBy)) {
            configure(settings.document());
        }
        wish.set(Optional.of(new Wish(settings, view)));
        again();
    }

    /** A wish that meets a running action is carried out when the action has ended. */
    void again() {
        lane.execute(this::applyNow);
    }

    void close() {
        lane.execute(slots::close);
    }

    private void applyNow() {
        if (busy.getAsBoolean()) {
            return;
        }
        try {
            Optional<Wish> next = wish.getAndSet(Optional.empty());
            if (next.isPresent()) {
                apply(next.get());
            }
        } catch (IOException e) {
            log.error("The configuration could not be applied: {}", e.toString());
        } catch (RuntimeException e) {
            log.error("The configuration could not be applied", e); // top of the lane
        }
    }

    private void apply(Wish next) throws IOException {
        Map<String, Object> document = next.settings().document();
        configure(document);
        boolean open = instance.postmaster().isPresent() && instance.state() == MemberState.RUNNING;
        if (!open) {
            return;
        }
        if (!document.equals(cached)) {
            DynamicCache.write(instance, document);
            cached = document;
        }
        reloadIfChanged();
        next.view().ifPresent(view -> slots.keep(next.settings(), view));
    }

    private void configure(Map<String, Object> document) {
        try {
            instance.configure(instance.setup().effective().apply(document));
            configuredBy = document;
        } catch (ConfigException e) {
            log.error("The configuration is kept as it was: {}", e.getMessage());
        }
    }

    /** Files are looked at once per configuration, server and role, not at every call. */
    private void reloadIfChanged() throws IOException {
        Optional<PostgresConfig> config = Optional.of(instance.config());
        Optional<ServerProcess> server = instance.postmaster();
        Optional<Role> role = Optional.of(instance.role());
        if (config.equals(loaded) && server.equals(loadedBy) && role.equals(loadedAs)) {
            return;
        }
        if (reloader.reload()) {
            callbacks.call(Callbacks.Event.ON_RELOAD, instance.role());
        }
        loaded = config;
        loadedBy = server;
        loadedAs = role;
    }
}
